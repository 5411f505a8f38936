using CustobotGateway.Common;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.Catalog;

/// <summary>Brings the attribute files into the database at start, then follows what other gateways register.</summary>
internal sealed partial class AttributeRegistryFollower(
    AttributeRegistryStore store, NpgsqlDataSource database, MigrateAtStart migration, GatewaySettings settings, IHostApplicationLifetime lifetime,
    ILogger<AttributeRegistryFollower> logger) : BackgroundService
{
    // Notifications may be lost with a connection; the revision is asked for anyway.
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private IReadOnlyList<AttributeDefinition> _definitions = [];

    /// <summary>Reads the files before anything waits, so that a file that is wrong stops the start with its name.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _definitions = settings.RegistryDirectory is { } directory ? AttributeFiles.Read(directory) : AttributeFiles.BuiltIn();
        if (migration.IsDone)
        {
            await LoadAsync(cancellationToken);
        }
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.WhenDoneAsync(stoppingToken);
            var loaded = store.Current.Attributes.Count > 0;
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (!loaded)
                    {
                        await LoadAsync(stoppingToken);
                        loaded = true;
                    }
                    await FollowAsync(stoppingToken);
                }
                catch (NpgsqlException exception) when (DatabaseFailures.IsOutage(exception))
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
        catch (InvalidDataException exception)
        {
            LogContradiction(logger, exception.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    private Task LoadAsync(CancellationToken cancellationToken) =>
        store.LoadAsync(_definitions, settings.RegistryDirectory is null ? AttributeSource.Builtin : AttributeSource.File, cancellationToken);

    private async Task FollowAsync(CancellationToken stopping)
    {
        await using var connection = await database.OpenConnectionAsync(stopping);
        await using (var listen = new NpgsqlCommand($"listen {AttributeRegistryStore.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }
        while (true)
        {
            await store.RefreshAsync(stopping);
            await connection.WaitAsync(PollPeriod, stopping);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The attribute registry lost the database, trying again: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Critical, "{Reason}")]
    private static partial void LogContradiction(ILogger logger, string reason);
}
