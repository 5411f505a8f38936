using Dapper;
using Npgsql;

namespace CustobotGateway.Webhooks.Sending;

/// <summary>
/// The queues: one for each stream of an endpoint, so that whoever holds a queue's lease alone sends what is pending of the stream, in order. Locks are taken in one
/// order everywhere: endpoint, queues by endpoint and stream, deliveries.
/// </summary>
internal static class DeliveryQueue
{
    /// <summary>Makes queues due, and makes those that there are not. Whoever is about to drop an emptied one is waited for.</summary>
    public static Task AddAsync(NpgsqlTransaction transaction, IEnumerable<(string EndpointId, string Stream)> queues, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var distinct = queues.Distinct().ToArray();
        return distinct.Length == 0 ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into webhooks.queues (endpoint_id, stream, due_at)
            select endpoint_id, stream, @now from unnest(@endpoints, @streams) as given (endpoint_id, stream) order by endpoint_id collate "C", stream collate "C"
            on conflict (endpoint_id, stream) do update set due_at = excluded.due_at
            """, new { endpoints = distinct.Select(one => one.EndpointId).ToArray(), streams = distinct.Select(one => one.Stream).ToArray(), now }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>As <see cref="AddAsync"/>, but a stream that waits for its next attempt goes on waiting.</summary>
    public static Task AddBehindAsync(NpgsqlTransaction transaction, IEnumerable<(string EndpointId, string Stream)> queues, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var distinct = queues.Distinct().ToArray();
        return distinct.Length == 0 ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into webhooks.queues (endpoint_id, stream, due_at)
            select endpoint_id, stream, @now from unnest(@endpoints, @streams) as given (endpoint_id, stream) order by endpoint_id collate "C", stream collate "C"
            on conflict (endpoint_id, stream) do update set due_at = queues.due_at
            """, new { endpoints = distinct.Select(one => one.EndpointId).ToArray(), streams = distinct.Select(one => one.Stream).ToArray(), now }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>Locks all queues of an endpoint.</summary>
    public static Task LockAllAsync(NpgsqlTransaction transaction, string endpointId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "select 1 from webhooks.queues where endpoint_id = @endpointId order by stream for update", new { endpointId }, transaction, cancellationToken: cancellationToken));
}
