using System.Globalization;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
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

/// <summary>The agent pays: the budget is held, and then stock, charge, order and event are one transaction, or nothing of it.</summary>
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

    /// <summary>What completing came to: the session as an order, or what it waits for.</summary>
    /// <param name="Session">The session; null while it waits.</param>
    /// <param name="Waiting">The approval that the person has to give first; null where none is needed, or where it was given.</param>
    public sealed record Completion(CheckoutSession? Session, Approval? Waiting);

    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapPost("/{id}/complete", HandleAsync).WithName("completeCheckoutSession").Validate<Request>().RequireScope(Scopes.Checkout)
        .WithSummary("Pay a checkout session")
        .WithDescription("Stock, charge and order happen together or not at all, at the prices that the session shows; the budget is held first, and is free again if nothing is charged. A purchase above the mandate's threshold is answered 202 with the approval that it waits for: ask at its Location, and repeat the same request once the person has approved. Send an Idempotency-Key: a repetition then gets the first answer and pays nothing more.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<CheckoutSession>, Accepted<Approval>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, IEnumerable<IPaymentProvider> providers, Ledger ledger,
        DelegationOptions delegation, Writes writes, AuditTrail audit, TimeProvider clock, HttpContext context, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, idempotencyKey, agent, providers, ledger, delegation, writes, clock, cancellationToken);
        audit.Add(context, new AuditEntry("purchase", agent.ClientId, agent.OnBehalfOf, outcome.Problem?.Type.Code,
            new { agent.GrantId, session = id, reason = outcome.Problem?.Detail, approval = outcome.Succeeded ? outcome.Value.Waiting?.Id : null }));
        if (!outcome.Succeeded)
        {
            return outcome.Problem!.ToHttp();
        }
        if (outcome.Value.Waiting is { } approval)
        {
            context.Response.Headers.RetryAfter = Approval.PollSeconds.ToString(CultureInfo.InvariantCulture);
            return TypedResults.Accepted(approval.Location, approval);
        }
        return TypedResults.Ok(outcome.Value.Session!);
    }

    /// <summary>Completes the session.</summary>
    public static async Task<Outcome<Completion>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, IEnumerable<IPaymentProvider> providers, Ledger ledger, DelegationOptions delegation, Writes writes,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(delegation);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        var attempt = new WriteAttempt(agent, $"checkout_sessions/{id}/complete", idempotencyKey, request);
        if (providers.FirstOrDefault(provider => provider.Handler == request.Payment.Handler) is not { } provider)
        {
            return CheckoutProblems.PaymentHandlerUnknown.With($"Payment handlers here: {string.Join(", ", providers.Select(known => known.Handler))}.");
        }
        // The budget is held in a transaction of its own: whatever becomes of the payment, nobody else spends it meanwhile, and a gateway that dies lets it expire.
        var prepared = await writes.PrepareAsync<CheckoutSession, Authorisation>(
            attempt, transaction => HoldAsync(id, agent, ledger, delegation.Hold, transaction, clock.GetUtcNow(), cancellationToken), cancellationToken);
        if (prepared.Answer is { } answer)
        {
            if (answer.Problem is { } refused && refused.Type.Code == IdentityProblems.MandateExceeded.Code && refused.Errors is [var limit, ..])
            {
                await writes.RunAsync<bool>(new WriteAttempt(agent, $"checkout_sessions/{id}/refusal", null, id), async transaction =>
                {
                    await Ledger.NoteRefusalAsync(transaction, agent, id, limit.Code, clock.GetUtcNow(), cancellationToken);
                    return true;
                }, cancellationToken);
            }
            return answer.Succeeded ? new Completion(answer.Value, null) : answer.Problem!;
        }
        if (prepared.Step!.Held is not { } held)
        {
            return new Completion(null, prepared.Step.Waiting);
        }
        var outcome = await writes.RunAsync(attempt, transaction => PayAsync(id, request.Payment, provider, agent, transaction, clock, cancellationToken), cancellationToken);
        if (outcome.Succeeded)
        {
            return new Completion(outcome.Value, null);
        }
        // What the person approved is approved once; it stays held, for another card, until it expires.
        if (held.ApprovalId is null)
        {
            await writes.RunAsync<bool>(new WriteAttempt(agent, $"checkout_sessions/{id}/release", null, id),
                async transaction => await Ledger.ReleaseAsync(transaction, agent, held.Reservation, clock.GetUtcNow(), cancellationToken), cancellationToken);
        }
        return outcome.Problem!;
    }

    // Rows are locked in one order everywhere: session, quote, grant, stock by product number.
    private static async Task<Outcome<Authorisation>> HoldAsync(
        string id, AgentPrincipal agent, Ledger ledger, TimeSpan hold, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ready = await FindReadyAsync(id, agent, transaction, now, cancellationToken);
        if (!ready.Succeeded)
        {
            return ready.Problem!;
        }
        var session = ready.Value;
        var products = await FindForSale.RunAsync(transaction, [.. session.LineItems.Select(NumberOf)], cancellationToken, withAttributes: true);
        var lines = new List<PurchaseLine>();
        foreach (var line in session.LineItems)
        {
            if (!products.TryGetValue(NumberOf(line), out var product))
            {
                return CheckoutProblems.ProductUnavailable.With($"{line.ProductId} was withdrawn.");
            }
            lines.Add(new PurchaseLine(line.ProductId, line.Title, line.Quantity, line.UnitPrice, product.Attributes!.Value));
        }
        var offer = JsonSerializer.SerializeToElement(new { session.LineItems, session.Totals, session.Currency, session.QuoteId }, Json.Options);
        var authorisation = await ledger.AuthoriseAsync(transaction, agent, new Purchase(id, session.Payable, lines, offer), hold, now, cancellationToken);
        if (authorisation.Refusal is { } refusal)
        {
            return refusal;
        }
        if (authorisation.Waiting is { } approval && session.QuoteId is null && approval.ExpiresAt > session.ExpiresAt)
        {
            // What the person is asked about is not taken away while there is time to answer: its prices hold as long. A quote holds its own until it ends.
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "update checkout.sessions set expires_at = @ExpiresAt where id = @id", new { approval.ExpiresAt, id }, transaction, cancellationToken: cancellationToken));
        }
        return authorisation;
    }

    private static async Task<Outcome<CheckoutSession>> PayAsync(
        string id, Payment payment, IPaymentProvider provider, AgentPrincipal agent, NpgsqlTransaction transaction, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ready = await FindReadyAsync(id, agent, transaction, now, cancellationToken);
        if (!ready.Succeeded)
        {
            return ready;
        }
        var session = ready.Value;
        var orderId = Ids.New("ord", clock);
        if (session.QuoteId is not null)
        {
            await Quotes.RedeemAsync(transaction, session.QuoteId, orderId, cancellationToken);
        }
        // Before the charge: what was revoked, paused or released since is not charged.
        if (await Ledger.CommitAsync(transaction, agent, session.Payable, session.Id, now, cancellationToken) is { } ended)
        {
            return ended;
        }
        if (await TakeAsync(session, transaction, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        var asked = new PaymentOrder(Ids.New("pay", clock), id, agent.ClientId!, agent.GrantId!, agent.OnBehalfOf, session.Payable, payment.Token, IsTest: false);
        var answer = await provider.AuthoriseAsync(asked, cancellationToken);
        if (answer.Outcome == PaymentOutcome.Authorised)
        {
            answer = await provider.CaptureAsync(new PaymentReference(asked.PaymentId, answer.Reference, asked.IsTest), session.Payable, cancellationToken);
        }
        if (answer is not { Outcome: PaymentOutcome.Captured, Reference: { } reference })
        {
            return CheckoutProblems.PaymentDeclined.With($"The provider answered {answer.DeclineCode}. Complete the session with another payment.");
        }
        await PlaceAsync(orderId, now, session, agent, new Charged(provider.Handler, reference), transaction, cancellationToken);
        return session with { Status = SessionStatus.Completed, Order = new OrderReference(orderId) };
    }

    private static async Task<Outcome<CheckoutSession>> FindReadyAsync(
        string id, AgentPrincipal agent, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var session = await CheckoutSession.FindAsync(transaction.Connection!, transaction, id, agent, now, forUpdate: true, cancellationToken);
        if (session is null)
        {
            return CommonProblems.NotFound.With($"There is no checkout session {id} of yours.");
        }
        if (session.Status == SessionStatus.Completed)
        {
            return CheckoutProblems.SessionCompleted.With($"The session has become the order {session.Order!.Id}.", remedy: new("Read the order.", $"/v1/orders/{session.Order.Id}"));
        }
        // Before the session's own time: where both have passed, the quote is the reason.
        if (session.QuoteId is not null && await Quotes.FindAsync(transaction, session.QuoteId, agent, now, cancellationToken) is { Succeeded: false } quote)
        {
            return quote.Problem!;
        }
        // Canceled before its time: its grant has ended since the caller was let in.
        if (session.Status == SessionStatus.Canceled && now < session.ExpiresAt)
        {
            return IdentityProblems.GrantRevoked.With("The grant has ended, and the session with it. Nothing was charged.", remedy: IdentityProblems.AskPerson);
        }
        return session.Status == SessionStatus.Canceled
            ? CheckoutProblems.SessionExpired.With($"The session's prices held until {session.ExpiresAt:O}. Open another session.")
            : session;
    }

    private static async Task<Problem?> TakeAsync(CheckoutSession session, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
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
        string orderId, DateTimeOffset placedAt, CheckoutSession session, AgentPrincipal agent, Charged charged, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.orders (id, session_id, grant_id, client_id, person, currency, line_items, total, placed_at)
            values (@Id, @CheckoutSessionId, @GrantId, @ClientId, @Person, @Currency, @lines::jsonb, @total, @PlacedAt);
            insert into checkout.payments (order_id, handler, reference, amount, captured_at) values (@Id, @Handler, @Reference, @total, @PlacedAt);
            update checkout.sessions set status = 'completed', order_id = @Id where id = @CheckoutSessionId
            """,
            new
            {
                Id = orderId,
                CheckoutSessionId = session.Id,
                agent.GrantId,
                agent.ClientId,
                Person = agent.OnBehalfOf ?? "",
                session.Currency,
                lines = JsonSerializer.Serialize(session.LineItems, Json.Options),
                total = session.Payable.Amount,
                PlacedAt = placedAt,
                charged.Handler,
                charged.Reference,
            }, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, orderId, agent.ClientId!, placedAt,
            new OrderPlaced(session.Id, agent.GrantId!, session.Payable, session.LineItems, charged.Handler, charged.Reference, session.QuoteId, agent.ClientId), cancellationToken);
    }

    private static long NumberOf(LineItem line) =>
        Ids.TryGetNumber("prd", line.ProductId, out var number) ? number : throw new InvalidOperationException($"{line.ProductId} is no product's id.");
}
