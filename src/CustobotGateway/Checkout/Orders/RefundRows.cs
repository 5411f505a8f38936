using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Why money goes back, before the provider is asked.</summary>
/// <param name="Reason">A word for it.</param>
/// <param name="Comment">In words, or null.</param>
/// <param name="Cause"><c>refund</c>, <c>cancellation</c> or <c>return</c>.</param>
/// <param name="CauseId">The cancellation or the return, or null.</param>
/// <param name="ExternalId">The merchant's own name for it, or null.</param>
/// <param name="RequestKey">Of the request, or null.</param>
internal sealed record RefundCause(string Reason, string? Comment, string Cause, string? CauseId, string? ExternalId, string? RequestKey);

/// <summary>Sets money aside that is to go back, in the transaction that decides it; the order's row is held.</summary>
internal static class RefundRows
{
    private sealed record PaymentRow(string Id, string State, string Currency, long Amount, long Captured, bool IsBusy);

    /// <summary>
    /// Writes down a refund, so that it counts against what was charged from now on. A payment that is held and not charged yet is given up as a whole, and kept from being
    /// charged meanwhile; a part of it cannot go back before it is charged.
    /// </summary>
    public static async Task<Outcome<Refund>> ReserveAsync(
        NpgsqlTransaction transaction, StoredOrder order, long amount, IReadOnlyList<LineQuantity> pieces, RefundCause cause, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var payment = await connection.QueryFirstOrDefaultAsync<PaymentRow?>(new CommandDefinition("""
            select id, state, currency, amount, captured, coalesce(leased_until > now(), false) as isbusy from checkout.payments
            where order_id = @Id and state in ('authorised', 'captured') order by created_at desc limit 1 for update
            """, new { order.Order.Id }, transaction, cancellationToken: cancellationToken));
        var isHeld = payment is { State: "authorised" };
        if (payment is null || (isHeld && (payment.IsBusy || amount < payment.Amount)))
        {
            return OrderProblems.PaymentUnsettled.With("The payment of the order is not charged yet: a part of it cannot go back. Repeat the request after Retry-After.", retryAfterSeconds: 2);
        }
        var before = order.Refunds.Where(refund => refund.State != RefundState.Failed).Sum(refund => refund.Amount);
        var most = (isHeld ? payment.Amount : payment.Captured) - before;
        if (amount > most)
        {
            return OrderProblems.RefundExceedsPayment.With($"{most} of {payment.Currency} minor units are left of the payment, not {amount}.", [new("/amount", "too_much", $"At most {most}.")]);
        }
        if (order.Refunds.Count >= StoredOrder.MaxActs)
        {
            return OrderProblems.TooManyActs.With($"An order has at most {StoredOrder.MaxActs} refunds.");
        }
        var refund = new Refund(Ids.New("ref", now), order.Order.Id, RefundState.Pending, amount, payment.Currency, cause.Reason, cause.Comment, pieces, cause.Cause, cause.CauseId,
            cause.ExternalId, now, null, null);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into checkout.refunds (id, order_id, payment_id, external_id, kind, state, amount, currency, reason, comment, cause, cause_id, actor, created_at, request_key, is_test)
            select @Id, @OrderId, @payment, @ExternalId, @kind, 'pending', @Amount, @Currency, @Reason, @Comment, @Cause, @CauseId, @actor, @CreatedAt, @RequestKey, o.is_test
            from checkout.orders o where o.id = @OrderId;
            update checkout.payments set leased_until = now() + interval '5 minutes' where id = @payment and @isHeld
            """,
            new
            {
                refund.Id,
                refund.OrderId,
                payment = payment.Id,
                refund.ExternalId,
                kind = isHeld ? "void" : "refund",
                refund.Amount,
                refund.Currency,
                refund.Reason,
                refund.Comment,
                refund.Cause,
                refund.CauseId,
                actor,
                refund.CreatedAt,
                cause.RequestKey,
                isHeld,
            }, transaction, cancellationToken: cancellationToken));
        if (pieces.Count > 0)
        {
            await Pieces.AddAsync(transaction, refund.OrderId, "refunded", refund.Id, pieces, cancellationToken);
        }
        return refund;
    }

    /// <summary>What pieces were paid with, those left out that were paid back by the piece before; and which of them that is.</summary>
    public static (long Amount, LineQuantity[] Pieces) Worth(StoredOrder order, IEnumerable<LineQuantity> pieces)
    {
        var shares = PaidShares.OfLines(order.Order);
        LineQuantity[] payable = [.. pieces.Select(piece => piece with { Quantity = Math.Min(piece.Quantity, order.States[piece.Id].Refundable) }).Where(piece => piece.Quantity > 0)];
        return (payable.Sum(piece => PaidShares.OfPieces(shares[piece.Id], order.States[piece.Id].Original, order.States[piece.Id].Refunded, piece.Quantity)), payable);
    }
}
