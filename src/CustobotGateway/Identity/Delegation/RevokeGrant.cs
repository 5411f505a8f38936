using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The delegation ends; its token is refused from the commit on, by every gateway on the database.</summary>
public static class RevokeGrant
{
    internal static void Map(RouteGroupBuilder grants) => grants
        .MapDelete("/{id}", HandleAsync).WithName("revokeGrant").RequireRole("grant_operator")
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
            var now = clock.GetUtcNow();
            // Takes the same lock that spending takes: an order that holds it is paid first, one that comes later is refused.
            if (await AuthorizationServer.Grants.RevokeAsync(transaction, id, agent.ClientId!, now, cancellationToken))
            {
                return now;
            }
            return await transaction.Connection!.QuerySingleOrDefaultAsync<DateTime?>(new CommandDefinition(
                "select revoked_at from identity.grants where id = @id", new { id }, transaction, cancellationToken: cancellationToken)) is { } earlier
                ? new DateTimeOffset(earlier)
                : CommonProblems.NotFound.With($"There is no grant {id}.");
        }, cancellationToken);
    }
}
