using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Carts;

/// <summary>An agent begins to gather what it may buy.</summary>
public static class CreateCart
{
    /// <param name="LineItems">1 to 50 products, each once.</param>
    /// <param name="Discounts">Discount codes.</param>
    /// <param name="Buyer">Who buys.</param>
    /// <param name="Attribution">Where the buyer came from: up to 20 texts, handed on as they are.</param>
    public sealed record Request(
        IReadOnlyList<RequestedItem> LineItems, DiscountCodes? Discounts = null, Buyer? Buyer = null, IReadOnlyDictionary<string, string>? Attribution = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            this.LineItems(request => request.LineItems);
            this.Discounts(request => request.Discounts);
            RuleFor(request => request.Buyer).SetValidator(new BuyerValidator()!);
            this.Attribution(request => request.Attribution);
        }
    }

    internal static void Map(RouteGroupBuilder carts) => carts
        .MapPost("/", HandleAsync).WithName("createCart").CanDryRun().Validate<Request>().RequireScope(Scopes.Checkout)
        .WithSummary("Create a cart")
        .WithDescription("Gathers products without buying them: no tax, no shipping, and prices that bind nobody. It is kept for 30 days after it was last changed. Open a checkout session with its id to buy.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Cart>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, pricer, writes, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/carts/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Creates the cart.</summary>
    internal static Task<Outcome<Cart>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync<Cart>(new WriteAttempt(agent, "carts", idempotencyKey, request), async transaction =>
        {
            if (agent.GrantId is null)
            {
                return IdentityProblems.MandateRequired.With("Only an agent with a grant has carts.");
            }
            var now = agent.NowBy(clock);
            var id = Ids.New("crt", now);
            var priced = await PriceSession.RunAsync(Ask(request), id, agent.GrantId, pricer, transaction, now, cancellationToken, goodsOnly: true);
            if (!priced.Succeeded)
            {
                return priced.Problem!;
            }
            var (currency, document) = priced.Value;
            var cart = Cart.Of(id, currency, now + Cart.Validity, document);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                insert into checkout.carts (id, grant_id, client_id, person, currency, document, created_at, expires_at, is_test)
                values (@Id, @GrantId, @ClientId, @OnBehalfOf, @Currency, @document::jsonb, @now, @ExpiresAt, @IsTest)
                """, new { cart.Id, agent.GrantId, agent.ClientId, agent.OnBehalfOf, cart.Currency, document = document.ToJson(), now, cart.ExpiresAt, agent.IsTest }, transaction, cancellationToken: cancellationToken));
            return cart;
        }, cancellationToken);

    internal static Asked Ask(Request request) => new(request.LineItems) { Discounts = request.Discounts, Buyer = request.Buyer, Attribution = request.Attribution };
}
