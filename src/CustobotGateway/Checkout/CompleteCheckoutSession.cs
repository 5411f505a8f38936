using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Negotiation;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>The agent pays: budget, stock, charge, order and event in one transaction, or nothing of it.</summary>
public static class CompleteCheckoutSession
{
    /// <param name="Payment">What it pays with.</param>
    public sealed record Request(Payment Payment);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Payment.Handler).NotEmpty().MaximumLength(64);
            RuleFor(request => request.Payment.Token).NotEmpty().MaximumLength(255);
        }
    }

    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapPost("/{id}/complete", HandleAsync).WithName("completeCheckoutSession").Validate<Request>().RequireScope(Scopes.Checkout)
        .WithSummary("Pay a checkout session")
        .WithDescription("Budget, stock, charge and order happen together or not at all, at the prices that the session shows. Send an Idempotency-Key: a repetition then gets the first answer and pays nothing more.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<CheckoutSession>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, IEnumerable<IPaymentProvider> providers, Writes writes,
        TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, providers, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Completes the session.</summary>
    public static Task<Outcome<CheckoutSession>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, IEnumerable<IPaymentProvider> providers, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(writes);
        return writes.RunAsync<CheckoutSession>(new WriteAttempt(agent, $"checkout_sessions/{id}/complete", idempotencyKey, request), async transaction =>
        {
            // Rows are locked in one order everywhere: session, quote, grant, stock by product number.
            var now = clock.GetUtcNow();
            var session = await CheckoutSession.FindAsync(transaction.Connection!, transaction, id, agent, now, forUpdate: true, cancellationToken);
            if (session is null)
            {
                return CommonProblems.NotFound.With($"There is no checkout session {id} of yours.");
            }
            if (providers.FirstOrDefault(provider => provider.Handler == request.Payment.Handler) is not { } provider)
            {
                return CheckoutProblems.PaymentHandlerUnknown.With($"Payment handlers here: {string.Join(", ", providers.Select(known => known.Handler))}.");
            }
            var order = new Order(Ids.New("ord", clock), id, agent.ClientId!, agent.OnBehalfOf ?? "", session.Currency, session.LineItems, session.Totals, now);
            if (await ReserveAsync(session, order.Id, agent, transaction, now, cancellationToken) is { } refusal)
            {
                return refusal;
            }
            var charge = await provider.ChargeAsync(id, session.Payable, request.Payment.Token, cancellationToken);
            if (charge.Reference is null)
            {
                return CheckoutProblems.PaymentDeclined.With($"The provider answered {charge.DeclineReason}. Complete the session with another payment.");
            }
            await PlaceAsync(order, session, agent, new Charged(provider.Handler, charge.Reference), transaction, cancellationToken);
            return session with { Status = SessionStatus.Completed, Order = new OrderReference(order.Id) };
        }, cancellationToken);
    }

    private static async Task<Problem?> ReserveAsync(
        CheckoutSession session, string order, AgentPrincipal agent, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (session.Status == SessionStatus.Completed)
        {
            return CheckoutProblems.SessionCompleted.With($"The session has become the order {session.Order!.Id}.", remedy: new("Read the order.", $"/v1/orders/{session.Order.Id}"));
        }
        // Before the session's own time: where both have passed, the quote is the reason.
        if (session.QuoteId is not null)
        {
            if (await Quotes.FindAsync(transaction, session.QuoteId, agent, now, cancellationToken) is { Succeeded: false } quote)
            {
                return quote.Problem;
            }
            await Quotes.RedeemAsync(transaction, session.QuoteId, order, cancellationToken);
        }
        if (session.Status == SessionStatus.Canceled)
        {
            return CheckoutProblems.SessionExpired.With($"The session's prices held until {session.ExpiresAt:O}. Open another session.");
        }
        if (await Ledger.AuthoriseAsync(transaction, agent, session.Payable, session.Id, now, cancellationToken) is { } overMandate)
        {
            return overMandate;
        }
        var lines = session.LineItems.Select(line => (Number: NumberOf(line), line.Quantity, line.ProductId)).OrderBy(line => line.Number).ToArray();
        var products = await FindForSale.RunAsync(transaction, [.. lines.Select(line => line.Number)], cancellationToken);
        foreach (var line in lines)
        {
            if (!products.ContainsKey(line.Number))
            {
                return CheckoutProblems.ProductUnavailable.With($"{line.ProductId} was withdrawn.");
            }
            if (await TakeStock.RunAsync(transaction, line.Number, line.Quantity, cancellationToken) is null)
            {
                return CheckoutProblems.OutOfStock.With($"No location has {line.Quantity} of {line.ProductId}.");
            }
        }
        return null;
    }

    private sealed record Charged(string Handler, string Reference);

    private static async Task PlaceAsync(
        Order order, CheckoutSession session, AgentPrincipal agent, Charged charged, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await Ledger.CommitAsync(transaction, agent, session.Payable, session.Id, order.PlacedAt, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.orders (id, session_id, grant_id, client_id, person, currency, line_items, total, placed_at)
            values (@Id, @CheckoutSessionId, @GrantId, @ClientId, @Person, @Currency, @lines::jsonb, @total, @PlacedAt);
            insert into checkout.payments (order_id, handler, reference, amount, captured_at) values (@Id, @Handler, @Reference, @total, @PlacedAt);
            update checkout.sessions set status = 'completed', order_id = @Id where id = @CheckoutSessionId
            """,
            new
            {
                order.Id,
                order.CheckoutSessionId,
                agent.GrantId,
                order.ClientId,
                order.Person,
                order.Currency,
                lines = JsonSerializer.Serialize(order.LineItems, Json.Options),
                total = session.Payable.Amount,
                order.PlacedAt,
                charged.Handler,
                charged.Reference,
            }, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, order.Id, order.ClientId, order.PlacedAt,
            new OrderPlaced(session.Id, agent.GrantId!, session.Payable, order.LineItems, charged.Handler, charged.Reference, session.QuoteId), cancellationToken);
    }

    private static long NumberOf(LineItem line) =>
        Ids.TryGetNumber("prd", line.ProductId, out var number) ? number : throw new InvalidOperationException($"{line.ProductId} is no product's id.");
}
