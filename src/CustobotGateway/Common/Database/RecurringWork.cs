namespace CustobotGateway.Common.Database;

/// <summary>Work that is done again and again, from the migration on until the gateway stops. A round that fails is left out, and the next one tries again.</summary>
/// <param name="migration">Before it there are no tables.</param>
/// <param name="pause">How long it waits before each round.</param>
/// <param name="logger">Told of a round that was left out.</param>
internal abstract partial class RecurringWork(MigrateAtStart migration, TimeSpan pause, ILogger logger) : BackgroundService
{
    /// <summary>One round.</summary>
    protected abstract Task WorkAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.WhenDoneAsync(stoppingToken);
        while (true)
        {
            await Task.Delay(pause, stoppingToken);
            try
            {
                await WorkAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database is away; or a fault of ours, which must not end the gateway.
                LogLeftOut(logger, GetType().Name, exception.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Work} cannot be done just now, trying again: {Reason}")]
    private static partial void LogLeftOut(ILogger logger, string work, string reason);
}
