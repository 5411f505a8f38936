using System.Collections.Frozen;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Common.RateLimits;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>Holds a field to what REST's route of the same operation asks of its callers: a scope or role, the caller's lane, the limits of its group, whether it can be tried only.</summary>
internal sealed class FieldAccess(EndpointDataSource routes, AccessOptions options, PartAdmission lanes, RateWindows windows, RateLimitOptions limits)
{
    // The routes are complete when the first request comes, and not before.
    private readonly Lazy<FrozenDictionary<string, Endpoint>> _routes = new(() => routes.Endpoints
        .Where(route => route.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
        .ToFrozenDictionary(route => route.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, StringComparer.Ordinal));

    /// <summary>Throws what refuses the caller.</summary>
    public async ValueTask HoldAsync(string operation, FieldCall call)
    {
        var route = _routes.Value[operation];
        if (LackOf(route.Metadata.GetRequiredMetadata<RouteAccess>(), call.Agent) is { } lack)
        {
            throw Problems.ToException(lack);
        }
        if (call.Agent.IsDryRun && route.Metadata.GetMetadata<Rehearsal>() is null && !IsRead(route))
        {
            throw Problems.ToException(IdempotencyProblems.DryRunUnsupported.With("This write is done or not done; it cannot be tried."));
        }
        var group = RateGroupExtensions.GroupOf(route);
        // The request itself was held to the group of /graphql.
        if (group == RateGroupExtensions.GroupOf(call.Request.Http.GetEndpoint()!))
        {
            return;
        }
        if (lanes.RefusalOf(call.Request.Http, group) is { } forbidden)
        {
            throw Problems.ToException(forbidden);
        }
        if (!limits.Of(group).IsUnlimited && await windows.AskAsync(call.Request.Http, group, permits: 1) is { Lease.IsAcquired: false } over)
        {
            throw Problems.ToException(CommonProblems.TooManyRequests.With(
                $"{over.Limit.Permits} requests in {over.Limit.WindowSeconds} seconds are let through here, and these were more.", retryAfterSeconds: over.Lease.ResetSeconds));
        }
    }

    /// <summary>What the caller lacks; null if nothing.</summary>
    public Problem? LackOf(RouteAccess access, AgentPrincipal agent) => access.LackOf(agent, options) switch
    {
        Lack.Nothing => null,
        Lack.Token => CommonProblems.Unauthorized.With($"This field needs an access token with the scope '{access.Scope}'."),
        Lack.Role => CommonProblems.Forbidden.With($"This field needs one of the roles {string.Join(", ", access.Roles ?? ["administrator"])}, none of which the caller has."),
        _ => CommonProblems.InsufficientScope.With($"The token does not hold the scope {access.Scope}."),
    };

    private static bool IsRead(Endpoint route) => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) == true;
}
