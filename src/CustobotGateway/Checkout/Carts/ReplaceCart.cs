using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Carts;

/// <summary>The agent gathers something else.</summary>
public static class ReplaceCart
{
    internal static void Map(RouteGroupBuilder carts) => carts
        .MapPut("/{id}", HandleAsync).WithName("replaceCart").CanDryRun().Validate<CreateCart.Request>().RequireScope(Scopes.Checkout)
        .WithSummary("Replace a cart")
        .WithDescription("All of it: what is left out is gone. Its currency stays. A checkout session that was opened from it does not change.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Cart>, ProblemHttpResult>> HandleAsync(
        string id, CreateCart.Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, pricer, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Replaces the cart.</summary>
    internal static Task<Outcome<Cart>> RunAsync(
        string id, CreateCart.Request request, string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync<Cart>(new WriteAttempt(agent, $"carts/{id}", idempotencyKey, request), async transaction =>
        {
            var now = agent.NowBy(clock);
            if (await CartRow.FindAsync(transaction.Connection!, transaction, id, agent, now, forUpdate: true, cancellationToken) is not { } row)
            {
                return CommonProblems.NotFound.With($"There is no cart {id} of yours.");
            }
            var asked = CreateCart.Ask(request) with { Currency = row.Currency, Before = row.Read() };
            var priced = await PriceSession.RunAsync(asked, id, row.GrantId, pricer, transaction, now, cancellationToken, goodsOnly: true);
            if (!priced.Succeeded)
            {
                return priced.Problem!;
            }
            var cart = Cart.Of(id, row.Currency, now + Cart.Validity, priced.Value.Document);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "update checkout.carts set document = @document::jsonb, expires_at = @ExpiresAt where id = @Id",
                new { cart.Id, document = priced.Value.Document.ToJson(), cart.ExpiresAt }, transaction, cancellationToken: cancellationToken));
            return cart;
        }, cancellationToken);
}
