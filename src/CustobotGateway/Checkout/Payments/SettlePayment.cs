using System.Text.Json;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Checkout.Shop;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Negotiation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>
/// What a provider answered becomes state, in one transaction: an order, or nothing of it. Whoever asked the provider calls it, the request or, where that has died, the
/// reconciliation; of two, the one that leased the payment last.
/// </summary>
public sealed class SettlePayment(NpgsqlDataSource database, Writes writes, OrderContext orders, PaymentOptions options, ShopInForce shop,
    TimeProvider clock)
{
    private const string BeforeOrder = "before_order";

    /// <summary>Asks a provider, for as long as one is waited for; what it does not answer by then is not known.</summary>
    internal Task<ProviderAnswer> AskAsync(Func<CancellationToken, ValueTask<ProviderAnswer>> question) => AskProvider.RunAsync(options, question);

    /// <summary>Settles what is known, and asks the provider for what follows from it: to take the money of an order, or to let go of it.</summary>
    internal async Task<Outcome<CheckoutSession>> RunAsync(PaymentRow payment, IPaymentProvider provider, ProviderAnswer answer, CancellationToken cancellationToken)
    {
        var settled = await writes.RunAsync<Settled>(
            new WriteAttempt(payment.Agent, $"payments/{payment.Id}/settle", null, payment.Id), transaction => SettleAsync(transaction, payment, answer, cancellationToken), cancellationToken);
        if (!settled.Succeeded)
        {
            return settled.Problem!;
        }
        var (state, outcome) = settled.Value;
        if (state == PaymentState.Authorised)
        {
            CompletionSteps.Reached(CompletionSteps.OrderCommitted, payment.SessionId);
            await CaptureAsync(payment with { Reference = answer.Reference, OrderId = outcome.Value.Order!.Id }, provider, cancellationToken);
        }
        else if (state == PaymentState.Voiding)
        {
            await VoidAsync(payment with { Reference = answer.Reference ?? payment.Reference }, provider, cancellationToken);
        }
        return outcome;
    }

    /// <summary>Asks the provider to take the money of a placed order; what it does not answer now is asked again later.</summary>
    internal async Task CaptureAsync(PaymentRow payment, IPaymentProvider provider, CancellationToken cancellationToken)
    {
        CompletionSteps.Reached(CompletionSteps.BeforeCapture, payment.SessionId);
        var answer = await AskAsync(time => provider.CaptureAsync(payment.Name, payment.Total, time));
        CompletionSteps.Reached(CompletionSteps.Captured, payment.SessionId);
        if (answer.Outcome is PaymentOutcome.Captured or PaymentOutcome.Refunded)
        {
            await EndAsync(payment, "update checkout.payments set state = 'captured', captured = amount, settled_at = @now where id = @Id and state = 'authorised'", cancellationToken);
            CompletionSteps.Reached(CompletionSteps.CaptureNoted, payment.SessionId);
        }
        else if (answer.Outcome is PaymentOutcome.Declined or PaymentOutcome.Voided or PaymentOutcome.NotFound)
        {
            // What is not charged is no order: its stock and its budget go back. Done again where it stops on the way.
            await EndAsync(payment, "update checkout.payments set leased_until = clock_timestamp() where id = @Id and state = 'authorised'", cancellationToken);
            await CancelOrder.RunAsync(payment.OrderId!, new(CancellationReason.PaymentFailed, Comment: $"The payment provider did not take the money: {answer.DeclineCode ?? "not held any more"}."),
                null, AgentPrincipal.Administrator with { ClientId = "payments", IsTest = payment.IsTest, ClockAhead = payment.ClockAhead }, orders, cancellationToken);
        }
    }

    /// <summary>Asks the provider to let go of the money of an order that was not placed.</summary>
    internal async Task VoidAsync(PaymentRow payment, IPaymentProvider provider, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(time => provider.VoidAsync(payment.Name, time));
        if (answer.Outcome is PaymentOutcome.Voided or PaymentOutcome.Declined or PaymentOutcome.NotFound)
        {
            await EndAsync(payment, "update checkout.payments set state = 'voided', settled_at = @now where id = @Id and state = 'voiding'", cancellationToken);
        }
        else if (answer.Outcome is PaymentOutcome.Captured or PaymentOutcome.Refunded)
        {
            await ReturnAsync(payment, provider, answer.Captured, cancellationToken);
        }
    }

    // It was charged, and no order came of it: all of it goes back, under a name that is the same whenever it is asked again.
    private async Task ReturnAsync(PaymentRow payment, IPaymentProvider provider, long captured, CancellationToken cancellationToken)
    {
        var back = payment with { Amount = captured > 0 ? Math.Min(captured, payment.Amount) : payment.Amount };
        if ((await AskAsync(time => provider.RefundAsync(payment.Name, "void_" + payment.Id, back.Total, time))).Outcome == PaymentOutcome.Refunded)
        {
            await EndAsync(back, "update checkout.payments set state = 'voided', captured = @Amount, refunded = @Amount, settled_at = @now where id = @Id and state = 'voiding'", cancellationToken);
        }
    }

    /// <summary>The payment is made no more, because the agent begins another; what the provider holds is let go of later. The session's row is locked.</summary>
    internal static async Task GiveUpAsync(NpgsqlTransaction transaction, PaymentRow payment, CancellationToken cancellationToken)
    {
        await StockHolds.ReleaseAsync(transaction, payment.SessionId, cancellationToken, payment.IsTest);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update checkout.payments set state = 'voiding', attempt = attempt + 1, leased_until = clock_timestamp(), action_url = null where id = @Id", new { payment.Id }, transaction,
            cancellationToken: cancellationToken));
    }

    private async Task EndAsync(PaymentRow payment, string statement, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(statement, new { payment.Id, payment.Amount, now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
    }

    private sealed record Settled(PaymentState State, Outcome<CheckoutSession> Outcome);

    private async Task<Outcome<Settled>> SettleAsync(NpgsqlTransaction transaction, PaymentRow known, ProviderAnswer answer, CancellationToken cancellationToken)
    {
        var now = known.Agent.NowBy(clock);
        var (session, payment) = await LockAsync(transaction, known, now, cancellationToken);
        if (payment.Attempt != known.Attempt || payment.State is not (PaymentState.Pending or PaymentState.RequiresAction))
        {
            // Another gateway has taken it over, and has settled it or is about to.
            if (session.Status != SessionStatus.Completed)
            {
                return InProgress(payment);
            }
            if (known.AlsoAsked is { } asked)
            {
                await writes.AnswerAsync<CheckoutSession>(transaction, asked, session, cancellationToken);
            }
            return new Settled(PaymentState.Captured, session);
        }
        switch (answer.Outcome)
        {
            case PaymentOutcome.Authorised or PaymentOutcome.Captured:
                var placed = await PlaceAsync(transaction, session, payment, answer.Reference ?? payment.Id, now, cancellationToken);
                if (placed.Succeeded)
                {
                    await AnswerAsync(transaction, payment, placed, cancellationToken);
                    return new Settled(PaymentState.Authorised, placed);
                }
                await transaction.RollbackAsync(BeforeOrder, cancellationToken);
                return await UndoAsync(transaction, payment, PaymentState.Voiding, answer with { DeclineCode = placed.Problem!.Type.Code }, placed.Problem!, now, cancellationToken);
            case PaymentOutcome.Declined:
                return await UndoAsync(transaction, payment, PaymentState.Declined, answer,
                    CheckoutProblems.PaymentDeclined.With($"The provider answered {answer.DeclineCode}. Complete the session with another payment."), now, cancellationToken);
            case PaymentOutcome.NotFound or PaymentOutcome.Voided:
                return await UndoAsync(transaction, payment, PaymentState.Voided, answer, null, now, cancellationToken);
            case PaymentOutcome.ActionRequired when payment.CreatedAt + options.ActionTime <= now.UtcDateTime:
                return await UndoAsync(transaction, payment, PaymentState.Voiding, answer with { DeclineCode = "action_not_taken" },
                    CheckoutProblems.PaymentDeclined.With("Nobody did what the provider asked for in time. Complete the session with another payment."), now, cancellationToken);
            case PaymentOutcome.ActionRequired:
                return new Settled(PaymentState.RequiresAction, await EscalateAsync(transaction, session, payment, answer, now, cancellationToken));
            default:
                // It is asked again: after a second, and ever more seldom.
                await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                    update checkout.payments set leased_until = clock_timestamp() + least(60, power(2, least(attempt, 6) - 1)) * interval '1 second' where id = @Id
                    """, new { payment.Id }, transaction, cancellationToken: cancellationToken));
                await StockHolds.ExtendAsync(transaction, payment.SessionId, now + options.StockHold, cancellationToken, payment.IsTest);
                return new Settled(PaymentState.Pending, InProgress(payment));
        }
    }

    // An order that cannot be placed after all is undone, and that is written down in the same transaction.
    private const string LockSql = $"""
        {Writes.OnePlanSql};
        {SessionRow.LockSql};
        {PaymentRow.LockSql};
        savepoint {BeforeOrder}
        """;

    private static async Task<(CheckoutSession Session, PaymentRow Payment)> LockAsync(NpgsqlTransaction transaction, PaymentRow known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var found = await transaction.Connection!.QueryMultipleAsync(new CommandDefinition(LockSql,
            new { id = known.SessionId, known.GrantId, IsAdministrator = false, known.IsTest, paymentId = known.Id }, transaction, cancellationToken: cancellationToken));
        return ((await found.ReadSingleAsync<SessionRow>()).ToSession(now), await found.ReadSingleAsync<PaymentRow>() with { AlsoAsked = known.AlsoAsked });
    }

    // Rows are locked in one order everywhere: session, payment, quote, grant, stock by product number.
    private async Task<Outcome<CheckoutSession>> PlaceAsync(
        NpgsqlTransaction transaction, CheckoutSession session, PaymentRow payment, string reference, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var orderId = Ids.New("ord", now);
        if (session.QuoteId is not null)
        {
            // As it was when the payment began: what is being paid is not too late.
            if (await Quotes.FindAsync(transaction, session.QuoteId, payment.Agent, new DateTimeOffset(payment.CreatedAt), cancellationToken) is { Succeeded: false } quote)
            {
                return quote.Problem!;
            }
            await Quotes.RedeemAsync(transaction, session.QuoteId, orderId, cancellationToken);
            CompletionSteps.Reached(CompletionSteps.QuoteRedeemed, session.Id);
        }
        // Before anything is charged: what was revoked, paused or released since is not.
        if (await Ledger.CommitAsync(transaction, payment.Agent, payment.Total, session.Id, now, cancellationToken) is { } ended)
        {
            return ended;
        }
        CompletionSteps.Reached(CompletionSteps.BudgetSpent, session.Id);
        if (!await StockHolds.TakeAsync(transaction, session.Id, session.StockLines, now, cancellationToken, payment.IsTest))
        {
            return CheckoutProblems.OutOfStock.With("What was held for the session is gone: the payment took too long, or the merchant has counted less since.");
        }
        CompletionSteps.Reached(CompletionSteps.StockTaken, session.Id);
        if (!payment.IsTest && await DiscountUses.TakeAsync(transaction, session, shop.Current, now, cancellationToken) is { } usedUp)
        {
            return usedUp;
        }
        await EventLog.AppendAsync(transaction, default, """
            insert into checkout.orders (id, session_id, grant_id, client_id, person, currency, line_items, total, placed_at, document, caller, is_test)
            select @orderId, s.id, p.grant_id, p.client_id, coalesce(p.person, ''), p.currency, s.line_items, p.amount, @now, s.document, p.caller, p.is_test
            from checkout.payments p join checkout.sessions s on s.id = p.session_id where p.id = @Id;
            update checkout.sessions set status = 'completed', order_id = @orderId, escalation = null where id = @SessionId;
            update checkout.payments set state = 'authorised', order_id = @orderId, reference = @reference, action_url = null where id = @Id
            """, new { orderId, payment.Id, payment.SessionId, reference, now }, orderId, payment.ClientId, now,
            new OrderPlaced(session.Id, payment.GrantId, payment.Total, session.LineItems, payment.Handler, reference, session.QuoteId, payment.ClientId), cancellationToken);
        CompletionSteps.Reached(CompletionSteps.OrderPlaced, session.Id);
        return session with { Status = SessionStatus.Completed, Order = new OrderReference(orderId) };
    }

    private async Task<Outcome<Settled>> UndoAsync(
        NpgsqlTransaction transaction, PaymentRow payment, PaymentState state, ProviderAnswer answer, Problem? refusal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Ledger.ReleaseAsync(transaction, payment.Agent, payment.SessionId, now, cancellationToken, unlessApproved: true);
        await StockHolds.ReleaseAsync(transaction, payment.SessionId, cancellationToken, payment.IsTest);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            update checkout.sessions set status = @status, escalation = null where id = @SessionId;
            update checkout.payments set state = @state, reference = coalesce(@Reference, reference), decline_code = @DeclineCode, action_url = null,
                leased_until = clock_timestamp() + @Lease, settled_at = case @state when 'voiding' then null else @now end
            where id = @Id
            """,
            new
            {
                payment.Id,
                payment.SessionId,
                answer.Reference,
                answer.DeclineCode,
                state = Wire.Of(state),
                status = refusal?.Type == IdentityProblems.GrantRevoked ? "canceled" : "ready_for_complete",
                options.Lease,
                now,
            }, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, payment.SessionId, payment.ClientId, now,
            new PaymentFailed(payment.Id, payment.GrantId, payment.ClientId, payment.Total, payment.Handler, answer.DeclineCode ?? "not_made"), cancellationToken);
        if (refusal is null)
        {
            // Nobody was told anything: the same request begins anew.
            return new Settled(state, InProgress(payment));
        }
        await AnswerAsync(transaction, payment, refusal, cancellationToken);
        return new Settled(state, refusal);
    }

    private async Task<CheckoutSession> EscalateAsync(
        NpgsqlTransaction transaction, CheckoutSession session, PaymentRow payment, ProviderAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var escalation = new Escalation("payment_action_required", "The payment provider asks the buyer to confirm the payment.", "requires_buyer_input", answer.ActionUrl?.ToString());
        // Asked again soon, since the person may have done it without anybody telling.
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            update checkout.sessions set status = 'requires_escalation', escalation = @escalation::jsonb where id = @SessionId;
            update checkout.payments set state = 'requires_action', reference = coalesce(@Reference, reference), action_url = @url, leased_until = clock_timestamp() + interval '5 seconds' where id = @Id
            """,
            new { payment.SessionId, payment.Id, answer.Reference, url = escalation.ContinueUrl, escalation = JsonSerializer.Serialize(escalation, StoredJson.Options) },
            transaction, cancellationToken: cancellationToken));
        await StockHolds.ExtendAsync(transaction, payment.SessionId, now + options.StockHold, cancellationToken, payment.IsTest);
        return session with { Status = SessionStatus.RequiresEscalation };
    }

    private async Task AnswerAsync(NpgsqlTransaction transaction, PaymentRow payment, Outcome<CheckoutSession> answer, CancellationToken cancellationToken)
    {
        if (payment.IdempotencyKey is { } key)
        {
            await writes.AnswerAsync(transaction, new WriteKey(payment.GrantId, CompleteCheckoutSession.PathOf(payment.SessionId), key, payment.RequestHash), answer, cancellationToken);
        }
        if (payment.AlsoAsked is { } asked)
        {
            await writes.AnswerAsync(transaction, asked, answer, cancellationToken);
        }
    }

    internal static Problem InProgress(PaymentRow payment) => CheckoutProblems.PaymentInProgress.With(
        $"The payment {payment.Id} is under way, and what became of it is not known yet.",
        remedy: new("Repeat the same request with the same Idempotency-Key, or read the session.", "/v1/checkout_sessions/" + payment.SessionId), retryAfterSeconds: 2);
}

/// <summary>What a person has to do before a session can be completed, as the session shows it.</summary>
/// <param name="Code">Why, stable.</param>
/// <param name="Content">What to do, in words.</param>
/// <param name="Severity"><c>requires_buyer_input</c> or <c>requires_buyer_review</c>.</param>
/// <param name="ContinueUrl">Where to do it; null where only waiting helps.</param>
/// <param name="ApprovalId">The approval that is waited for; null for other reasons.</param>
internal sealed record Escalation(string Code, string Content, string Severity, string? ContinueUrl, string? ApprovalId = null)
{
    /// <summary>The code of what waits for the person's approval.</summary>
    public const string ApprovalRequired = "approval_required";

    /// <summary>What the session says of it.</summary>
    public Message ToMessage() => new(MessageType.Error, Code, Content, null,
        Severity == "requires_buyer_input" ? MessageSeverity.RequiresBuyerInput : MessageSeverity.RequiresBuyerReview,
        new Remedy(ContinueUrl is null ? "Wait for the person." : "Send the person to continue_url, then complete the session again.", ApprovalId is null ? null : "/v1/approvals/" + ApprovalId));
}

/// <summary>A payment came to nothing: nothing was charged, and what was held is free again.</summary>
/// <param name="PaymentId"><c>pay_…</c></param>
/// <param name="GrantId">The grant that was to pay.</param>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="Total">What was to be paid.</param>
/// <param name="Handler">The provider.</param>
/// <param name="Reason">Why, in a word: the provider's decline code, or the refusal that came after it.</param>
public sealed record PaymentFailed(string PaymentId, string GrantId, string ClientId, Money Total, string Handler, string Reason) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "payment.failed";
}
