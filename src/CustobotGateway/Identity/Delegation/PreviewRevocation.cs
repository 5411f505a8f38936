using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What ends with a grant, before it is revoked and afterwards.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="RevokedAt">When it was revoked; null while it is not, and the rest then says what would end now.</param>
/// <param name="Ends">What ends, or ended, with it.</param>
public sealed record RevocationPreview(string GrantId, GrantStatus Status, DateTimeOffset? RevokedAt, IReadOnlyList<GrantDependent> Ends);

/// <summary>Tells what revoking a grant will end, so that nobody does it blindly.</summary>
public static class PreviewRevocation
{
    // The revocation is the last event but for what is refunded and released afterwards.
    private const int EventsToLookAt = 1_000;

    internal static void Map(RouteGroupBuilder grants) => grants
        .MapGet("/{id}/revocation", HandleAsync).WithName("previewRevocation").RequireGrantManager()
        .WithSummary("See what revoking a grant ends")
        .WithDescription("Every token, code, approval, hold, open negotiation, quote and checkout session that ends with the grant; of one that was revoked, what ended with it. Access tokens are named together, with the time until which the last of them would be valid.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<RevocationPreview>, ProblemHttpResult>> HandleAsync(string id, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, cancellationToken)).ToHttp();

    /// <summary>Reads it.</summary>
    public static async Task<Outcome<RevocationPreview>> RunAsync(GrantContext grants, GrantActor actor, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        return grants.Note("grant.preview_revocation", actor, id, await ReadAsync(grants, connection, null, id, actor, cancellationToken));
    }

    internal static async Task<Outcome<RevocationPreview>> ReadAsync(
        GrantContext grants, NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, GrantActor actor, CancellationToken cancellationToken)
    {
        var grant = await GrantRow.AllowAsync(connection, transaction, id, actor, GrantRight.Audit, cancellationToken);
        if (!grant.Succeeded)
        {
            return grant.Problem!;
        }
        var now = actor.Caller.NowBy(grants.Clock);
        var ends = grant.Value.RevokedAt is null
            ? await grants.Ending.ListAsync(connection, transaction, id, now, cancellationToken)
            : (await EventLog.ReadLastAsync(connection, id, EventsToLookAt, null, cancellationToken)).FirstOrDefault(entry => entry.Type == GrantRevoked.Type)?.Read<GrantRevoked>().Ends ?? [];
        return new RevocationPreview(id, grant.Value.StatusAt(now), GrantRow.Time(grant.Value.RevokedAt), ends);
    }
}
