using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>The policy that is in force.</summary>
public static class GetLanes
{
    internal static void Map(RouteGroupBuilder lanes) => lanes
        .MapGet("/lanes", HandleAsync).WithName("getLanes").RequireRole(LanesModule.Readers)
        .WithSummary("Read the lane policy")
        .WithDescription("Which lanes there are, what each allows at which rate, and which callers get which. Version 0 is the configuration's. The ETag is for If-Match of the next change.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Ok<StandingPolicy>> HandleAsync(HttpContext context, NpgsqlDataSource database, LanesInForce lanes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // From the database, since an ETag that another gateway has outdated would make the next change fail for nothing.
        var policy = await LaneStore.PolicyAsync(connection, null, cancellationToken) ?? lanes.Configured;
        context.Response.Headers.ETag = ETags.Tag(policy.Version);
        return TypedResults.Ok(policy);
    }
}
