using System.Diagnostics;
using CustobotGateway.Common.Database;
using Npgsql;

namespace CustobotGateway.Common.Http;

/// <summary>
/// The outermost middleware: whatever fails inside, be it an exception or a bare status code of the framework, leaves as a problem
/// with a code. It costs a request that succeeds one comparison.
/// </summary>
internal sealed partial class Failures(RequestDelegate next, MigrateAtStart migration, ILogger<Failures> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        Task task;
        try
        {
            task = next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            return AnswerAsync(context, exception);
        }
        // No state machine for the common case: a request that ended well before the first await that had to wait.
        return task.IsCompletedSuccessfully && context.Response.StatusCode < 400 ? Task.CompletedTask : AwaitAsync(context, task);
    }

    private async Task AwaitAsync(HttpContext context, Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
            return;
        }
        var response = context.Response;
        if (response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
        {
            await ProblemOf(context, response.StatusCode).AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to read an answer; 499 is what proxies write in their logs for this.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: not StatusCodes.Status400BadRequest } bad => ProblemOf(context, bad.StatusCode),
            BadHttpRequestException bad => BindingFailures.Describe(bad),
            System.Text.Json.JsonException json => BindingFailures.Describe(json),
            NpgsqlException database => DatabaseFailures.Describe(database, migration.IsDone),
            _ => null,
        };
        // Headers that the failed handler set (ETag, Link, Cache-Control) describe an answer that is not given.
        context.Response.Clear();
        if (problem is null)
        {
            LogUnexpected(logger, exception, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no route", context.GetTraceId());
            problem = CommonProblems.InternalError.With("The request failed here through no fault of its own. Quote trace_id when you report it.");
        }
        else if (problem.Type.Status >= 500)
        {
            LogDatabaseUnavailable(logger, exception.GetType().Name, context.GetTraceId());
        }
        await problem.AnswerAsync(context);
    }

    private static Problem ProblemOf(HttpContext context, int status) => status switch
    {
        StatusCodes.Status401Unauthorized => CommonProblems.Unauthorized.With("The operation needs credentials that the request did not carry."),
        StatusCodes.Status403Forbidden => CommonProblems.Forbidden.With("The caller's permissions do not cover this operation."),
        StatusCodes.Status404NotFound => CommonProblems.NotFound.With("There is nothing at this address. /.well-known/api-catalog and /llms.txt list what there is."),
        StatusCodes.Status405MethodNotAllowed => CommonProblems.MethodNotAllowed.With(
            $"{context.Request.Method} is not offered here; Allow: {context.Response.Headers.Allow}."),
        StatusCodes.Status406NotAcceptable => CommonProblems.NotAcceptable.With("None of the media types in Accept is offered here."),
        StatusCodes.Status408RequestTimeout => CommonProblems.RequestTimeout.With("The request body did not arrive in time."),
        StatusCodes.Status413PayloadTooLarge => CommonProblems.BodyTooLarge.With(BodyLimits.Describe(context)),
        StatusCodes.Status415UnsupportedMediaType => CommonProblems.UnsupportedMediaType.With(
            $"Content-Type is '{context.Request.ContentType}'; this operation reads {AcceptedTypes(context)}."),
        StatusCodes.Status429TooManyRequests => CommonProblems.TooManyRequests.With("These were more requests than are let through."),
        >= 500 => CommonProblems.InternalError.With("The request failed here through no fault of its own."),
        _ => new ProblemType(CommonProblems.InvalidRequest.Code, status, CommonProblems.InvalidRequest.Title, CommonProblems.InvalidRequest.Help)
            .With("The request could not be read."),
    };

    private static string AcceptedTypes(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>() is { ContentTypes.Count: > 0 } accepts
            ? string.Join(", ", accepts.ContentTypes)
            : "application/json";

    [LoggerMessage(1, LogLevel.Error, "{Method} {Route} failed, trace {TraceId}")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string method, string route, string traceId);

    [LoggerMessage(2, LogLevel.Warning, "The database was not available ({Exception}), trace {TraceId}")]
    private static partial void LogDatabaseUnavailable(ILogger logger, string exception, string traceId);
}

/// <summary>The id that finds a request in logs and traces.</summary>
public static class TraceIds
{
    private sealed record Made(string Id);

    /// <summary>The W3C trace id of the request: of the trace that runs, else of the caller's <c>traceparent</c>, else one made now.</summary>
    public static string GetTraceId(this HttpContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return activity.TraceId.ToHexString();
        }
        if (ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var parent))
        {
            return parent.TraceId.ToHexString();
        }
        if (context.Features.Get<Made>() is { } made)
        {
            return made.Id;
        }
        made = new Made(ActivityTraceId.CreateRandom().ToHexString());
        context.Features.Set(made);
        return made.Id;
    }
}
