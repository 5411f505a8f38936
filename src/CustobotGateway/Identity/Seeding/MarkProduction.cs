using CustobotGateway.Common;
using CustobotGateway.Common.Database;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Seeding;

/// <summary>Notes in the database that a gateway serves from it in production mode, so that seeding is refused whoever asks and however.</summary>
internal sealed class MarkProduction(GatewaySettings settings, NpgsqlDataSource database, MigrateAtStart migration, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>True if a gateway has served from the database in production mode.</summary>
    public static Task<bool> IsMarkedAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<bool>(new CommandDefinition("select exists (select from identity.deployment)", cancellationToken: cancellationToken));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Production)
        {
            return;
        }
        try
        {
            await migration.WhenDoneAsync(stoppingToken);
            while (!await TryAsync(stoppingToken))
            {
                await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                "insert into identity.deployment (mode, since) values ('production', @now) on conflict do nothing", new { now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
            return true;
        }
        catch (NpgsqlException exception) when (Common.Http.DatabaseFailures.IsOutage(exception))
        {
            return false;
        }
    }
}
