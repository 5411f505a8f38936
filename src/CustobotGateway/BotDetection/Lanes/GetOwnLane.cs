using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>A caller asks for its own lane.</summary>
public static class GetOwnLane
{
    /// <summary>What the caller is taken for, and what its lane allows.</summary>
    /// <param name="Lane">The lane's name.</param>
    /// <param name="Class">The class.</param>
    /// <param name="Prices">Whether it is shown prices.</param>
    /// <param name="Groups">What it may call.</param>
    /// <param name="Remedy">What leads into another lane; null for a caller who has proved who it is.</param>
    public sealed record Response(string Lane, CallerClass Class, bool Prices, IReadOnlyList<GroupView> Groups, Remedy? Remedy);

    /// <summary>One group of endpoints.</summary>
    /// <param name="Group">The group.</param>
    /// <param name="Allowed">Whether the lane offers it.</param>
    /// <param name="Rate">How often; unlimited by the lane when null.</param>
    public sealed record GroupView(RateGroup Group, bool Allowed, RateLimit? Rate);

    internal static void Map(RouteGroupBuilder lanes) => lanes
        .MapGet("/lane", Handle).WithName("getOwnLane").AllowPublic()
        .WithSummary("Read the caller's own lane")
        .WithDescription("What this request's caller is taken for, which lane that leads to, what the lane allows, and what leads into another. Rules for a single group of endpoints are told where they act.")
        .ProducesProblem(404);

    private static Results<Ok<Response>, ProblemHttpResult> Handle(HttpContext context, LanesInForce lanes)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.GetCaller() is { Lane: { } name } caller && lanes.Current.Lanes.TryGetValue(name, out var lane)
            ? TypedResults.Ok(new Response(name, caller.Class, lane.PricesVisible,
                [.. Enum.GetValues<RateGroup>().Select(group => new GroupView(group, lane.Allows(group), lane.RateOf(group)))], LaneRemedies.BetterLane(context, caller)))
            : CommonProblems.NotFound.With("This gateway is set not to ask what callers are: they have no lanes.").ToHttp();
    }
}
