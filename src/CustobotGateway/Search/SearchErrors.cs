using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <summary>Collects the faults of one request, so that a caller can mend all of them at once.</summary>
public sealed class SearchErrors
{
    private readonly List<(ProblemType Type, FieldError Error)> _errors = [];

    /// <summary>Whether no more are collected.</summary>
    public bool IsFull => _errors.Count >= SearchLimits.Errors;

    /// <summary>A fault that is a refusal of its own.</summary>
    public void Add(ProblemType type, string pointer, string detail) => Add(type, pointer, type.Code, detail);

    /// <summary>A fault that is only an instance of a wider refusal.</summary>
    public void Add(ProblemType type, string pointer, string code, string detail)
    {
        if (!IsFull)
        {
            _errors.Add((type, new FieldError(pointer, code, detail)));
        }
    }

    /// <summary>The refusal of the request: of the faults' own kind where they share one, else <c>invalid_request</c>; 422 only where every fault is one of meaning.</summary>
    public Problem ToProblem()
    {
        var type = _errors[0].Type;
        if (_errors.Exists(error => error.Type != type))
        {
            var malformed = _errors.Exists(error => error.Type.Status == 400);
            type = malformed ? CommonProblems.InvalidRequest : CommonProblems.InvalidRequest with { Status = 422 };
        }
        var detail = _errors.Count == 1 ? _errors[0].Error.Detail : $"{_errors.Count} faults, the first: {_errors[0].Error.Detail}";
        return type.With(detail, [.. _errors.ConvertAll(error => error.Error)]);
    }
}
