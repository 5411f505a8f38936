using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Webhooks;

/// <summary>What is told to whom and what did not arrive, for staff.</summary>
public static class WebhookOverview
{
    /// <summary>How many endpoints are shown at once.</summary>
    public const int MostEndpoints = 50;

    private const int MostCounted = 1_000;
    private const int MostFailures = 5;

    /// <summary>An endpoint and what waits for it.</summary>
    /// <param name="Endpoint">The endpoint.</param>
    /// <param name="Pending">How many deliveries are pending; counted to 1,000.</param>
    /// <param name="DeadLetters">How many dead letters it has; counted to 1,000.</param>
    public sealed record Entry(WebhookEndpoint Endpoint, int Pending, int DeadLetters);

    /// <summary>The endpoints, and of each the last dead letters and what fails just now.</summary>
    /// <param name="Endpoints">The oldest first.</param>
    /// <param name="Failures">The newest first.</param>
    /// <param name="Next">Where the list goes on; null at the end.</param>
    public sealed record Response(IReadOnlyList<Entry> Endpoints, IReadOnlyList<WebhookDelivery> Failures, string? Next);

    /// <summary>Reads the endpoints after one.</summary>
    public static async Task<Response> RunAsync(string? after, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(clock);
        var listed = (await ListEndpoints.RunAsync(after, MostEndpoints, AgentPrincipal.Administrator, database, clock, cancellationToken)).Value;
        var ids = listed.Endpoints.Select(one => one.Id).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = (await connection.QueryAsync<(string Id, int Pending, int Dead)>(new CommandDefinition($"""
            select id, (select count(*)::int from (select 1 from webhooks.deliveries d where d.endpoint_id = id and d.state = 'pending' limit {MostCounted}) as counted),
                (select count(*)::int from (select 1 from webhooks.deliveries d where d.endpoint_id = id and d.state = 'dead_letter' limit {MostCounted}) as counted)
            from unnest(@ids) as listed (id)
            """, new { ids }, cancellationToken: cancellationToken))).ToDictionary(row => row.Id);
        var failures = await connection.QueryAsync<DeliveryRow>(new CommandDefinition($"""
            {DeliveryRow.Select} where d.number in (
                select f.number from unnest(@ids) as listed (id) cross join lateral (
                    (select number from webhooks.deliveries where endpoint_id = id and state = 'dead_letter' order by number desc limit {MostFailures})
                    union all
                    (select head.number from (select stream from webhooks.queues where endpoint_id = id order by stream limit {MostFailures}) as queue cross join lateral (
                        select number, attempts from webhooks.deliveries where endpoint_id = id and stream = queue.stream and state = 'pending' order by number limit 1) as head
                     where head.attempts > 0)) as f)
            order by d.number desc
            """, new { ids }, cancellationToken: cancellationToken));
        return new Response([.. listed.Endpoints.Select(one => new Entry(one, counts[one.Id].Pending, counts[one.Id].Dead))], [.. failures.Select(row => row.ToDelivery(withPayload: false))], listed.Page.Next);
    }
}
