using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.ResourceServer;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.Clients;

/// <summary>The merchant forgets a client: what it was granted ends with it, so that another of its name begins with nothing.</summary>
public static class DeleteClient
{
    internal static void Map(RouteGroupBuilder clients) => clients
        .MapDelete("/{id}", HandleAsync).WithName("deleteClient").CanDryRun().RequireAdministrator()
        .WithSummary("Delete an OAuth client")
        .WithDescription("Ends the client, every grant that it was given and every token that it holds, on every gateway within a second.")
        .ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, ClientStore store, GrantEnding ending, TimeProvider clock,
        CancellationToken cancellationToken) =>
        await RunAsync(id, idempotencyKey, agent, writes, store, ending, clock, cancellationToken) is { Succeeded: false } refused ? refused.Problem!.ToHttp() : TypedResults.NoContent();

    /// <summary>Deletes the client; how many grants ended with it.</summary>
    public static async Task<Outcome<ClientDeleted>> RunAsync(
        string id, string? idempotencyKey, AgentPrincipal agent, Writes writes, ClientStore store, GrantEnding ending, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(ending);
        var outcome = await writes.RunAsync<ClientDeleted>(new WriteAttempt(agent, $"clients/{id}/deletion", idempotencyKey, id), async transaction =>
        {
            var now = clock.GetUtcNow();
            if (!await ClientStore.LockAsync(transaction, id, cancellationToken))
            {
                return ListClients.NotFound(id);
            }
            var connection = transaction.Connection!;
            var actor = agent.ClientId ?? "administrator";
            string[] living = [.. await connection.QueryAsync<string>(new CommandDefinition(
                "select id from identity.grants where client_id = @id and revoked_at is null", new { id }, transaction, cancellationToken: cancellationToken))];
            var ended = await ending.RevokeThoseWithDependentsAsync(transaction, living, actor, now, cancellationToken);
            // One statement for all others: of its tokens and refresh families each is refused by the client's own revocation and by its grant.
            var grants = await connection.ExecuteAsync(new CommandDefinition(
                "update identity.grants set revoked_at = @now where client_id = @id and revoked_at is null", new { id, now }, transaction, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition("""
                update identity.refresh_families f set revoked_at = @now from identity.grants g where g.id = f.grant_id and g.client_id = @id and f.revoked_at is null;
                delete from identity.clients where client_id = @id
                """, new { id, now }, transaction, cancellationToken: cancellationToken));
            await Revocations.AddAsync(transaction, RevocationKind.Client, id, now, cancellationToken);
            await SharedVersions.CountAsync(transaction, SharedVersions.Clients, cancellationToken);
            var deleted = new ClientDeleted(id, ended + grants);
            await EventLog.AppendAsync(transaction, ClientStore.StreamOf(id), actor, now, deleted, cancellationToken);
            return deleted;
        }, cancellationToken);
        if (outcome.Succeeded)
        {
            await store.ForgetAsync(id, cancellationToken);
        }
        return outcome;
    }
}

/// <summary>A client was deleted.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Grants">How many grants ended with it.</param>
public sealed record ClientDeleted(string ClientId, int Grants) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "client.deleted";
}
