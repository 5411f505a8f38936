using CustobotGateway.Common.Database;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.TestMode;
using Dapper;
using Npgsql;

namespace CustobotGateway.Telemetry;

/// <summary>
/// Follows the events of all modules and records what they say of demand. It polls: a NOTIFY with each event would make all
/// commits of the database queue for one lock. Any number of gateways may run it; one at a time gets to work.
/// </summary>
internal sealed class DemandFollower(NpgsqlDataSource database, MigrateAtStart migration, ITestClients testClients, TimeProvider clock, ILogger<DemandFollower> logger) : BackgroundService
{
    private const string Name = "demand";
    private const long AdvisoryLock = 0x44454D_414E44;
    private const int BatchSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.WhenDoneAsync(stoppingToken);
        while (true)
        {
            await Task.Delay(await PauseAfterAsync(stoppingToken), stoppingToken);
        }
    }

    private async Task<TimeSpan> PauseAfterAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await FollowAsync(stoppingToken) ? TimeSpan.Zero : Pause;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database is away; or one event is not understood, which must not end the gateway.
            Log.FollowingPaused(logger, exception.GetType().Name);
            return PauseAfterFailure;
        }
    }

    /// <summary>Records the next batch; whether there may be more.</summary>
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
            "select from_snapshot, until_snapshot, position from telemetry.followers where name = @Name", new { Name }, transaction, cancellationToken: cancellationToken));
        var cursor = stored.From is null ? EventCursor.Start : new EventCursor(stored.From, stored.Until, stored.Position);
        var (events, next) = await EventReader.ReadAsync(connection, cursor, BatchSize, cancellationToken);
        if (events.Count == 0 && cursor.Until is null)
        {
            // Nothing new: the stored cursor still holds, and an idle gateway writes nothing.
            return false;
        }
        await RecordAsync(events, next, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return next.Until is not null;
    }

    private async Task RecordAsync(IReadOnlyList<Event> events, EventCursor next, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // Who tries out wants nothing.
        var tests = await testClients.WhichAsync([.. events.Select(entry => entry.Actor).Distinct()], cancellationToken);
        var facts = events.Where(entry => !tests.Contains(entry.Actor)).SelectMany(entry => DemandFact.Of(entry).Select(fact => (entry, fact))).ToArray();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into telemetry.demand_events (type, product_id, quantity, amount, currency, source, at, recorded_at)
            select f.type, f.product, f.quantity, f.amount, f.currency, f.source, f.at, @now
            from unnest(@types, @products, @quantities, @amounts, @currencies, @sources, @ats)
                with ordinality as f (type, product, quantity, amount, currency, source, at, place) order by f.place;
            insert into telemetry.followers (name, from_snapshot, until_snapshot, position) values (@Name, @From, @Until, @Position)
            on conflict (name) do update set from_snapshot = excluded.from_snapshot, until_snapshot = excluded.until_snapshot, position = excluded.position
            """,
            new
            {
                now,
                types = facts.Select(f => f.fact.Type).ToArray(),
                products = facts.Select(f => f.fact.ProductId).ToArray(),
                quantities = facts.Select(f => f.fact.Quantity).ToArray(),
                amounts = facts.Select(f => f.fact.Value.Amount).ToArray(),
                currencies = facts.Select(f => f.fact.Value.Currency).ToArray(),
                sources = facts.Select(f => f.entry.Stream).ToArray(),
                ats = facts.Select(f => f.entry.At.UtcDateTime).ToArray(),
                Name,
                next.From,
                next.Until,
                next.Position,
            }, transaction, cancellationToken: cancellationToken));
    }
}
