using System.Threading.Channels;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.Catalog.Import;

/// <summary>Runs imports one after the other, first those that a crash interrupted.</summary>
internal sealed partial class ImportRunner(
    ImportStore store, Spool spool, AttributeRegistryStore registry, MigrateAtStart migration, NpgsqlDataSource database, CatalogOptions options, TimeProvider clock, ILogger<ImportRunner> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();

    // Looked at before the first request can begin an import, so that nothing that begins meanwhile is taken for a remainder.
    private readonly IReadOnlyList<string> _left = spool.Imports();
    private volatile ImportJob? _current;

    /// <summary>How far the import is, where it runs here.</summary>
    public ImportReport? Progress(string id) => _current is { } job && job.Id == id ? job.Progress() : null;

    /// <summary>Runs an import whose feed is in the spool.</summary>
    public void Enqueue(string id) => _queue.Writer.TryWrite(id);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.WhenDoneAsync(stoppingToken);
            await registry.WhenLoadedAsync(stoppingToken);
            await WithDatabaseAsync(() => ResumeAsync(stoppingToken), stoppingToken);
            await foreach (var id in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await WithDatabaseAsync(() => RunAsync(id, stoppingToken), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What runs stays unfinished, and is run again at the next start.
        }
    }

    /// <summary>An outage passes: the import starts over when the database is back.</summary>
    private async Task WithDatabaseAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (NpgsqlException exception) when (DatabaseFailures.IsOutage(exception) && !cancellationToken.IsCancellationRequested)
            {
                LogWaiting(logger, exception.Message);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>What an earlier start of this gateway left in the spool.</summary>
    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var unfinished = await store.UnfinishedAsync(cancellationToken);
        foreach (var (id, status) in unfinished.Where(import => _left.Contains(import.Id)))
        {
            if (status == "running")
            {
                LogResumed(logger, id);
                Enqueue(id);
            }
            else if (await store.FindAsync(id, cancellationToken) is { } report)
            {
                // Its sender never got an answer, and sends it again.
                await store.FailAsync(report with { Status = ImportStatus.Failed, FinishedAt = clock.GetUtcNow(), Failure = new ImportFailure("interrupted", "The gateway stopped while the feed was being received. Send it again.") }, cancellationToken);
            }
        }
        foreach (var id in _left.Except(unfinished.Where(import => import.Status == "running").Select(import => import.Id)))
        {
            spool.Delete(id);
        }
    }

    private async Task RunAsync(string id, CancellationToken stopping)
    {
        try
        {
            if (await store.PlanAsync(id, stopping) is { } planned)
            {
                var job = new ImportJob(planned.Report, planned.Plan, await registry.RefreshAsync(stopping), spool, database, options, clock);
                await RunAsync(job, stopping);
            }
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or NpgsqlException) || (exception is NpgsqlException error && !DatabaseFailures.IsOutage(error)))
        {
            LogBroken(logger, exception, id);
            if (await store.FindAsync(id, stopping) is { } report)
            {
                var failure = new ImportFailure("internal_error", "The import failed here through no fault of the feed. The catalogue is as it was before; the log has the reason.");
                await store.FailAsync(report with { Status = ImportStatus.Failed, Phase = null, FinishedAt = clock.GetUtcNow(), Failure = failure }, stopping);
            }
        }
        spool.Delete(id);
    }

    private async Task RunAsync(ImportJob job, CancellationToken stopping)
    {
        _current = job;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var beating = BeatAsync(job, end.Token);
        try
        {
            await job.RunAsync(stopping);
            LogCompleted(logger, job.Id);
        }
        catch (FeedException exception)
        {
            LogFailed(logger, job.Id, exception.Code);
            await store.FailAsync(job.Failed(exception.Code, exception.Message), stopping);
        }
        finally
        {
            await end.CancelAsync();
            await beating;
            _current = null;
        }
    }

    private async Task BeatAsync(ImportJob job, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, end);
                try
                {
                    await store.BeatAsync(job.Progress(), end);
                }
                catch (NpgsqlException)
                {
                    // The import itself waits for the database.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The import ended.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Import {Import} was completed")]
    private static partial void LogCompleted(ILogger logger, string import);

    [LoggerMessage(2, LogLevel.Warning, "Import {Import} failed: {Code}")]
    private static partial void LogFailed(ILogger logger, string import, string code);

    [LoggerMessage(3, LogLevel.Error, "Import {Import} broke")]
    private static partial void LogBroken(ILogger logger, Exception exception, string import);

    [LoggerMessage(4, LogLevel.Information, "Import {Import} was interrupted and is run again")]
    private static partial void LogResumed(ILogger logger, string import);

    [LoggerMessage(5, LogLevel.Warning, "Imports wait for the database: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
