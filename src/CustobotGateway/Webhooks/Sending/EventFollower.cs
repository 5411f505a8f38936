using CustobotGateway.Common.Database;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.TestMode;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Webhooks.Sending;

/// <summary>
/// Follows the events of all modules and writes a delivery for each endpoint that wants to be told, in the transaction that moves on: each event leads to one delivery
/// for each endpoint, in the order in which it happened. Any number of gateways may run it; one at a time gets to work.
/// </summary>
internal sealed class EventFollower(
    NpgsqlDataSource database, MigrateAtStart migration, WebhookOptions options, DeliverySignal signal, ITestClients testClients, TimeProvider clock, ILogger<EventFollower> logger) : BackgroundService
{
    private const string Name = "webhooks";
    private const long AdvisoryLock = 0x57454248_4F4F4B;
    private const int BatchSize = 1_000;
    private const int SweepSize = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(1);

    private DateTimeOffset _swept;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.WhenDoneAsync(stoppingToken);
        while (true)
        {
            var pause = Pause;
            try
            {
                pause = await FollowAsync(stoppingToken) ? TimeSpan.Zero : Pause;
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database is away; or one event is not understood, which must not end the gateway.
                Log.FollowingPaused(logger, exception.GetType().Name);
                pause = PauseAfterFailure;
            }
            await Task.Delay(pause, stoppingToken);
        }
    }

    /// <summary>Writes the deliveries of the next batch; whether there may be more.</summary>
    internal async Task<bool> FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The lock and the reading are separate statements: what the last holder committed must be seen.
        if (!await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "select pg_try_advisory_xact_lock(@AdvisoryLock)", new { AdvisoryLock }, transaction, cancellationToken: cancellationToken)))
        {
            return false;
        }
        var stored = await connection.QuerySingleOrDefaultAsync<(string? From, string? Until, long Position)>(new CommandDefinition(
            "select from_snapshot, until_snapshot, position from webhooks.followers where name = @Name", new { Name }, transaction, cancellationToken: cancellationToken));
        var cursor = stored.From is null ? EventCursor.Start : new EventCursor(stored.From, stored.Until, stored.Position);
        var (events, next) = await EventReader.ReadAsync(connection, cursor, BatchSize, cancellationToken);
        if (events.Count == 0 && cursor.Until is null)
        {
            // Nothing new: the stored cursor still holds, and an idle gateway writes nothing.
            return false;
        }
        // First, so that locks are taken in the order endpoint, queues.
        await EndWithGrantsAsync(transaction, events, cancellationToken);
        var added = await AddAsync(transaction, events, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into webhooks.followers (name, from_snapshot, until_snapshot, position) values (@Name, @From, @Until, @Position)
            on conflict (name) do update set from_snapshot = excluded.from_snapshot, until_snapshot = excluded.until_snapshot, position = excluded.position
            """, new { Name, next.From, next.Until, next.Position }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        if (added > 0)
        {
            signal.Wake();
        }
        return next.Until is not null;
    }

    private async Task<int> AddAsync(NpgsqlTransaction transaction, IReadOnlyList<Event> events, CancellationToken cancellationToken)
    {
        var endpoints = (await transaction.Connection!.QueryAsync<(string Id, string? ClientId, string? GrantId, string Events, long SincePosition, bool IsTest)>(new CommandDefinition(
            "select id, client_id, grant_id, array_to_string(events, ' '), since_position, is_test from webhooks.endpoints where enabled order by id",
            transaction: transaction, cancellationToken: cancellationToken)))
            .Select(row => new Subscriber(row.Id, row.ClientId, row.GrantId, row.Events.Split(' '), row.SincePosition, row.IsTest)).ToList();
        if (endpoints.Count == 0)
        {
            return 0;
        }
        // By client, so that an event is held against the endpoints of its own client and of the merchant, and not against everybody's.
        var byClient = endpoints.ToLookup(one => one.ClientId ?? "");
        var (numbers, streams, types, bodies) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        var tests = await testClients.WhichAsync([.. events.Select(entry => EventFacts.ClientOf(entry) ?? entry.Actor).Distinct()], cancellationToken);
        foreach (var entry in events)
        {
            var facts = EventFacts.Of(entry, tests);
            string? body = null;
            foreach (var endpoint in byClient[""].Concat(string.IsNullOrEmpty(facts.ClientId) ? [] : byClient[facts.ClientId]).Where(one => EventFilter.Wants(one, facts)))
            {
                numbers.Add(endpoint.Id);
                streams.Add(entry.Stream);
                types.Add(entry.Type);
                bodies.Add(body ??= MessageBody.Of(entry));
            }
        }
        if (numbers.Count > 0)
        {
            var now = clock.GetUtcNow();
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                insert into webhooks.deliveries (endpoint_id, stream, type, body, created_at)
                select endpoint_id, stream, type, body, @now from unnest(@numbers, @streams, @types, @bodies) with ordinality as given (endpoint_id, stream, type, body, place) order by place
                """, new { numbers, streams, types, bodies, now }, transaction, cancellationToken: cancellationToken));
            await DeliveryQueue.AddBehindAsync(transaction, numbers.Zip(streams), now, cancellationToken);
        }
        return numbers.Count;
    }

    // Whoever was let in by a grant is told of nothing once it has ended.
    private async Task EndWithGrantsAsync(NpgsqlTransaction transaction, IReadOnlyList<Event> events, CancellationToken cancellationToken)
    {
        var ended = events.Where(entry => entry.Type == GrantRevoked.Type).Select(entry => entry.Stream).ToArray();
        var ids = ended.Length == 0 ? [] : await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select id from webhooks.endpoints where grant_id = any(@ended) and enabled order by id", new { ended }, transaction, cancellationToken: cancellationToken));
        foreach (var id in ids)
        {
            await DisableEndpoint.RunAsync(transaction, id, DisabledReason.GrantEnded, clock.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>Forgets what the log has kept for long enough, a batch at a time.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - _swept < SweepPause)
        {
            return;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var swept = await connection.ExecuteAsync(new CommandDefinition($"""
            delete from webhooks.deliveries where number in (
                select number from webhooks.deliveries where state <> 'pending' and created_at < @before order by created_at limit {SweepSize} for update skip locked)
            """, new { before = now.AddDays(-options.RetentionDays) }, cancellationToken: cancellationToken));
        // What is left over is forgotten with the next look.
        _swept = swept == SweepSize ? _swept : now;
    }
}
