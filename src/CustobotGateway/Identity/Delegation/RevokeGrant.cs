using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The delegation ends; its token is refused from the commit on, by every gateway on the database.</summary>
public static class RevokeGrant
{
    internal static void Map(RouteGroupBuilder grants) => grants
        .MapDelete("/{id}", HandleAsync).WithName("revokeGrant").RequireAdministrator()
        .WithSummary("Revoke a grant")
        .WithDescription("Ends a grant at once, on every gateway. Revoking it again changes nothing and is answered the same.")
        .ProducesProblem(401).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        await RunAsync(id, agent, writes, clock, cancellationToken) is { Succeeded: false } refused ? refused.Problem!.ToHttp() : TypedResults.NoContent();

    /// <summary>Revokes the grant; the instant at which it was first revoked.</summary>
    public static Task<Outcome<DateTimeOffset>> RunAsync(
        string id, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        return writes.RunAsync<DateTimeOffset>(new WriteAttempt(agent, $"grants/{id}", null, id), async transaction =>
        {
            // The same lock that spending takes: an order that holds it is paid first, one that comes later is refused.
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<(string? Id, DateTime? RevokedAt)>(new CommandDefinition(
                "select id, revoked_at from identity.grants where id = @id for update", new { id }, transaction, cancellationToken: cancellationToken));
            if (row.Id is null)
            {
                return CommonProblems.NotFound.With($"There is no grant {id}.");
            }
            if (row.RevokedAt is { } earlier)
            {
                return new DateTimeOffset(earlier);
            }
            var now = clock.GetUtcNow();
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "update identity.grants set revoked_at = @now where id = @id", new { id, now }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, id, agent.ClientId!, now, new GrantRevoked(), cancellationToken);
            return now;
        }, cancellationToken);
    }
}
