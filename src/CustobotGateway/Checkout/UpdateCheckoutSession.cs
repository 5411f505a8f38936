using System.Text.Json;
using System.Text.Json.Serialization;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Negotiation;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>The agent changes what it is about to buy, or says what was missing.</summary>
public static class UpdateCheckoutSession
{
    /// <summary>Members that are sent replace what the session has, null clears it, and what is left out stays.</summary>
    public sealed record Request
    {
        private readonly HashSet<string> _given = [];

        /// <summary>1 to 50 products at their catalogue prices, each once; not null, and not of a session for a quote.</summary>
        public IReadOnlyList<RequestedItem>? LineItems { get; init => field = Given(nameof(LineItems), value); }

        /// <summary>Discount codes.</summary>
        public DiscountCodes? Discounts { get; init => field = Given(nameof(Discounts), value); }

        /// <summary>Where the goods go and how.</summary>
        public FulfillmentRequest? Fulfillment { get; init => field = Given(nameof(Fulfillment), value); }

        /// <summary>Who buys. What was said of consent stays until the opposite is said.</summary>
        public Buyer? Buyer { get; init => field = Given(nameof(Buyer), value); }

        /// <summary>Where the buyer came from: up to 20 texts, handed on as they are.</summary>
        public IReadOnlyDictionary<string, string>? Attribution { get; init => field = Given(nameof(Attribution), value); }

        /// <summary>Whether the member was sent, be it as null.</summary>
        internal bool Has(string member) => _given.Contains(member);

        /// <summary>The members that were sent as null: what is missing and what is cleared are two requests.</summary>
        [JsonIgnore]
        internal IEnumerable<string> Cleared => _given.Where(member => GetType().GetProperty(member)!.GetValue(this) is null).Order(StringComparer.Ordinal);

        private T Given<T>(string member, T value)
        {
            _given.Add(member);
            return value;
        }
    }

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.LineItems).Must((request, lines) => lines is not null || !request.Has(nameof(Request.LineItems))).WithErrorCode("required").WithMessage("A session has products: cancel it to buy nothing.");
            this.LineItems(request => request.LineItems);
            this.Discounts(request => request.Discounts);
            RuleFor(request => request.Fulfillment).SetValidator(new FulfillmentValidator()!);
            RuleFor(request => request.Buyer).SetValidator(new BuyerValidator()!);
            this.Attribution(request => request.Attribution);
        }
    }

    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapPatch("/{id}", HandleAsync).WithName("updateCheckoutSession").CanDryRun().Validate<Request>().RequireScope(Scopes.Checkout)
        .WithSummary("Change a checkout session")
        .WithDescription("Members that are sent replace what the session has, null clears it, and what is left out stays. The session is priced anew at that moment, holds those prices from then on, and tells by messages with the code price_changed where a price has moved. What a person was asked about it has to be asked again.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<CheckoutSession>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, pricer, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Changes the session.</summary>
    internal static Task<Outcome<CheckoutSession>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, Pricer pricer, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync<CheckoutSession>(new WriteAttempt(agent, $"checkout_sessions/{id}", idempotencyKey, new { request, request.Cleared }), async transaction =>
        {
            var now = agent.NowBy(clock);
            if (await SessionRow.LockAsync(transaction, id, agent, cancellationToken) is not { } row)
            {
                return CommonProblems.NotFound.With($"There is no checkout session {id} of yours.");
            }
            var session = row.ToSession(now);
            if (SessionRefusals.OfClosed(session, now) is { } closed)
            {
                return closed;
            }
            if (session.Status == SessionStatus.RequiresEscalation)
            {
                await SessionEnding.LetGoAsync(transaction, id, cancellationToken);
            }
            BindingQuote? quote = null;
            if (session.QuoteId is not null)
            {
                if (request.LineItems is not null)
                {
                    return CheckoutProblems.QuoteFixed.With("The session redeems a quote, whose product and quantity are agreed. Open another session for other products.", [new FieldError("/line_items", "quote_fixed", "The quote says what is bought.")]);
                }
                var found = await Quotes.FindAsync(transaction, session.QuoteId, agent with { GrantId = row.GrantId }, now, cancellationToken);
                if (!found.Succeeded)
                {
                    return found.Problem!;
                }
                quote = found.Value;
            }
            var priced = await PriceSession.RunAsync(Ask(request, row, session, quote), id, row.GrantId, pricer, transaction, now, cancellationToken);
            return priced.Succeeded
                ? await StoreAsync(row, priced.Value.Document, pricer.ExpiryOf(quote, now), transaction, now, cancellationToken)
                : priced.Problem!;
        }, cancellationToken);

    private static Asked Ask(Request request, SessionRow row, CheckoutSession session, BindingQuote? quote)
    {
        var items = request.LineItems ?? [.. session.LineItems.Select(line => new RequestedItem(line.ProductId, line.Quantity))];
        var kept = session.LineItems.Where(line => items.Any(item => item.ProductId == line.ProductId)).Select(line => line.Id).ToHashSet(StringComparer.Ordinal);
        return new Asked(items)
        {
            Quote = quote,
            Currency = session.Currency,
            Before = row.DocumentOf(),
            Discounts = request.Has(nameof(Request.Discounts)) ? request.Discounts : session.Discounts is { Codes.Count: > 0 } before ? new DiscountCodes(before.Codes) : null,
            Fulfillment = request.Has(nameof(Request.Fulfillment)) ? request.Fulfillment : session.Fulfillment?.ToRequest(kept),
            Buyer = request.Has(nameof(Request.Buyer)) ? request.Buyer : session.Buyer,
            Attribution = request.Has(nameof(Request.Attribution)) ? request.Attribution : session.Attribution,
        };
    }

    private static async Task<CheckoutSession> StoreAsync(
        SessionRow row, SessionDocument document, DateTimeOffset expiresAt, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changed = row with
        {
            Status = document.IsReady ? "ready_for_complete" : "incomplete",
            Document = document.ToJson(),
            Escalation = null,
            ExpiresAt = expiresAt.UtcDateTime,
        };
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            update checkout.sessions set status = @Status, line_items = @lines::jsonb, document = @Document::jsonb, total = @Payable, expires_at = @ExpiresAt, escalation = null where id = @Id
            """,
            new { changed.Id, changed.Status, lines = JsonSerializer.Serialize(document.LineItems, Json.Options), changed.Document, document.Payable, changed.ExpiresAt },
            transaction, cancellationToken: cancellationToken));
        return changed.ToSession(now);
    }
}
