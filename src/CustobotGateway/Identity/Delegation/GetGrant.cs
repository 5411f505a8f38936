using CustobotGateway.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation;

/// <summary>One grant.</summary>
public static class GetGrant
{
    internal static void Map(RouteGroupBuilder grants) => grants
        .MapGet("/{id}", HandleAsync).WithName("getGrant").RequireGrantReader()
        .WithSummary("Read a grant")
        .WithDescription("Who may do what for whom, how it stands, and the person's preferences. For the grant's own agent, a client that manages the person's grants, and staff.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<GrantView>, ProblemHttpResult>> HandleAsync(string id, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, cancellationToken)).ToHttp();

    /// <summary>Reads it.</summary>
    public static async Task<Outcome<GrantView>> RunAsync(GrantContext grants, GrantActor actor, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        var row = grants.Note("grant.read", actor, id, await GrantRow.AllowAsync(connection, null, id, actor, GrantRight.Read, cancellationToken));
        return row.Succeeded ? row.Value.ToView(actor.Caller.NowBy(grants.Clock)) : row.Problem!;
    }
}
