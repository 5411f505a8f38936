using CustobotGateway.Common;
using CustobotGateway.GraphQL;

namespace CustobotGateway.GraphQLDoor;

/// <summary>Refusals as GraphQL says them.</summary>
internal static class Problems
{
    /// <summary>A refusal as an error: its code, its words, the arguments at fault.</summary>
    public static GraphQLException ToException(Problem problem)
    {
        var extensions = new Dictionary<string, object?>
        {
            ["type"] = "/problems/" + problem.Type.Code,
            ["status"] = problem.Type.Status,
        };
        if (problem.Errors.Count > 0)
        {
            extensions["errors"] = problem.Errors.Select(error => new Dictionary<string, object?> { ["pointer"] = error.Pointer, ["code"] = error.Code, ["detail"] = error.Detail }).ToArray();
        }
        if (problem.Remedy is { } remedy)
        {
            extensions["remedy"] = new Dictionary<string, object?> { ["text"] = remedy.Text, ["link"] = remedy.Link };
        }
        if (problem.RetryAfterSeconds is { } seconds)
        {
            extensions["retryAfter"] = seconds;
        }
        return new GraphQLException(problem.Detail, problem.Type.Code, extensions);
    }

    /// <summary>A refusal as a value of the type Refusal.</summary>
    public static IReadOnlyDictionary<string, object?> ToValue(Problem problem) => new Dictionary<string, object?>
    {
        ["__typename"] = "Refusal",
        ["code"] = problem.Type.Code,
        ["message"] = problem.Detail,
        ["type"] = "/problems/" + problem.Type.Code,
        ["errors"] = problem.Errors.Select(error => new Dictionary<string, object?> { ["pointer"] = error.Pointer, ["code"] = error.Code, ["detail"] = error.Detail }).ToArray(),
        ["remedy"] = problem.Remedy is { } remedy ? new Dictionary<string, object?> { ["text"] = remedy.Text, ["link"] = remedy.Link } : null,
    };

    /// <summary>An argument that is not valid.</summary>
    public static GraphQLException Invalid(string pointer, string code, string detail) =>
        ToException(CommonProblems.InvalidRequest.With(detail, [new FieldError(pointer, code, detail)]));
}
