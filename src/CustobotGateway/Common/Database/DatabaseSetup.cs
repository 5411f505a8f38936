using Npgsql;

namespace CustobotGateway.Common.Database;

/// <summary>The one pool of connections.</summary>
public static class DatabaseSetup
{
    // An outage is answered with 503 within this time, not after the driver's 15 seconds.
    private const int ConnectTimeoutSeconds = 3;
    // Statements that a connection runs again and again are parsed and planned once. Behind a pooler that shares connections by transaction, set "Max Auto Prepare=0".
    private const int PreparedStatements = 100;

    /// <summary>Registers the pool and the migration at start.</summary>
    public static IServiceCollection AddGatewayDatabase(this IServiceCollection services, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ContainsKey("Timeout"))
        {
            settings.Timeout = ConnectTimeoutSeconds;
        }
        if (!settings.ContainsKey("Max Auto Prepare"))
        {
            settings.MaxAutoPrepare = PreparedStatements;
        }
        settings.ApplicationName ??= "custobot-gateway";
        services.AddSingleton(_ => NpgsqlDataSource.Create(settings.ConnectionString));
        services.AddSingleton<MigrateAtStart>();
        services.AddHostedService(provider => provider.GetRequiredService<MigrateAtStart>());
        return services;
    }
}
