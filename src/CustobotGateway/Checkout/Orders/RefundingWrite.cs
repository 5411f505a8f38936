using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>What the first transaction of a write did that gives money back.</summary>
/// <param name="Answer">The answer as far as it is known.</param>
/// <param name="RefundId">The refund that has to be carried out, or null.</param>
internal sealed record Acted<T>(T Answer, string? RefundId);

/// <summary>A write that gives money back: one transaction decides and sets the money aside, the provider is asked outside of any, and the answer is kept with what became of it.</summary>
internal static class RefundingWrite
{
    /// <summary>Runs it on an order that the caller may change.</summary>
    /// <param name="id">The order; its row is held while it is decided.</param>
    /// <param name="attempt">What is asked, by whom, under which key.</param>
    /// <param name="act">Decides in the transaction given, or finds what the same request did before it was cut off.</param>
    /// <param name="finish">The answer with the refund as it then stands.</param>
    /// <param name="writes">Runs the transactions.</param>
    /// <param name="refunds">Asks the provider.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<Outcome<T>> RunAsync<T>(
        string id, WriteAttempt attempt, Func<NpgsqlTransaction, StoredOrder, Task<Outcome<Acted<T>>>> act, Func<T, Refund?, T> finish, Writes writes, Refunding refunds, CancellationToken cancellationToken)
        where T : notnull
    {
        var prepared = await writes.PrepareAsync<T, Acted<T>>(
            attempt, transaction => OrderWrite.OnAsync(transaction, id, OrderAccess.HandOf(attempt.Agent), act, cancellationToken), cancellationToken);
        if (prepared.Answer is { } answer)
        {
            return answer;
        }
        var acted = prepared.Step!;
        if (acted.RefundId is not null && !attempt.Agent.IsDryRun)
        {
            await refunds.SettleAsync(acted.RefundId, cancellationToken);
        }
        return await writes.RunAsync<T>(attempt, async transaction =>
        {
            var refund = acted.RefundId is null ? null : await GetRefund.FindAsync(transaction.Connection!, transaction, acted.RefundId, cancellationToken);
            return finish(acted.Answer, refund);
        }, cancellationToken);
    }
}
