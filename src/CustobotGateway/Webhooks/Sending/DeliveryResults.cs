using System.Text.Json;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Webhooks.Sending;

/// <summary>What is to be written down of a claim.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Message">The message that was tried; null where only the claim ends.</param>
/// <param name="Sent">What came of it; null where none was tried.</param>
/// <param name="EndsClaim">Whether the queue is given back.</param>
/// <param name="Wait">How long the stream waits for its next attempt; null where it does not.</param>
internal sealed record Result(Claimed Claim, Message? Message, Sent? Sent, bool EndsClaim, TimeSpan? Wait)
{
    /// <summary>Where the delivery stands after it.</summary>
    public string State => Sent!.Arrived ? "delivered" : Wait is null ? "dead_letter" : "pending";
}

/// <summary>Writes down what came of deliveries, many at a time.</summary>
internal static class DeliveryResults
{
    private const int MostAttemptsKept = 20;

    private const string DeliveriesSql = """
        update webhooks.deliveries d set state = given.state, attempts = d.attempts + 1,
            log = (case when jsonb_array_length(d.log) >= @MostAttemptsKept then d.log - 0 else d.log end) || given.entry::jsonb,
            delivered_at = case when given.state = 'delivered' then @now end
        from unnest(@numbers, @states, @entries) as given (number, state, entry)
        where d.number = given.number and d.state = 'pending'
        """;

    // A second statement: what was added while this one waited for the lock is seen.
    private const string QueuesSql = """
        delete from webhooks.queues q using unnest(@endpoints, @streams) as given (endpoint_id, stream)
        where q.endpoint_id = given.endpoint_id and q.stream = given.stream
          and not exists (select 1 from webhooks.deliveries d where d.endpoint_id = q.endpoint_id and d.stream = q.stream and d.state = 'pending');
        update webhooks.queues q set lease = null, leased_until = null, due_at = coalesce(given.due_at, q.due_at)
        from unnest(@endpoints, @streams, @dues) as given (endpoint_id, stream, due_at)
        where q.endpoint_id = given.endpoint_id and q.stream = given.stream
        """;

    /// <summary>Writes the results of claims that still hold; whoever took over a claim that does not sends its messages again.</summary>
    public static async Task WriteAsync(NpgsqlDataSource database, IReadOnlyList<Result> results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var claims = results.Select(one => one.Claim).Distinct().ToArray();
        var held = (await connection.QueryAsync<Guid>(new CommandDefinition("""
            select q.lease from webhooks.queues q join unnest(@endpoints, @streams, @leases) as given (endpoint_id, stream, lease)
                on q.endpoint_id = given.endpoint_id and q.stream = given.stream and q.lease = given.lease
            order by q.endpoint_id, q.stream for update of q
            """,
            new { endpoints = claims.Select(one => one.EndpointId).ToArray(), streams = claims.Select(one => one.Stream).ToArray(), leases = claims.Select(one => one.Lease).ToArray() },
            transaction, cancellationToken: cancellationToken))).ToHashSet();
        var tried = results.Where(one => one.Sent is not null && held.Contains(one.Claim.Lease)).ToArray();
        if (tried.Length > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition(DeliveriesSql,
                new
                {
                    numbers = tried.Select(one => one.Message!.Number).ToArray(),
                    states = tried.Select(one => one.State).ToArray(),
                    entries = tried.Select(one => JsonSerializer.Serialize(one.Sent!.Attempt, StoredJson.Options)).ToArray(),
                    MostAttemptsKept,
                    now,
                }, transaction, cancellationToken: cancellationToken));
        }
        var ended = results.Where(one => one.EndsClaim && held.Contains(one.Claim.Lease)).ToArray();
        if (ended.Length > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition(QueuesSql,
                new
                {
                    endpoints = ended.Select(one => one.Claim.EndpointId).ToArray(),
                    streams = ended.Select(one => one.Claim.Stream).ToArray(),
                    // Who said that it is gone is disabled in a moment, and asked nothing more until then.
                    dues = ended.Select(one => one.Wait is { } wait ? now + wait : one.Sent?.IsGone == true ? now.AddSeconds(DeliveryClaims.LeaseSeconds) : (DateTimeOffset?)null).ToArray(),
                }, transaction, cancellationToken: cancellationToken));
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Notes since when endpoints fail, or that they do not any more; the endpoints that are to be disabled. Apart from the queues, since endpoints are locked before them.
    /// </summary>
    public static async Task<IReadOnlyList<(string EndpointId, DisabledReason Reason)>> NoteHealthAsync(
        NpgsqlDataSource database, IReadOnlyList<Result> results, int disableAfterDays, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var disabled = new List<(string, DisabledReason)>();
        foreach (var endpoint in results.Where(one => one.Sent is not null).GroupBy(one => one.Claim.EndpointId).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (endpoint.Any(one => one.Sent!.IsGone))
            {
                disabled.Add((endpoint.Key, DisabledReason.Gone));
            }
            else if (endpoint.Any(one => one.Sent!.Arrived))
            {
                if (endpoint.Any(one => one.Claim.IsFailing || !one.Sent!.Arrived))
                {
                    await database.ExecuteAsync("update webhooks.endpoints set failing_since = null where id = @Key and failing_since is not null", new { endpoint.Key }, cancellationToken);
                }
            }
            else if (await database.QuerySingleAsync<DateTime?>(
                "update webhooks.endpoints set failing_since = coalesce(failing_since, @now) where id = @Key and enabled returning failing_since", new { endpoint.Key, now }, cancellationToken) is { } since
                && since <= now.UtcDateTime.AddDays(-disableAfterDays))
            {
                disabled.Add((endpoint.Key, DisabledReason.Failing));
            }
        }
        return disabled;
    }

    private static async Task ExecuteAsync(this NpgsqlDataSource database, string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    private static async Task<T?> QuerySingleAsync<T>(this NpgsqlDataSource database, string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }
}
