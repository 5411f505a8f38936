using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Carts;

/// <summary>The agent gathers nothing any more.</summary>
public static class DeleteCart
{
    internal static void Map(RouteGroupBuilder carts) => carts
        .MapDelete("/{id}", HandleAsync).WithName("deleteCart").CanDryRun().RequireScope(Scopes.Checkout)
        .WithSummary("Delete a cart")
        .WithDescription("A checkout session that was opened from it goes on without it.")
        .Produces(204).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        await RunAsync(id, idempotencyKey, agent, writes, clock, cancellationToken) is { Problem: { } problem } ? problem.ToHttp() : TypedResults.NoContent();

    /// <summary>Deletes the cart.</summary>
    public static Task<Outcome<bool>> RunAsync(string id, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<bool>(new WriteAttempt(agent, $"carts/{id}", idempotencyKey, id), async transaction =>
        {
            if (await CartRow.FindAsync(transaction.Connection!, transaction, id, agent, agent.NowBy(clock), forUpdate: true, cancellationToken) is null)
            {
                return CommonProblems.NotFound.With($"There is no cart {id} of yours.");
            }
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("delete from checkout.carts where id = @id", new { id }, transaction, cancellationToken: cancellationToken));
            return true;
        }, cancellationToken);
    }
}
