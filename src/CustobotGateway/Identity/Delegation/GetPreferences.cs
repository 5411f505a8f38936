using CustobotGateway.Common;
using CustobotGateway.Common.Preferences;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What the person would rather have.</summary>
public static class GetPreferences
{
    internal static void Map(RouteGroupBuilder grants) => grants
        .MapGet("/{id}/preferences", HandleAsync).WithName("getPreferences").RequireGrantReader()
        .WithSummary("Read the preferences of a grant")
        .WithDescription("What the person would rather have; an empty object where nothing was said. A search applies them with apply_preferences.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<BuyingPreferences>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, cancellationToken)).ToHttp();

    /// <summary>Reads them.</summary>
    public static async Task<Outcome<BuyingPreferences>> RunAsync(GrantContext grants, GrantActor actor, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        var grant = grants.Note("grant.read_preferences", actor, id, await GrantRow.AllowAsync(connection, null, id, actor, GrantRight.Read, cancellationToken));
        return grant.Succeeded ? grant.Value.ReadPreferences() : grant.Problem!;
    }
}
