using CustobotGateway.Common.Database;
using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>
/// Follows what operators do in the events of purchases, delegation and negotiations, and counts it, each event once. Any number of gateways may run it; one at a
/// time gets to count, and each reads what changed.
/// </summary>
internal sealed partial class TrustFollower(
    NpgsqlDataSource database, MigrateAtStart migration, TrustScores scores, TrustOptions options, TimeProvider clock, ILogger<TrustFollower> logger) : BackgroundService
{
    private const string Name = "trust";
    private const long AdvisoryLock = 0x545255_5354;
    private const int BatchSize = 500;
    private const int MostHeld = 200_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadAllAfter = TimeSpan.FromMinutes(10);

    private DateTimeOffset? _changedUntil;
    private long _readAllAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.WhenDoneAsync(stoppingToken);
            while (true)
            {
                var pause = Pause;
                try
                {
                    pause = await FollowAsync(stoppingToken) ? TimeSpan.Zero : Pause;
                    await ReadAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The database is away; or one event is not understood, which must not end the gateway.
                    LogPaused(logger, exception.Message);
                    pause = PauseAfterFailure;
                }
                await Task.Delay(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    /// <summary>Counts the next batch; whether there may be more.</summary>
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
        var expired = await ExpiredAsync(transaction, cancellationToken);
        var stored = await connection.QuerySingleOrDefaultAsync<(string? From, string? Until, long Position)>(new CommandDefinition(
            "select from_snapshot, until_snapshot, position from botdetection.followers where name = @Name", new { Name }, transaction, cancellationToken: cancellationToken));
        var cursor = stored.From is null ? EventCursor.Start : new EventCursor(stored.From, stored.Until, stored.Position);
        var (events, next) = await EventReader.ReadAsync(connection, cursor, BatchSize, cancellationToken);
        if (events.Count == 0 && cursor.Until is null && expired.Count == 0)
        {
            // Nothing new: the stored cursor still holds, and an idle gateway writes nothing.
            return false;
        }
        var counting = await TrustCounting.BeginAsync(transaction, events, options.HalfLifeDays, cancellationToken);
        foreach (var (name, at) in expired)
        {
            counting.Add(name, TrustComponent.AbandonedHolds, new DateTimeOffset(at));
        }
        foreach (var entry in events)
        {
            counting.Count(entry);
        }
        await counting.WriteAsync(transaction, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into botdetection.followers (name, from_snapshot, until_snapshot, position) values (@Name, @From, @Until, @Position)
            on conflict (name) do update set from_snapshot = excluded.from_snapshot, until_snapshot = excluded.until_snapshot, position = excluded.position
            """, new { Name, next.From, next.Until, next.Position }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return next.Until is not null;
    }

    /// <summary>Brings what the lanes ask for up to date: what changed since, now and then all, since it decays by itself.</summary>
    internal async Task ReadAsync(CancellationToken cancellationToken)
    {
        var readsAll = _changedUntil is null || clock.GetElapsedTime(_readAllAt) > ReadAllAfter;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await TrustStore.CountsAsync(connection, null, null, readsAll ? null : _changedUntil - Overlap, MostHeld, cancellationToken);
        foreach (var known in rows.GroupBy(row => row.Name))
        {
            scores.Set(known.Key, TrustStore.Explain(known.Key, known, clock.GetUtcNow(), options.HalfLifeDays).Trust);
        }
        _readAllAt = readsAll ? clock.GetTimestamp() : _readAllAt;
        _changedUntil = rows.Count == 0 ? _changedUntil ?? DateTimeOffset.UnixEpoch.AddDays(1) : rows.Max(row => new DateTimeOffset(row.ChangedAt));
    }

    // A hold that nobody ended has no event of its own: it is over with its time.
    private async Task<IReadOnlyList<(string Name, DateTime At)>> ExpiredAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<(string Name, DateTime At)>(new CommandDefinition($"""
            with over as (select subject, expires_at from botdetection.trust_subjects where state = 'hold' and expires_at < @before order by expires_at limit {BatchSize} for update)
            update botdetection.trust_subjects s set state = 'ended', expires_at = null from over where s.subject = over.subject returning s.operator, over.expires_at
            """, new { before = clock.GetUtcNow().AddMinutes(-1) }, transaction, cancellationToken: cancellationToken))).AsList();

    [LoggerMessage(1, LogLevel.Warning, "Trust cannot be followed just now, trying again: {Reason}")]
    private static partial void LogPaused(ILogger logger, string reason);
}
