using CustobotGateway.Common.Database;
using Npgsql;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>Puts back, every few seconds, what was held for payments that never came. Any number of gateways may run it.</summary>
internal sealed class ReleaseExpiredHolds(NpgsqlDataSource database, MigrateAtStart migration, TimeProvider clock, ILogger<ReleaseExpiredHolds> logger)
    : RecurringWork(migration, TimeSpan.FromSeconds(5), logger)
{
    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await StockHolds.ReleaseExpiredAsync(transaction, null, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
