using System.Text.Json;
using CustobotGateway.Checkout.Carts;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Negotiation;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>An agent says what it wants to buy and is shown what it would pay.</summary>
public static class OpenCheckoutSession
{
    /// <summary>One of <paramref name="LineItems"/>, <paramref name="QuoteId"/> and <paramref name="CartId"/>; the rest may be left out.</summary>
    /// <param name="LineItems">1 to 50 products at their catalogue prices, each once.</param>
    /// <param name="QuoteId">An agreed quote, <c>quo_…</c>, at its price.</param>
    /// <param name="CartId">A cart, <c>crt_…</c>, with its products, codes and buyer.</param>
    /// <param name="Discounts">Discount codes.</param>
    /// <param name="Fulfillment">Where the goods go and how.</param>
    /// <param name="Buyer">Who buys.</param>
    /// <param name="Attribution">Where the buyer came from: up to 20 texts, handed on as they are.</param>
    public sealed record Request(
        IReadOnlyList<RequestedItem>? LineItems = null, string? QuoteId = null, string? CartId = null, DiscountCodes? Discounts = null, FulfillmentRequest? Fulfillment = null,
        Buyer? Buyer = null, IReadOnlyDictionary<string, string>? Attribution = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request).Must(request => new object?[] { request.LineItems, request.QuoteId, request.CartId }.Count(one => one is not null) == 1)
                .OverridePropertyName("").WithErrorCode("invalid").WithMessage("One of 'line_items', 'quote_id' and 'cart_id' is needed, and no second.");
            this.LineItems(request => request.LineItems);
            RuleFor(request => request.QuoteId).Length(1, 64).When(request => request.QuoteId is not null);
            RuleFor(request => request.CartId).Length(1, 64).When(request => request.CartId is not null);
            this.Discounts(request => request.Discounts);
            RuleFor(request => request.Fulfillment).SetValidator(new FulfillmentValidator()!);
            RuleFor(request => request.Buyer).SetValidator(new BuyerValidator()!);
            this.Attribution(request => request.Attribution);
        }
    }

    /// <summary>What opening came to.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="IsNew">Whether it was made; else the cart has it already.</param>
    public sealed record Opened(CheckoutSession Session, bool IsNew);

    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapPost("/", HandleAsync).WithName("openCheckoutSession").CanDryRun().Validate<Request>().RequireScope(Scopes.Checkout)
        .WithSummary("Open a checkout session")
        .WithDescription("From products at their catalogue prices, from a quote at its price, or from a cart; prices never come from the request. The answer tells what it would cost and, in messages, what is missing: a session that is ready_for_complete can be paid at the prices that it shows until it expires. A cart that has an open session is answered 200 with that session.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<CheckoutSession>, Ok<CheckoutSession>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, pricer, writes, clock, cancellationToken);
        return !outcome.Succeeded ? outcome.Problem!.ToHttp()
            : outcome.Value.IsNew ? TypedResults.Created($"/v1/checkout_sessions/{outcome.Value.Session.Id}", outcome.Value.Session)
            : TypedResults.Ok(outcome.Value.Session);
    }

    /// <summary>Opens the session.</summary>
    internal static Task<Outcome<Opened>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync<Opened>(new WriteAttempt(agent, "checkout_sessions", idempotencyKey, request), async transaction =>
        {
            if (agent.GrantId is null)
            {
                return IdentityProblems.MandateRequired.With("Only an agent with a grant can buy.");
            }
            var now = agent.NowBy(clock);
            if (request.CartId is not null)
            {
                return await FromCartAsync(request, agent, pricer, transaction, now, cancellationToken);
            }
            // A quote is locked before the grant, as everywhere.
            BindingQuote? quote = null;
            if (request.QuoteId is not null)
            {
                var found = await Quotes.FindAsync(transaction, request.QuoteId, agent, now, cancellationToken);
                if (!found.Succeeded)
                {
                    // A grant that has ended says more than its quote, which ended with it.
                    return await GrantGate.RefusalAsync(transaction, agent, now, cancellationToken) ?? found.Problem!;
                }
                quote = found.Value;
            }
            return await OpenAsync(Ask(request, quote), request, agent, pricer, transaction, now, cancellationToken);
        }, cancellationToken);

    private static Asked Ask(Request request, BindingQuote? quote) =>
        new(quote is null ? request.LineItems! : [new RequestedItem(Ids.FromNumber("prd", quote.Product), quote.Quantity)])
        {
            Quote = quote,
            Discounts = request.Discounts,
            Fulfillment = request.Fulfillment,
            Buyer = request.Buyer,
            Attribution = request.Attribution,
        };

    private static async Task<Outcome<Opened>> FromCartAsync(
        Request request, AgentPrincipal agent, Pricer pricer, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The cart's row is held, so that two who open a session for it come one after another.
        if (await CartRow.FindAsync(transaction.Connection!, transaction, request.CartId!, agent, now, forUpdate: true, cancellationToken) is not { } cart)
        {
            return CommonProblems.NotFound.With($"There is no cart {request.CartId} of yours.");
        }
        if (await SessionRow.OfCartAsync(transaction, cart.Id, cancellationToken) is { } row)
        {
            if (row.ToSession(now) is { Status: not SessionStatus.Canceled } open)
            {
                return new Opened(open, IsNew: false);
            }
            await SessionEnding.EndAsync(transaction, row.Id, row.GrantId, SessionEnding.Gateway, new CheckoutExpired(row.ClientId ?? "", row.GrantId), now, cancellationToken);
        }
        // What the cart holds goes before what the request says.
        var asked = cart.Ask() with { Fulfillment = request.Fulfillment };
        return await OpenAsync(asked with
        {
            Discounts = asked.Discounts ?? request.Discounts,
            Buyer = asked.Buyer ?? request.Buyer,
            Attribution = asked.Attribution ?? request.Attribution,
        }, request, agent, pricer, transaction, now, cancellationToken);
    }

    private static async Task<Outcome<Opened>> OpenAsync(
        Asked asked, Request request, AgentPrincipal agent, Pricer pricer, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = Ids.New("cks", now);
        var priced = await PriceSession.RunAsync(asked, id, agent.GrantId, pricer, transaction, now, cancellationToken);
        if (!priced.Succeeded)
        {
            return priced.Problem!;
        }
        var (currency, document) = priced.Value;
        var row = new SessionRow(
            id, agent.GrantId!, agent.ClientId, document.IsReady ? "ready_for_complete" : "incomplete", currency, "[]", pricer.ExpiryOf(asked.Quote, now).UtcDateTime,
            request.QuoteId, request.CartId, null, document.ToJson(), null);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.sessions (id, grant_id, client_id, person, status, currency, line_items, document, quote_id, cart_id, total, expires_at, created_at, is_test)
            values (@Id, @GrantId, @ClientId, @OnBehalfOf, @Status, @Currency, @lines::jsonb, @Document::jsonb, @QuoteId, @CartId, @Payable, @ExpiresAt, @now, @IsTest)
            """,
            new
            {
                row.Id,
                row.GrantId,
                row.ClientId,
                agent.OnBehalfOf,
                row.Status,
                row.Currency,
                lines = JsonSerializer.Serialize(document.LineItems, Json.Options),
                row.Document,
                row.QuoteId,
                row.CartId,
                document.Payable,
                row.ExpiresAt,
                now,
                agent.IsTest,
            }, transaction, cancellationToken: cancellationToken));
        return new Opened(row.ToSession(now), IsNew: true);
    }
}
