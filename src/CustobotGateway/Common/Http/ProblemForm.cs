namespace CustobotGateway.Common.Http;

/// <summary>On an endpoint whose callers read another standard's errors: how it tells what its surroundings found wrong.</summary>
/// <param name="WriteAsync">Writes the whole answer.</param>
public sealed record ProblemForm(Func<HttpContext, Problem, Task> WriteAsync);

/// <summary>Answers with problems from outside of the endpoints.</summary>
internal static class ProblemAnswers
{
    /// <summary>Answers in the endpoint's own form, or as problem details (RFC 9457); with the trace id, by which it is found in the log, where the fault is here.</summary>
    public static Task AnswerAsync(this Problem problem, HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ProblemForm>() is { } form)
        {
            return form.WriteAsync(context, problem);
        }
        var answer = problem.ToHttp();
        if (problem.Type.Status >= 500)
        {
            answer.ProblemDetails.Extensions["trace_id"] = context.GetTraceId();
        }
        return answer.ExecuteAsync(context);
    }
}
