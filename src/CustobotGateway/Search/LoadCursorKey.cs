using System.Security.Cryptography;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Dapper;
using Npgsql;

namespace CustobotGateway.Search;

/// <summary>Loads the key of the page cursors at start, or makes it; again and again while the database is away.</summary>
internal sealed class LoadCursorKey(NpgsqlDataSource database, MigrateAtStart migration, CursorKey key) : BackgroundService
{
    private const int KeyBytes = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.WhenDoneAsync(stoppingToken);
        while (!key.IsReady)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                // Several gateways may start at once: the first one's key stays, and all read that.
                await connection.ExecuteAsync("insert into search.keys (name, secret) values ('cursor', @secret) on conflict (name) do nothing",
                    new { secret = RandomNumberGenerator.GetBytes(KeyBytes) });
                key.Set(await connection.QuerySingleAsync<byte[]>("select secret from search.keys where name = 'cursor'"));
            }
            catch (NpgsqlException exception) when (DatabaseFailures.IsOutage(exception))
            {
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }
}
