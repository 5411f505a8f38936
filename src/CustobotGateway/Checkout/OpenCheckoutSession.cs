using System.Globalization;
using System.Text.Json;
using CustobotGateway.Catalog;
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
    /// <summary>Either <paramref name="LineItems"/> or <paramref name="QuoteId"/>.</summary>
    /// <param name="LineItems">1 to 50 products at their catalogue prices, each once.</param>
    /// <param name="QuoteId">An agreed quote, <c>quo_…</c>, at its price.</param>
    public sealed record Request(IReadOnlyList<RequestedItem>? LineItems = null, string? QuoteId = null);

    /// <param name="ProductId"><c>prd_…</c></param>
    /// <param name="Quantity">1 to 10,000.</param>
    public sealed record RequestedItem(string ProductId, int Quantity);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>The most lines of a session.</summary>
        public const int MaxLines = 50;

        /// <summary>The most of one product.</summary>
        public const int MaxQuantity = 10_000;

        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request).Must(request => request.LineItems is null != request.QuoteId is null).OverridePropertyName("").WithErrorCode("invalid")
                .WithMessage("Either 'line_items' or 'quote_id' is needed, and not both.");
            RuleFor(request => request.LineItems).Must(lines => lines!.Count is > 0 and <= MaxLines && lines.All(line => line is not null)
                    && lines.Select(line => line.ProductId).Distinct(StringComparer.Ordinal).Count() == lines.Count)
                .When(request => request.LineItems is not null).WithErrorCode("invalid").WithMessage($"'line_items' holds 1 to {MaxLines} products, each once.");
            RuleForEach(request => request.LineItems).ChildRules(line =>
            {
                line.RuleFor(l => l.ProductId).Must(id => Ids.TryGetNumber("prd", id, out _)).WithErrorCode("wrong_form").WithMessage("'product_id' is a product's id: prd_ and 13 characters.");
                line.RuleFor(l => l.Quantity).InclusiveBetween(1, MaxQuantity).WithMessage($"'quantity' is 1 to {MaxQuantity}.");
            });
            RuleFor(request => request.QuoteId).Length(1, 64).When(request => request.QuoteId is not null);
        }
    }

    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapPost("/", HandleAsync).WithName("openCheckoutSession").CanDryRun().Validate<Request>().RequireScope(Scopes.Checkout)
        .WithSummary("Open a checkout session")
        .WithDescription("From products at their catalogue prices, or from a quote at its price; prices never come from the request. They hold until the session expires.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<CheckoutSession>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, CheckoutOptions options, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, options, writes, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/checkout_sessions/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Opens the session.</summary>
    public static Task<Outcome<CheckoutSession>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, CheckoutOptions options, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<CheckoutSession>(new WriteAttempt(agent, "checkout_sessions", idempotencyKey, request), async transaction =>
        {
            if (agent.GrantId is null)
            {
                return IdentityProblems.MandateRequired.With("Only an agent with a grant can buy.");
            }
            var now = clock.GetUtcNow();
            if (await GrantGate.RefusalAsync(transaction, agent, now, cancellationToken) is { } ended)
            {
                return ended;
            }
            var expiresAt = now + options.SessionValidity;
            Outcome<PricedLines> priced;
            if (request.QuoteId is null)
            {
                priced = await FromCatalogAsync(request.LineItems!, transaction, cancellationToken);
            }
            else
            {
                var quote = await Quotes.FindAsync(transaction, request.QuoteId, agent, now, cancellationToken);
                if (!quote.Succeeded)
                {
                    return quote.Problem!;
                }
                // A session cannot promise its price for longer than the quote does.
                expiresAt = quote.Value.ExpiresAt < expiresAt ? quote.Value.ExpiresAt : expiresAt;
                priced = await FromQuoteAsync(quote.Value, transaction, cancellationToken);
            }
            return priced.Succeeded
                ? await StoreAsync(priced.Value, request.QuoteId, expiresAt, agent, transaction, clock, cancellationToken)
                : priced.Problem!;
        }, cancellationToken);
    }

    private sealed record PricedLines(string Currency, IReadOnlyList<LineItem> Lines);

    private static async Task<Outcome<PricedLines>> FromCatalogAsync(
        IReadOnlyList<RequestedItem> requested, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var numbers = requested.Select(NumberOf).ToArray();
        var products = await FindForSale.RunAsync(transaction, numbers, cancellationToken);
        var lines = new List<LineItem>(requested.Count);
        string? currency = null;
        foreach (var (item, number) in requested.Zip(numbers))
        {
            if (!products.TryGetValue(number, out var product))
            {
                return CommonProblems.NotFound.With($"There is no product {item.ProductId}.");
            }
            if (product.Price is not { } price)
            {
                return CheckoutProblems.NotBuyable.With($"{item.ProductId} has no price and cannot be bought.");
            }
            if (price.Currency != (currency ??= price.Currency))
            {
                return CheckoutProblems.CurrencyMismatch.With($"{item.ProductId} is priced in {price.Currency}, the products before it in {currency}.");
            }
            lines.Add(LineOf(lines.Count, product, item.Quantity, price.Amount, price.Amount));
        }
        return new PricedLines(currency!, lines);
    }

    private static async Task<Outcome<PricedLines>> FromQuoteAsync(BindingQuote quote, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        (await FindForSale.RunAsync(transaction, [quote.Product], cancellationToken)).TryGetValue(quote.Product, out var product)
            ? new PricedLines(quote.UnitPrice.Currency, [LineOf(0, product, quote.Quantity, quote.ListPrice.Amount, quote.UnitPrice.Amount)])
            : CheckoutProblems.ProductUnavailable.With("The product of the quote was withdrawn.");

    private static LineItem LineOf(int index, ProductForSale product, int quantity, long listPrice, long unitPrice) =>
        new("li_" + (index + 1).ToString(CultureInfo.InvariantCulture), product.Id, product.Name, quantity, listPrice, unitPrice, unitPrice * quantity);

    private static long NumberOf(RequestedItem item) => Ids.TryGetNumber("prd", item.ProductId, out var number) ? number : -1;

    private static async Task<CheckoutSession> StoreAsync(
        PricedLines priced, string? quoteId, DateTimeOffset expiresAt, AgentPrincipal agent, NpgsqlTransaction transaction, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var session = new CheckoutSession(Ids.New("cks", clock), SessionStatus.ReadyForComplete, priced.Currency, priced.Lines,
            CheckoutSession.TotalsOf(priced.Lines), expiresAt, quoteId);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.sessions (id, grant_id, status, currency, line_items, quote_id, total, expires_at, created_at)
            values (@Id, @GrantId, 'ready_for_complete', @Currency, @lines::jsonb, @QuoteId, @total, @ExpiresAt, @now)
            """,
            new
            {
                session.Id,
                agent.GrantId,
                session.Currency,
                lines = JsonSerializer.Serialize(session.LineItems, Json.Options),
                session.QuoteId,
                total = session.Payable.Amount,
                session.ExpiresAt,
                now = clock.GetUtcNow(),
            }, transaction, cancellationToken: cancellationToken));
        return session;
    }
}
