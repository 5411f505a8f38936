using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.Common.Database;

/// <summary>
/// Migrates before anything else starts. While the database is away it tries again and lets the gateway start without it, so that
/// liveness is answered; what needs the tables waits for <see cref="WhenDoneAsync"/>.
/// </summary>
public sealed partial class MigrateAtStart(NpgsqlDataSource database, ILogger<MigrateAtStart> logger, IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the schema is this program's.</summary>
    public bool IsDone => _done.Task.IsCompletedSuccessfully;

    /// <summary>Ends when the schema is this program's.</summary>
    public Task WhenDoneAsync(CancellationToken cancellationToken) => _done.Task.WaitAsync(cancellationToken);

    /// <inheritdoc />
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!await TryAsync(cancellationToken))
        {
            _ = RetryAsync(lifetime.ApplicationStopping);
        }
    }

    private async Task RetryAsync(CancellationToken stopping)
    {
        try
        {
            do
            {
                await Task.Delay(Pause, stopping);
            }
            while (!await TryAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            // The gateway stops before the database came back.
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
            _done.TrySetException(exception);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Migrations.ApplyAsync(database, cancellationToken);
            _done.TrySetResult();
            return true;
        }
        catch (NpgsqlException exception) when (DatabaseFailures.IsOutage(exception))
        {
            LogWaiting(logger, exception.Message);
            return false;
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "The database was not reached, trying again: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Critical, "The database could not be migrated")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
