using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>
/// Reads what any gateway on the database revoked: woken by the notification, which may be lost, and every half second anyway. Each reading goes on
/// from the oldest transaction that was open at the last one, so that none is left out in whatever order they commit.
/// </summary>
internal sealed partial class RevocationFollower(Revocations revocations, NpgsqlDataSource database, MigrateAtStart migration, TimeProvider clock, ILogger<RevocationFollower> logger)
    : BackgroundService
{
    private const int CommandTimeoutSeconds = 2;
    private const int MostDeleted = 1_000;

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CleanPeriod = TimeSpan.FromMinutes(1);

    private decimal _from;
    private DateTimeOffset _cleanedAt;

    /// <summary>Reads before requests are answered, where the database is there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (migration.IsDone)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await ReadAsync(connection, cancellationToken);
            }
            catch (NpgsqlException exception) when (DatabaseFailures.IsOutage(exception))
            {
                LogLost(logger, exception.Message);
            }
        }
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.WhenDoneAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await FollowAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
                {
                    LogLost(logger, exception.Message);
                    await Task.Delay(RetryPause, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        await using var connection = await database.OpenConnectionAsync(stopping);
        await connection.ExecuteAsync(new CommandDefinition("listen " + Revocations.Channel, commandTimeout: CommandTimeoutSeconds, cancellationToken: stopping));
        while (true)
        {
            await ReadAsync(connection, stopping);
            await CleanAsync(connection, stopping);
            await connection.WaitAsync(PollPeriod, stopping);
        }
    }

    private async Task ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        // One statement, so that the oldest open transaction and the rows are of one snapshot.
        var rows = (await connection.QueryAsync<(decimal Oldest, short? Kind, string? Id, DateTime RevokedAt, DateTime ExpiresAt)>(new CommandDefinition("""
            select pg_snapshot_xmin(pg_current_snapshot())::text::numeric, kind, id, coalesce(revoked_at, 'epoch'), coalesce(expires_at, 'epoch')
            from (select 1) one left join identity.revocations on change_xid >= @from::text::xid8
            """, new { from = _from }, commandTimeout: CommandTimeoutSeconds, cancellationToken: cancellationToken))).AsList();
        revocations.Take(rows.Where(row => row.Kind is not null)
            .Select(row => ((RevocationKind)row.Kind!.Value, row.Id!, new DateTimeOffset(row.RevokedAt), new DateTimeOffset(row.ExpiresAt))));
        var oldest = rows[0].Oldest;
        if (oldest < _from)
        {
            // Another cluster, such as a restored backup, counts its transactions anew: read all.
            _from = 0;
            await ReadAsync(connection, cancellationToken);
            return;
        }
        _from = oldest;
        revocations.MarkRead(readAt);
    }

    private async Task CleanAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - _cleanedAt < CleanPeriod)
        {
            return;
        }
        _cleanedAt = now;
        revocations.Forget(now);
        await connection.ExecuteAsync(new CommandDefinition("""
            delete from identity.revocations where ctid = any(array(
                select ctid from identity.revocations where expires_at <= @now order by expires_at limit @MostDeleted for update skip locked))
            """, new { now, MostDeleted }, commandTimeout: CommandTimeoutSeconds, cancellationToken: cancellationToken));
    }

    [LoggerMessage(1, LogLevel.Warning, "Revocations lost the database, trying again: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);
}
