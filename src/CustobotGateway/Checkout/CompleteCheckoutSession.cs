using System.Globalization;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.Delegation.Pages;
using CustobotGateway.Negotiation;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>
/// The agent pays. First budget and goods are held and the payment is written down, in one transaction; then the provider is asked, outside of any; then the order is
/// placed, the budget spent and the goods taken, in another, and only after that is the money taken. Whatever stops on the way is finished or undone by
/// <see cref="Reconciliation"/>, or by the agent's own repetition.
/// </summary>
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
    /// <param name="Session">The session; null while it waits for an approval.</param>
    /// <param name="Waiting">The approval that the person has to give first; null where none is needed, or where it was given.</param>
    public sealed record Completion(CheckoutSession? Session, Approval? Waiting);

    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapPost("/{id}/complete", HandleAsync).WithName("completeCheckoutSession").CanDryRun().Validate<Request>().RequireScope(Scopes.Checkout)
        .WithSummary("Pay a checkout session")
        .WithDescription("Stock, charge, budget and order happen together or not at all, at the prices that the session shows. Budget and stock are held first and are free again if nothing is charged. A purchase above the mandate's threshold is answered 202 with the approval that it waits for: ask at its Location, and repeat the same request once the person has approved. Where the provider asks the buyer for something, the session requires_escalation and says where; repeat the request afterwards. Send an Idempotency-Key: a repetition then gets the first answer and pays nothing more, also after a crash. A dry run holds everything to the rules, asks no provider, and answers the session as it stands.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<CheckoutSession>, Accepted<Approval>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, CompletionContext checkout, AuditTrail audit, HttpContext context,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, idempotencyKey, agent, checkout, cancellationToken);
        PurchaseAudit.Note(audit, context, agent, id, outcome);
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
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, CompletionContext checkout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(checkout);
        var attempt = new WriteAttempt(agent, PathOf(id), idempotencyKey, request);
        if (checkout.Providers.Known(request.Payment.Handler) is not { } provider)
        {
            return HandlerUnknown(request.Payment.Handler);
        }
        CompletionSteps.Reached(CompletionSteps.BeforeHold, id);
        var prepared = await checkout.Writes.PrepareAsync<CheckoutSession, Begun>(
            attempt, transaction => BeginAsync(id, request.Payment, attempt, checkout, transaction, cancellationToken), cancellationToken);
        if (prepared.Answer is { } answer)
        {
            await NoteRefusalAsync(id, answer.Problem, agent, checkout, cancellationToken);
            return answer.Succeeded ? new Completion(answer.Value, null) : answer.Problem!;
        }
        if (prepared.Step!.Waiting is { } waiting)
        {
            return new Completion(null, waiting);
        }
        if (prepared.Step.Answer is { } known)
        {
            return known.Succeeded ? new Completion(known.Value, null) : known.Problem!;
        }
        if (agent.IsDryRun)
        {
            return new Completion(prepared.Step.Session!, null);
        }
        CompletionSteps.Reached(CompletionSteps.HoldCommitted, id);
        // From here on the payment is finished even if nobody waits for the answer any more.
        var outcome = await PayAsync(prepared.Step.Payment! with { ClockAhead = agent.ClockAhead }, prepared.Step.IsTakenOver, request.Payment.Token, provider, checkout);
        return outcome.Succeeded ? new Completion(outcome.Value, null) : outcome.Problem!;
    }

    private static Problem HandlerUnknown(string handler) =>
        CheckoutProblems.PaymentHandlerUnknown.With($"There is no payment handler {handler} here.", remedy: new("List the payment handlers.", "/v1/payment_handlers"));

    /// <summary>What the answers to this write are kept under.</summary>
    internal static string PathOf(string id) => $"checkout_sessions/{id}/complete";

    private static async Task<Outcome<CheckoutSession>> PayAsync(PaymentRow payment, bool isTakenOver, string token, IPaymentProvider provider, CompletionContext checkout)
    {
        // Somebody may have asked the provider before: what became of that is the answer.
        var answer = isTakenOver ? await checkout.Settle.AskAsync(time => provider.FindAsync(payment.Name, time)) : new ProviderAnswer(PaymentOutcome.NotFound);
        if (answer.Outcome == PaymentOutcome.NotFound)
        {
            CompletionSteps.Reached(CompletionSteps.BeforeAuthorise, payment.SessionId);
            var order = new PaymentOrder(payment.Id, payment.SessionId, payment.ClientId, payment.GrantId, payment.Person, payment.Total, token, payment.IsTest);
            answer = await checkout.Settle.AskAsync(time => provider.AuthoriseAsync(order, time));
        }
        CompletionSteps.Reached(CompletionSteps.Authorised, payment.SessionId);
        return await checkout.Settle.RunAsync(payment, provider, answer, CancellationToken.None);
    }

    /// <summary>What beginning came to: a payment to be made, an approval to wait for, or the answer because somebody else is at work or was.</summary>
    private sealed record Begun(PaymentRow? Payment, bool IsTakenOver, Approval? Waiting = null, Outcome<CheckoutSession>? Answer = null, CheckoutSession? Session = null)
    {
        public static Begun Ended(Outcome<CheckoutSession> answer) => new(null, false, Answer: answer);
    }

    // Rows are locked in one order everywhere: session, payment, quote, grant, stock by product number.
    private static async Task<Outcome<Begun>> BeginAsync(
        string id, Payment payment, WriteAttempt attempt, CompletionContext checkout, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var (agent, now) = (attempt.Agent, attempt.Agent.NowBy(checkout.Clock));
        var (row, first, open) = await LockAsync(id, attempt, transaction, cancellationToken);
        if (row is null)
        {
            return CommonProblems.NotFound.With($"There is no checkout session {id} of yours.");
        }
        if (first is { } answer)
        {
            return Begun.Ended(answer);
        }
        if (open is not null && await GoOnAsync(open, payment, attempt, checkout, transaction, cancellationToken) is { } goesOn)
        {
            return goesOn;
        }
        var session = row.ToSession(now);
        if (await RefusalOfAsync(session, agent, transaction, now, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        // What a provider took before it was switched off is finished above; nothing new is begun.
        if (checkout.Providers.Find(payment.Handler, agent.IsTest) is null)
        {
            return HandlerUnknown(payment.Handler);
        }
        var authorisation = await HoldBudgetAsync(session, agent, checkout, transaction, now, cancellationToken);
        if (!authorisation.Succeeded)
        {
            return authorisation.Problem!;
        }
        if (authorisation.Value.Waiting is { } approval)
        {
            await EscalateAsync(session, approval, checkout, transaction, cancellationToken);
            return new Begun(null, false, approval);
        }
        CompletionSteps.Reached(CompletionSteps.BudgetHeld, id);
        if (await StockHolds.HoldAsync(transaction, id, session.StockLines, now + checkout.Options.StockHold, now, cancellationToken, agent.IsTest) is { } missing)
        {
            return CheckoutProblems.OutOfStock.With($"No location has {missing.Quantity} of {Ids.FromNumber("prd", missing.Product)}.");
        }
        CompletionSteps.Reached(CompletionSteps.StockHeld, id);
        var begun = await NoteAsync(session, payment, attempt, checkout.Options.Lease, transaction, now, cancellationToken);
        CompletionSteps.Reached(CompletionSteps.PaymentNoted, id);
        return begun with { Session = session };
    }

    // Whoever held the session until now may have been the first request with this key: its answer is looked for once the session is locked.
    private static async Task<(SessionRow? Session, Outcome<CheckoutSession>? Answer, PaymentRow? Open)> LockAsync(
        string id, WriteAttempt attempt, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var agent = attempt.Agent;
        await using var found = await transaction.Connection!.QueryMultipleAsync(new CommandDefinition($"{SessionRow.LockSql};\n{Writes.AnswerSql};\n{PaymentRow.LockOpenSql}",
            new { id, agent.GrantId, agent.IsAdministrator, agent.IsTest, attempt.Principal, attempt.Path, attempt.Key }, transaction, cancellationToken: cancellationToken));
        return (await found.ReadSingleOrDefaultAsync<SessionRow?>(), await Writes.ReadAnswerAsync<CheckoutSession>(found, attempt), await found.ReadSingleOrDefaultAsync<PaymentRow?>());
    }

    // A payment of the session is under way. Null where it has been given up for this request.
    private static async Task<Begun?> GoOnAsync(
        PaymentRow open, Payment payment, WriteAttempt attempt, CompletionContext checkout, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var hasKey = open.IdempotencyKey == attempt.Key;
        var isSame = hasKey && open.RequestHash.AsSpan().SequenceEqual(attempt.RequestHash);
        if (hasKey && !isSame && attempt.Key is not null)
        {
            return Begun.Ended(Writes.KeyReused);
        }
        if (open.State == PaymentState.RequiresAction && !isSame)
        {
            // Another means of payment instead of the one that the person has not confirmed.
            await SettlePayment.GiveUpAsync(transaction, open, cancellationToken);
            return null;
        }
        if (open.State == PaymentState.Pending && (open.IsLeased || open.Handler != payment.Handler))
        {
            return Begun.Ended(SettlePayment.InProgress(open));
        }
        if (attempt.Agent.IsDryRun)
        {
            return Begun.Ended(SettlePayment.InProgress(open));
        }
        var taken = await PaymentRow.TakeOverAsync(transaction, open.Id, checkout.Options.Lease, cancellationToken);
        return new Begun(taken with { AlsoAsked = hasKey || attempt.Key is null ? null : attempt.KeptUnder }, true);
    }

    private static async Task<Problem?> RefusalOfAsync(CheckoutSession session, AgentPrincipal agent, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (session.Status == SessionStatus.Completed)
        {
            return CheckoutProblems.SessionCompleted.With($"The session has become the order {session.Order!.Id}.", remedy: new("Read the order.", $"/v1/orders/{session.Order.Id}"));
        }
        // Before the session's own time: where both have passed, the quote is the reason.
        if (session.QuoteId is not null && await Quotes.FindAsync(transaction, session.QuoteId, agent, now, cancellationToken) is { Succeeded: false } quote)
        {
            return quote.Problem!;
        }
        // Canceled before its time: by the agent, or its grant has ended since the caller was let in.
        if (session.Status == SessionStatus.Canceled && now < session.ExpiresAt)
        {
            return await GrantGate.RefusalAsync(transaction, agent, now, cancellationToken) ?? CheckoutProblems.SessionCanceled.With("The session was canceled. Open another session.");
        }
        return session.Status switch
        {
            SessionStatus.Canceled => CheckoutProblems.SessionExpired.With($"The session's prices held until {session.ExpiresAt:O}. Open another session."),
            SessionStatus.Incomplete => CheckoutProblems.SessionIncomplete.With("Something is missing: the session's messages say what.", remedy: new("Read the session.", "/v1/checkout_sessions/" + session.Id)),
            _ => null,
        };
    }

    private static async Task<Outcome<Authorisation>> HoldBudgetAsync(
        CheckoutSession session, AgentPrincipal agent, CompletionContext checkout, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var products = await FindForSale.RunAsync(transaction, [.. session.LineItems.Select(line => line.ProductNumber)], cancellationToken, withAttributes: true);
        var lines = new List<PurchaseLine>();
        foreach (var line in session.LineItems)
        {
            if (!products.TryGetValue(line.ProductNumber, out var product))
            {
                return CheckoutProblems.ProductUnavailable.With($"{line.ProductId} was withdrawn.");
            }
            lines.Add(new PurchaseLine(line.ProductId, line.Title, line.Quantity, line.UnitPrice, product.Attributes!.Value));
        }
        var offer = JsonSerializer.SerializeToElement(new { session.LineItems, session.Totals, session.Currency, session.QuoteId }, Json.Options);
        var authorisation = await checkout.Ledger.AuthoriseAsync(
            transaction, agent, new Purchase(session.Id, session.Payable, lines, offer), checkout.Delegation.Hold, now, cancellationToken);
        if (authorisation.Refusal is { } refusal)
        {
            return refusal;
        }
        return authorisation;
    }

    // What the person is asked about is not taken away while there is time to answer: its prices hold as long. A quote holds its own until it ends.
    private static async Task EscalateAsync(CheckoutSession session, Approval approval, CompletionContext checkout, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var until = session.QuoteId is null && approval.ExpiresAt > session.ExpiresAt ? approval.ExpiresAt : session.ExpiresAt;
        var escalation = new Escalation(Escalation.ApprovalRequired, "The person has to approve the purchase first; then complete the session again.", "requires_buyer_review",
            checkout.PageOf(approval), approval.Id);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update checkout.sessions set status = 'requires_escalation', escalation = @escalation::jsonb, expires_at = @until where id = @Id",
            new { session.Id, until, escalation = JsonSerializer.Serialize(escalation, StoredJson.Options) }, transaction, cancellationToken: cancellationToken));
    }

    // The payment is written down before the provider is asked: whoever finds it later can ask what became of it. No token is.
    private static async Task<Begun> NoteAsync(
        CheckoutSession session, Payment payment, WriteAttempt attempt, TimeSpan lease, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (agent, caller) = (attempt.Agent, attempt.Agent.Caller);
        var row = await transaction.Connection!.QuerySingleAsync<PaymentRow>(new CommandDefinition($"""
            update checkout.sessions set status = 'complete_in_progress', escalation = null where id = @sessionId;
            insert into checkout.payments (id, session_id, grant_id, client_id, person, handler, state, amount, currency, idempotency_key, request_hash, caller, leased_until, created_at, is_test)
            values (@id, @sessionId, @GrantId, @ClientId, @OnBehalfOf, @Handler, 'pending', @Amount, @Currency, @Key, @RequestHash, @caller::jsonb, clock_timestamp() + @lease, @now, @IsTest)
            returning {PaymentRow.Columns}
            """,
            new
            {
                id = Ids.New("pay", now),
                sessionId = session.Id,
                agent.GrantId,
                agent.ClientId,
                agent.OnBehalfOf,
                payment.Handler,
                session.Payable.Amount,
                session.Payable.Currency,
                attempt.Key,
                attempt.RequestHash,
                caller = caller is null ? null : JsonSerializer.Serialize(new { caller.Class, caller.Score, caller.Operator, caller.Reasons }, Json.Options),
                lease,
                now,
                agent.IsTest,
            }, transaction, cancellationToken: cancellationToken));
        return new Begun(row, false);
    }

    private static async Task NoteRefusalAsync(string id, Problem? problem, AgentPrincipal agent, CompletionContext checkout, CancellationToken cancellationToken)
    {
        if (!agent.IsDryRun && problem?.Type.Code == IdentityProblems.MandateExceeded.Code && problem.Errors is [var limit, ..])
        {
            await checkout.Writes.RunAsync<bool>(new WriteAttempt(agent, $"checkout_sessions/{id}/refusal", null, id), async transaction =>
            {
                await Ledger.NoteRefusalAsync(transaction, agent, id, limit.Code, agent.NowBy(checkout.Clock), cancellationToken);
                return true;
            }, cancellationToken);
        }
    }
}

/// <summary>What completing a session works with.</summary>
/// <param name="Writes">Runs transactions with their idempotency record.</param>
/// <param name="Ledger">Budgets.</param>
/// <param name="Delegation">How long a budget is held.</param>
/// <param name="Options">How payments are made.</param>
/// <param name="Providers">Who takes the money.</param>
/// <param name="Settle">Makes an order of what a provider answered.</param>
/// <param name="Url">Where people find the gateway.</param>
/// <param name="Clock">The time.</param>
public sealed record CompletionContext(Writes Writes, Ledger Ledger, DelegationOptions Delegation, PaymentOptions Options, PaymentProviders Providers, SettlePayment Settle, PublicUrl Url, TimeProvider Clock)
{
    /// <summary>Where the person decides.</summary>
    internal string PageOf(Approval approval) => Url.Base + ApprovalPages.Of(approval.Id);
}
