using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Common;

/// <summary>What an operation comes to: its result, or the problem that refuses it.</summary>
public readonly struct Outcome<T>
    where T : notnull
{
    private readonly T? _value;

    private Outcome(T? value, Problem? problem) => (_value, Problem) = (value, problem);

    /// <summary>The refusal, or null.</summary>
    public Problem? Problem { get; }

    /// <summary>Whether there is a result.</summary>
    public bool Succeeded => Problem is null;

    /// <summary>The result; only where <see cref="Succeeded"/>.</summary>
    public T Value => Problem is null ? _value! : throw new InvalidOperationException($"Refused: {Problem.Type.Code}");

    /// <summary>A result is an outcome.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A refusal is an outcome.</summary>
    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);

    /// <summary>200 with the result as JSON, or the problem.</summary>
    public Results<Ok<T>, ProblemHttpResult> ToHttp() =>
        Problem is null ? TypedResults.Ok(_value!) : Problem.ToHttp();
}

/// <summary>Problems as RFC 9457 answers.</summary>
public static class ProblemHttp
{
    /// <summary>The answer for a refusal: <c>application/problem+json</c> with code, errors and remedy.</summary>
    public static ProblemHttpResult ToHttp(this Problem problem)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = problem.Type.Code };
        if (problem.Errors.Count > 0)
        {
            extensions["errors"] = problem.Errors;
        }
        if (problem.Remedy is not null)
        {
            extensions["remedy"] = problem.Remedy;
        }
        if (problem.RetryAfterSeconds is { } seconds)
        {
            // ProblemDetailsHeaders copies this into Retry-After when the answer is written.
            extensions["retry_after"] = seconds;
        }
        return TypedResults.Problem(problem.Detail, statusCode: problem.Type.Status, title: problem.Type.Title,
            type: "/problems/" + problem.Type.Code, extensions: extensions);
    }
}
