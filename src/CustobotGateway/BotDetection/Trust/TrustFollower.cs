using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Negotiation;
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
    private const string Hold = "hold";
    private const string Bargain = "negotiation";

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
                catch (Exception exception) when (exception is IOException or TimeoutException || (exception is NpgsqlException failure && DatabaseFailures.IsOutage(failure)))
                {
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
        var expired = await ExpireAsync(transaction, cancellationToken);
        var stored = await connection.QuerySingleOrDefaultAsync<(string? From, string? Until, long Position)>(new CommandDefinition(
            "select from_snapshot, until_snapshot, position from botdetection.followers where name = @Name", new { Name }, transaction, cancellationToken: cancellationToken));
        var cursor = stored.From is null ? EventCursor.Start : new EventCursor(stored.From, stored.Until, stored.Position);
        var (events, next) = await EventReader.ReadAsync(connection, cursor, BatchSize, cancellationToken);
        if (events.Count == 0 && cursor.Until is null && expired == 0)
        {
            // Nothing new: the stored cursor still holds, and an idle gateway writes nothing.
            return false;
        }
        foreach (var entry in events)
        {
            await CountAsync(transaction, entry, cancellationToken);
        }
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

    private async Task CountAsync(NpgsqlTransaction transaction, Event entry, CancellationToken cancellationToken)
    {
        if (entry.Type == OrderPlaced.Type)
        {
            await AddAsync(transaction, entry.Actor, TrustComponent.CompletedOrders, entry.At, cancellationToken);
        }
        else if (entry.Type == PurchaseRefused.Type)
        {
            await AddAsync(transaction, entry.Actor, TrustComponent.LimitBreaches, entry.At, cancellationToken);
        }
        else if (entry.Type == GrantHeld.Type)
        {
            var held = entry.Read<GrantHeld>();
            await RememberAsync(transaction, held.Reservation, entry.Actor, Hold, held.ExpiresAt, cancellationToken);
        }
        else if (entry.Type == GrantSpent.Type)
        {
            await SettleAsync(transaction, entry.Read<GrantSpent>().Reservation, "paid", cancellationToken);
        }
        else if (entry.Type == GrantReleased.Type)
        {
            // What the person or the merchant gave back was not abandoned by the agent.
            if (await SettleAsync(transaction, entry.Read<GrantReleased>().Reservation, "ended", cancellationToken) is { } holder && holder == entry.Actor)
            {
                await AddAsync(transaction, holder, TrustComponent.AbandonedHolds, entry.At, cancellationToken);
            }
        }
        else if (entry.Type == GrantRefunded.Type)
        {
            if (await OperatorOfAsync(transaction, entry.Read<GrantRefunded>().Reservation, cancellationToken) is { } buyer)
            {
                await AddAsync(transaction, buyer, TrustComponent.Returns, entry.At, cancellationToken);
            }
        }
        else if (entry.Type == NegotiationOpened.Type)
        {
            await RememberAsync(transaction, entry.Stream, entry.Actor, Bargain, null, cancellationToken);
        }
        else if (entry.Type == NegotiationAgreed.Type)
        {
            await AddAsync(transaction, entry.Actor, TrustComponent.Agreements, entry.At, cancellationToken);
        }
        else if (entry.Type == NegotiationEnded.Type && entry.Read<NegotiationEnded>().Reason is null
            && await OperatorOfAsync(transaction, entry.Stream, cancellationToken) is { } bargainer)
        {
            await AddAsync(transaction, bargainer, TrustComponent.Probing, entry.At, cancellationToken);
        }
    }

    private Task AddAsync(NpgsqlTransaction transaction, string name, TrustComponent component, DateTimeOffset at, CancellationToken cancellationToken) =>
        TrustStore.AddAsync(transaction, name, component, at, options.HalfLifeDays, cancellationToken);

    private static Task<int> RememberAsync(NpgsqlTransaction transaction, string subject, string name, string kind, DateTimeOffset? expiresAt, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into botdetection.trust_subjects (subject, operator, state, expires_at) values (@subject, @name, @kind, @expiresAt)
            on conflict (subject) do update set operator = excluded.operator, state = excluded.state, expires_at = excluded.expires_at
            """, new { subject, name, kind, expiresAt }, transaction, cancellationToken: cancellationToken));

    private static Task<string?> SettleAsync(NpgsqlTransaction transaction, string subject, string state, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "update botdetection.trust_subjects set state = @state, expires_at = null where subject = @subject and state = @Hold returning operator",
            new { subject, state, Hold }, transaction, cancellationToken: cancellationToken));

    private static Task<string?> OperatorOfAsync(NpgsqlTransaction transaction, string subject, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select operator from botdetection.trust_subjects where subject = @subject", new { subject }, transaction, cancellationToken: cancellationToken));

    // A hold that nobody ended has no event of its own: it is over with its time.
    private async Task<int> ExpireAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var over = (await transaction.Connection!.QueryAsync<(string Name, DateTime At)>(new CommandDefinition($"""
            with over as (select subject, expires_at from botdetection.trust_subjects where state = 'hold' and expires_at < @before order by expires_at limit {BatchSize} for update)
            update botdetection.trust_subjects s set state = 'ended', expires_at = null from over where s.subject = over.subject returning s.operator, over.expires_at
            """, new { before = clock.GetUtcNow().AddMinutes(-1) }, transaction, cancellationToken: cancellationToken))).AsList();
        foreach (var (name, at) in over)
        {
            await AddAsync(transaction, name, TrustComponent.AbandonedHolds, new DateTimeOffset(at), cancellationToken);
        }
        return over.Count;
    }

    [LoggerMessage(1, LogLevel.Warning, "Trust cannot be followed just now, trying again: {Reason}")]
    private static partial void LogPaused(ILogger logger, string reason);
}
