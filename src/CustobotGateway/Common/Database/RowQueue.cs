using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using CustobotGateway.Common.Http;
using Npgsql;
using NpgsqlTypes;

namespace CustobotGateway.Common.Database;

/// <summary>
/// Writes down what requests leave behind, in batches within 100 ms and without any request waiting for it. What cannot be written while the database is away
/// waits in a queue of bounded length; what does not fit is counted and lost.
/// </summary>
/// <typeparam name="T">A row.</typeparam>
public abstract partial class RowQueue<T> : BackgroundService
{
    private const int MostWaiting = 65_536;
    private const int MostAtOnce = 2_000;
    private const int LongestText = 2_048;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Channel<T> _queue;
    private readonly NpgsqlDataSource _database;
    private readonly string _copy;
    private readonly Counter<long> _dropped;
    private readonly ILogger _logger;
    private long _waiting;

    /// <summary>Writes to that database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="columns">Table and columns, as <c>copy</c> takes them.</param>
    /// <param name="dropped">Counts the rows that are lost.</param>
    /// <param name="logger">Told when rows wait or are lost.</param>
    protected RowQueue(NpgsqlDataSource database, string columns, Counter<long> dropped, ILogger logger)
    {
        (_database, _copy, _dropped, _logger) = (database, $"copy {columns} from stdin (format binary)", dropped, logger);
        _queue = Channel.CreateBounded<T>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }, _ => _dropped.Add(1));
    }

    /// <summary>Waits until what was added so far is written, for whoever reads it next; at most that long.</summary>
    public async Task<bool> WhenWrittenAsync(TimeSpan patience)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Interlocked.Read(ref _waiting) > 0)
        {
            if (Stopwatch.GetElapsedTime(begun) > patience)
            {
                return false;
            }
            await Task.Delay(10);
        }
        return true;
    }

    /// <summary>Adds a row; it is lost where the queue is full.</summary>
    protected void Add(T row)
    {
        Interlocked.Increment(ref _waiting);
        var written = _queue.Writer.TryWrite(row);
        if (!written || _queue.Reader.Count >= MostWaiting)
        {
            // A full queue drops the new one without saying so; the count is of what may still be written.
            Interlocked.Exchange(ref _waiting, _queue.Reader.Count);
        }
    }

    /// <summary>Writes the columns of a row.</summary>
    protected abstract Task WriteAsync(NpgsqlBinaryImporter copy, T row, CancellationToken cancellationToken);

    /// <summary>Done beside now and then, once what waited is written; such as forgetting what is old.</summary>
    protected virtual Task TidyAsync(NpgsqlDataSource database, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes a text, cut to what a column holds; null stays null. What a stranger claims to be may hold characters that no column holds.</summary>
    protected static Task WriteTextAsync(NpgsqlBinaryImporter copy, string? text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(copy);
        return text is null ? copy.WriteNullAsync(cancellationToken)
            : copy.WriteAsync(Storable(text.Length > LongestText ? text[..LongestText] : text), NpgsqlDbType.Text, cancellationToken);
    }

    /// <summary>The text without the character that PostgreSQL holds in no column, also as JSON escapes it.</summary>
    protected static string Storable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\0', StringComparison.Ordinal) || text.Contains("\\u0000", StringComparison.Ordinal)
            ? text.Replace("\0", "\uFFFD", StringComparison.Ordinal).Replace("\\u0000", "\uFFFD", StringComparison.Ordinal)
            : text;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<T>(MostAtOnce);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Pause, stoppingToken);
                await WriteAllAsync(batch, stoppingToken);
                await TryTidyAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // What was added before the end is still written, if the database is there.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await WriteAllAsync(batch, patience.Token);
        }
    }

    private async Task TryTidyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TidyAsync(_database, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            LogUntidy(_logger, exception.Message);
        }
    }

    // What comes in while a batch is being written waits for the next pause, unless the batch was full: under a steady load, writing at once would mean a commit for a few rows.
    private async Task WriteAllAsync(List<T> batch, CancellationToken cancellationToken)
    {
        for (var isFull = true; isFull && (batch.Count > 0 || _queue.Reader.TryPeek(out _));)
        {
            while (batch.Count < MostAtOnce && _queue.Reader.TryRead(out var row))
            {
                batch.Add(row);
            }
            isFull = batch.Count == MostAtOnce;
            try
            {
                await CopyAsync(batch, cancellationToken);
                Interlocked.Add(ref _waiting, -batch.Count);
                batch.Clear();
            }
            catch (Exception exception) when (exception is IOException or TimeoutException || (exception is NpgsqlException database && DatabaseFailures.IsOutage(database)))
            {
                LogWaiting(_logger, batch.Count, exception.Message);
                await Task.Delay(RetryPause, cancellationToken);
                isFull = true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One row that cannot be stored must not hold up the others for ever.
                LogLost(_logger, batch.Count, exception);
                _dropped.Add(batch.Count);
                Interlocked.Add(ref _waiting, -batch.Count);
                batch.Clear();
            }
        }
    }

    private async Task CopyAsync(List<T> batch, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(_copy, cancellationToken);
        foreach (var row in batch)
        {
            await copy.StartRowAsync(cancellationToken);
            await WriteAsync(copy, row, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Count} rows wait for the database: {Reason}")]
    private static partial void LogWaiting(ILogger logger, int count, string reason);

    [LoggerMessage(3, LogLevel.Warning, "What is old could not be forgotten: {Reason}")]
    private static partial void LogUntidy(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Count} rows could not be stored")]
    private static partial void LogLost(ILogger logger, int count, Exception exception);
}
