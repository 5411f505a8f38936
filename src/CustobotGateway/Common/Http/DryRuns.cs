using CustobotGateway.Common.Idempotency;

namespace CustobotGateway.Common.Http;

/// <summary>
/// A write is tried without doing it: <c>Prefer: dry-run</c> (RFC 7240). The answer is the one that the write would have, with <c>Preference-Applied: dry-run</c>, and
/// nothing has changed. A write that cannot be tried is refused rather than done: who asks for a rehearsal does not want the act.
/// </summary>
internal sealed class DryRuns(RequestDelegate next)
{
    private const string Preference = "dry-run";

    public Task InvokeAsync(HttpContext context)
    {
        if (!IsAsked(context.Request) || context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<RouteAccess>() is null)
        {
            return next(context);
        }
        var rehearsal = endpoint.Metadata.GetMetadata<Rehearsal>();
        if (rehearsal is null)
        {
            return IdempotencyProblems.DryRunUnsupported.With("This write is done or not done; it cannot be tried.").AnswerAsync(context);
        }
        if (rehearsal.ChangesState)
        {
            context.Response.Headers["Preference-Applied"] = Preference;
        }
        return next(context);
    }

    /// <summary>Whether the request prefers to be tried only. Reading has nothing to try.</summary>
    public static bool IsAsked(HttpRequest request) => request.Headers.ContainsKey("Prefer") && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && request.Headers["Prefer"].Any(header => header is not null && header.Split(',', ';').Any(IsPreference));

    private static bool IsPreference(string preference)
    {
        var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
        return parts[0].Equals(Preference, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>On a route that may be called with <c>Prefer: dry-run</c>.</summary>
/// <param name="ChangesState">Whether it changes anything when it is not tried only.</param>
public sealed record Rehearsal(bool ChangesState);

/// <summary>Says which routes can be tried.</summary>
public static class DryRunExtensions
{
    /// <summary>The routes write through <see cref="Writes"/> alone, with the caller that they were given: a dry run undoes all of it.</summary>
    public static TBuilder CanDryRun<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new Rehearsal(true));

    /// <summary>The route is called by POST and changes nothing.</summary>
    public static TBuilder OnlyReads<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new Rehearsal(false));
}
