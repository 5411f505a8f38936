using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>A write on one order: who may is asked, and the order's row is held.</summary>
internal static class OrderWrite
{
    /// <summary>Runs it under the caller's key.</summary>
    /// <param name="id">The order.</param>
    /// <param name="step">What is done with it, as the path says it.</param>
    /// <param name="request">The request's body.</param>
    /// <param name="idempotencyKey">The caller's, or null.</param>
    /// <param name="agent">Who asks.</param>
    /// <param name="sight">Which orders it may do this with.</param>
    /// <param name="writes">Runs the transaction.</param>
    /// <param name="write">Does it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<Outcome<T>> RunAsync<T>(
        string id, string step, object request, string? idempotencyKey, AgentPrincipal agent, OrderAccess.Sight sight, Writes writes,
        Func<NpgsqlTransaction, StoredOrder, Task<Outcome<T>>> write, CancellationToken cancellationToken)
        where T : notnull =>
        writes.RunAsync<T>(new WriteAttempt(agent, $"orders/{id}/{step}", idempotencyKey, request), transaction => OnAsync(transaction, id, sight, write, cancellationToken), cancellationToken);

    /// <summary>Locks the order and does it, in a transaction that is there.</summary>
    public static async Task<Outcome<T>> OnAsync<T>(
        NpgsqlTransaction transaction, string id, OrderAccess.Sight sight, Func<NpgsqlTransaction, StoredOrder, Task<Outcome<T>>> write, CancellationToken cancellationToken)
        where T : notnull =>
        await StoredOrder.FindAsync(transaction.Connection!, transaction, id, sight, forUpdate: true, cancellationToken) is { } stored ? await write(transaction, stored) : GetOrder.Unknown(id);
}
