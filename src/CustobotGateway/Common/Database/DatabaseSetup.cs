using Npgsql;

namespace CustobotGateway.Common.Database;

/// <summary>The one pool of connections.</summary>
public static class DatabaseSetup
{
    // An outage is answered with 503 within this time, not after the driver's 15 seconds.
    private const int ConnectTimeoutSeconds = 10;
    // Statements that a connection runs again and again are parsed and planned once. Behind a pooler that shares connections by transaction, set "Max Auto Prepare=0".
    private const int PreparedStatements = 200;

    /// <summary>Registers the pool and the migration at start.</summary>
    public static IServiceCollection AddGatewayDatabase(this IServiceCollection services, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ShouldSerialize("Timeout"))
        {
            settings.Timeout = ConnectTimeoutSeconds;
        }
        if (!settings.ShouldSerialize("Max Auto Prepare"))
        {
            settings.MaxAutoPrepare = PreparedStatements;
            settings.AutoPrepareMinUsages = 2;
        }
        // Nothing here leaves a setting, a lock or a temporary table behind on a connection; putting back what was never changed costs as much as a query.
        settings.NoResetOnClose = true;
        settings.ApplicationName ??= "custobot-gateway";
        services.AddSingleton(_ => NpgsqlDataSource.Create(settings.ConnectionString));
        services.AddSingleton<MigrateAtStart>();
        services.AddHostedService(provider => provider.GetRequiredService<MigrateAtStart>());
        return services;
    }
}
