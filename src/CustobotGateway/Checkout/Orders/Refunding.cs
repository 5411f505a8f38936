using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>
/// Carries refunds out that were written down: the provider is asked outside of any transaction, by the refund's own id, and what it answers is written down in one. What it
/// does not answer is asked again until it is known, by whichever gateway comes first.
/// </summary>
internal sealed class Refunding(PaymentProviders providers, PaymentOptions options, NpgsqlDataSource database, TimeProvider clock) : IUnsettled
{
    private const int AtOnce = 20;

    // Longer than any provider is waited for; from the second try on twice as long each time, up to an hour.
    private const string ClaimSql = """
        update checkout.refunds r set attempt = r.attempt + 1, leased_until = now() + least(interval '1 hour', @Lease * power(2, least(r.attempt, 6)))
        from checkout.payments p
        where r.id = @id and r.state = 'pending' and (r.leased_until is null or r.leased_until <= now()) and p.id = r.payment_id
        returning r.order_id as orderid, r.payment_id as paymentid, r.kind, r.amount, r.currency, p.handler, p.reference, p.is_test as istest
        """;

    private sealed record Claimed(string OrderId, string PaymentId, string Kind, long Amount, string Currency, string Handler, string? Reference, bool IsTest);

    private sealed record Row(string State, string Reason, string Cause, string? CauseId, string Actor);

    /// <inheritdoc/>
    public async Task<int> SettleAsync(CancellationToken cancellationToken)
    {
        List<string> due;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            due = (await connection.QueryAsync<string>(new CommandDefinition($"""
                select id from checkout.refunds where state = 'pending' and (leased_until is null or leased_until <= now()) order by leased_until nulls first limit {AtOnce}
                """, cancellationToken: cancellationToken))).AsList();
        }
        var settled = 0;
        foreach (var id in due)
        {
            settled += await SettleAsync(id, cancellationToken) ? 1 : 0;
        }
        return settled;
    }

    /// <summary>Carries one out, unless another gateway is at it; false while it is not known what became of it.</summary>
    public async Task<bool> SettleAsync(string id, CancellationToken cancellationToken)
    {
        Claimed? claimed;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            claimed = await connection.QuerySingleOrDefaultAsync<Claimed?>(new CommandDefinition(ClaimSql, new { id, options.Lease }, cancellationToken: cancellationToken));
        }
        if (claimed is null || providers.Known(claimed.Handler) is not { } asked)
        {
            return false;
        }
        var (payment, amount) = (new PaymentReference(claimed.PaymentId, claimed.Reference, claimed.IsTest), new Money(claimed.Amount, claimed.Currency));
        CompletionSteps.Reached(CompletionSteps.RefundClaimed, id);
        // Asked to the end, also where nobody waits for the answer any more.
        var answer = await AskProvider.RunAsync(options, time => claimed.Kind == "void" ? asked.VoidAsync(payment, time) : asked.RefundAsync(payment, id, amount, time));
        CompletionSteps.Reached(CompletionSteps.RefundAnswered, id);
        if (claimed.Kind == "void" && answer.Outcome is PaymentOutcome.Captured or PaymentOutcome.Refunded)
        {
            // It had been charged meanwhile, so it is given back.
            await RetryAsRefundAsync(id, cancellationToken);
            return await SettleAsync(id, cancellationToken);
        }
        return answer.Outcome switch
        {
            // What was to be let go of and is not held is let go of.
            PaymentOutcome.Declined or PaymentOutcome.NotFound when claimed.Kind == "void" => await WriteAsync(id, claimed, amount, null, cancellationToken),
            PaymentOutcome.Refunded or PaymentOutcome.Voided => await WriteAsync(id, claimed, amount, null, cancellationToken),
            PaymentOutcome.Declined or PaymentOutcome.NotFound => await WriteAsync(id, claimed, amount, answer.DeclineCode ?? "not_found", cancellationToken),
            _ => false,
        };
    }

    private async Task RetryAsRefundAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update checkout.refunds set kind = 'refund', leased_until = null where id = @id and state = 'pending' and kind = 'void'", new { id }, cancellationToken: cancellationToken));
    }

    // Rows are locked in one order everywhere: order, session, payment, quote, grant, stock.
    private async Task<bool> WriteAsync(string id, Claimed claimed, Money amount, string? failure, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (client, grant, session) = await connection.QuerySingleAsync<(string, string, string)>(new CommandDefinition(
            "select client_id, grant_id, session_id from checkout.orders where id = @OrderId for update", new { claimed.OrderId }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "select 1 from checkout.payments where id = @PaymentId for update", new { claimed.PaymentId }, transaction, cancellationToken: cancellationToken));
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            "select state, reason, cause, cause_id as causeid, actor from checkout.refunds where id = @id for update", new { id }, transaction, cancellationToken: cancellationToken));
        if (row.State != "pending")
        {
            return true;
        }
        await connection.ExecuteAsync(new CommandDefinition("""
            update checkout.refunds set state = @state, failure = @failure, settled_at = @now, leased_until = null where id = @id;
            update checkout.payments set refunded = refunded + @Amount where id = @PaymentId and @state = 'completed' and @Kind = 'refund';
            update checkout.payments set state = 'voided', settled_at = @now where id = @PaymentId and @state = 'completed' and @Kind = 'void';
            insert into checkout.line_acts (order_id, line_id, act, quantity, act_id)
            select order_id, line_id, 'refund_failed', quantity, act_id from checkout.line_acts where order_id = @OrderId and act_id = @id and act = 'refunded' and @state = 'failed'
            """,
            new { id, state = failure is null ? "completed" : "failed", failure, now, claimed.Amount, claimed.PaymentId, claimed.Kind, claimed.OrderId }, transaction, cancellationToken: cancellationToken));
        if (failure is null)
        {
            await Ledger.RefundAsync(transaction, grant, session, id, amount, row.Actor, now, cancellationToken);
            await EventLog.AppendAsync(transaction, claimed.OrderId, row.Actor, now, new OrderRefunded(client, grant, id, amount, row.Reason, row.Cause, row.CauseId), cancellationToken);
        }
        else
        {
            await EventLog.AppendAsync(transaction, claimed.OrderId, row.Actor, now, new OrderRefundFailed(client, grant, id, amount, failure), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
