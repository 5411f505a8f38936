using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Shop;

/// <summary>Settings and which they are.</summary>
/// <param name="Version">Counts from 1; 0 are those of the file, or none.</param>
/// <param name="Settings">All of them.</param>
/// <param name="SetAt">When they were set; null for the file's.</param>
/// <param name="SetBy">By whom; null for the file's.</param>
public sealed record StandingShop(long Version, ShopSettings Settings, DateTimeOffset? SetAt = null, string? SetBy = null);

/// <summary>The settings that this gateway sells by, read anew when any gateway of the database changed them.</summary>
public sealed class ShopInForce : IHeldInMemory
{
    private readonly NpgsqlDataSource _database;
    private readonly StandingShop _configured;
    private volatile StandingShop? _current;

    internal ShopInForce(NpgsqlDataSource database, ShopFile file) => (_database, _configured) = (database, new StandingShop(0, file.Settings));

    string IHeldInMemory.Name => SharedVersions.Shop;

    /// <summary>What holds now.</summary>
    public StandingShop Standing => _current ?? _configured;

    /// <summary>The settings that hold now.</summary>
    public ShopSettings Current => Standing.Settings;

    async Task IHeldInMemory.ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        _current = await FindAsync(connection, null, cancellationToken);
    }

    /// <summary>The newest settings, from the database.</summary>
    internal async Task<StandingShop> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<(long Version, string? Settings, DateTime At, string Actor)>(new CommandDefinition(
            "select version, settings::text, at, actor from checkout.shop_settings order by version desc limit 1", transaction: transaction, cancellationToken: cancellationToken));
        return row.Settings is null
            ? _configured
            : new StandingShop(row.Version, JsonSerializer.Deserialize<ShopSettings>(row.Settings, StoredJson.Options)!, new DateTimeOffset(row.At), row.Actor);
    }
}
