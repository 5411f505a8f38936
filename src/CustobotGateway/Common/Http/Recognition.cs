using CustobotGateway.Common.Callers;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Challenges;
using Npgsql;

namespace CustobotGateway.Common.Http;

/// <summary>
/// After routing: refuses a body over the route's limit, finds out who calls, and holds the route's <see cref="RouteAccess"/>.
/// A public read without credentials passes with a few comparisons and no allocation. A token that is presented has to be right, on a public read too
/// (RFC 6750 §3.1): who believes to be known must not be answered as nobody.
/// </summary>
internal sealed class Recognition(RequestDelegate next, Credentials credentials, ApiResources resources, Refusals refusals, AccessOptions options)
{
    private static readonly OAuthError TokenInQuery = new(ErrorCodes.InvalidRequest, "A token is taken from the Authorization header alone; this one is in logs already: have it revoked.");
    private static readonly OAuthError ProofUsed = new(ErrorCodes.InvalidDpopProof, "The proof was used before.");

    public Task InvokeAsync(HttpContext context)
    {
        if (BodyLimits.Exceeds(context))
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Link = Discovery.DiscoveryModule.Links;
        }
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>() is not { } access)
        {
            return next(context);
        }
        if (context.Request.QueryString is { HasValue: true, Value: { } query } && query.Contains("access_token=", StringComparison.OrdinalIgnoreCase) && HasTokenInQuery(context))
        {
            return refusals.RefuseAsync(context, access, resources.Of(context.GetEndpoint()), TokenInQuery, usedDpop: false);
        }
        if (context.Request.Headers.Authorization.Count == 0)
        {
            return access.IsOpen(options) ? next(context) : refusals.RefuseAsync(context, access, Lack.Token, usedDpop: false);
        }
        var resource = resources.Of(context.GetEndpoint());
        if (PresentedToken.TryRead(context.Request.Headers.Authorization!, out var presented, out var error))
        {
            return RecognizeAsync(context, access, resource, presented);
        }
        // Credentials of another kind, such as a client's at the token endpoint, are none here.
        return error is not null && resource is not null ? refusals.RefuseAsync(context, access, resource, error, usedDpop: false)
            : access.IsOpen(options) ? next(context)
            : refusals.RefuseAsync(context, access, Lack.Token, usedDpop: false);
    }

    private bool HasTokenInQuery(HttpContext context) => resources.Of(context.GetEndpoint()) is not null && context.Request.Query.ContainsKey("access_token");

    private async Task RecognizeAsync(HttpContext context, RouteAccess access, ApiResource? resource, PresentedToken presented)
    {
        Recognized recognized;
        try
        {
            recognized = resource is not null ? await credentials.RecognizeAsync(presented, resource, context)
                : await credentials.RecognizeOpaqueAsync(presented.Token, context.RequestAborted) is { } known ? new Recognized(known)
                : new Recognized(AgentPrincipal.Anonymous);
            await HoldAsync(context, access, resource, presented, recognized);
        }
        catch (NpgsqlException) when (access.IsOpen(options) && !context.Response.HasStarted && context.Features.Get<AgentPrincipal>() is null)
        {
            // A public read is answered from memory while the database is away, also to one whose token cannot be looked up.
            await next(context);
        }
    }

    private async Task HoldAsync(HttpContext context, RouteAccess access, ApiResource? resource, PresentedToken presented, Recognized recognized)
    {
        if (recognized.Nonce is not null)
        {
            context.Response.Headers["DPoP-Nonce"] = recognized.Nonce;
        }
        if (recognized.Agent is not { } agent)
        {
            await refusals.RefuseAsync(context, access, resource, recognized.Error!, presented.IsDpop);
            return;
        }
        if (access.LackOf(agent, options) is not Lack.Nothing and var lack)
        {
            await refusals.RefuseAsync(context, access, lack, presented.IsDpop);
            return;
        }
        // Last, so that a request which is refused for anything else does not use the proof up.
        if (!await credentials.TryClaimAsync(recognized, context.RequestAborted))
        {
            await refusals.RefuseAsync(context, access, resource, ProofUsed, usedDpop: true);
            return;
        }
        context.Features.Set(agent);
        await next(context);
    }
}

/// <summary>The caller of a request.</summary>
public static class RecognitionExtensions
{
    /// <summary>Who calls; as <see cref="AgentPrincipal.Anonymous"/> when nobody was recognised.</summary>
    public static AgentPrincipal GetAgent(this HttpContext context)
    {
        var agent = context.Features.Get<AgentPrincipal>() ?? AgentPrincipal.Anonymous;
        if (context.GetCaller() is { } caller)
        {
            agent = agent with { Caller = caller };
        }
        return DryRuns.IsAsked(context.Request) ? agent with { IsDryRun = true } : agent;
    }
}
