using System.Globalization;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>
/// After recognition and before the rate limits: puts each caller into a lane and holds it to what the lane allows. A lane without rates costs some comparisons and
/// allocates nothing. The merchant's own administrators and staff have a lane like everybody, and are never refused by it: they could lock themselves out of changing it.
/// </summary>
internal sealed class Admission(RequestDelegate next, Func<CompiledLanes> lanes, LaneRates rates)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetCaller() is not { } caller)
        {
            return next(context);
        }
        var group = context.GetEndpoint() is { } endpoint ? RateGroupExtensions.GroupOf(endpoint) : RateGroup.Other;
        var choice = lanes().Choose(new CallerFacts(caller, group, context.Request));
        caller.Lane = choice.Lane.Name;
        caller.Rule = choice.Rule;
        if (IsOfTheHouse(context))
        {
            return next(context);
        }
        caller.PricesVisible = choice.Lane.PricesVisible;
        return !choice.Lane.Allows(group) ? ForbidAsync(context, caller, choice.Lane, group)
            : choice.Lane.RateOf(group) is { } rate ? CountAsync(context, caller, choice.Lane, group, rate)
            : next(context);
    }

    private Task CountAsync(HttpContext context, CallerDecision caller, CompiledLane lane, RateGroup group, RateLimit rate)
    {
        var lease = rates.Count(context, caller, lane.Name, group, rate);
        var name = $"lane-{lane.Name}-{NameOf(group)}";
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={rate.Permits};w={rate.WindowSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={lease.Remaining};t={lease.ResetSeconds}");
        if (lease.IsAcquired)
        {
            return next(context);
        }
        headers.CacheControl = "no-store";
        return Exceeded(context, caller, lane, group, rate, lease.ResetSeconds).AnswerAsync(context);
    }

    private static Task ForbidAsync(HttpContext context, CallerDecision caller, CompiledLane lane, RateGroup group)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Forbidden(context, caller, lane, group).AnswerAsync(context);
    }

    /// <summary>Whether the merchant's own people ask. Not GetAgent, which makes a principal for those who showed nothing.</summary>
    internal static bool IsOfTheHouse(HttpContext context) => context.Features.Get<AgentPrincipal>() is { } agent && (agent.IsAdministrator || agent.Roles.Count > 0);

    internal static Problem Forbidden(HttpContext context, CallerDecision caller, CompiledLane lane, RateGroup group) =>
        LaneProblems.LaneForbids.With($"The lane '{lane.Name}' does not offer {NameOf(group)}.", remedy: LaneRemedies.For(context, caller));

    internal static Problem Exceeded(HttpContext context, CallerDecision caller, CompiledLane lane, RateGroup group, RateLimit rate, int resetSeconds) => LaneProblems.LaneRateExceeded.With(
        $"The lane '{lane.Name}' lets {rate.Permits} requests of {NameOf(group)} through in {rate.WindowSeconds} seconds, and these were more.",
        remedy: LaneRemedies.For(context, caller), retryAfterSeconds: resetSeconds);

    private static string NameOf(RateGroup group) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(group.ToString());
}
