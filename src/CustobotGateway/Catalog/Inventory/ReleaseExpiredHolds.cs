using CustobotGateway.Common.Database;
using Npgsql;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>Puts back, every few seconds, what was held for payments that never came. Any number of gateways may run it.</summary>
internal sealed partial class ReleaseExpiredHolds(NpgsqlDataSource database, MigrateAtStart migration, TimeProvider clock, ILogger<ReleaseExpiredHolds> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.WhenDoneAsync(stoppingToken);
        while (true)
        {
            await Task.Delay(Pause, stoppingToken);
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                LogFailed(logger, exception.GetType().Name);
            }
        }
    }

    /// <summary>One round; how many holds ended.</summary>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ended = await StockHolds.ReleaseExpiredAsync(transaction, null, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ended;
    }

    [LoggerMessage(1, LogLevel.Warning, "Expired stock holds were not released: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
