using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Npgsql;
using NpgsqlTypes;

namespace CustobotGateway.Identity;

/// <summary>One act or refusal.</summary>
/// <param name="Kind">What was asked, such as <c>token.client_credentials</c>, <c>login</c>, <c>authorize</c>.</param>
/// <param name="ClientId">The client that is claimed or known; null without one.</param>
/// <param name="PersonId">The person; null without one.</param>
/// <param name="Code">What it was refused for; null for what succeeded.</param>
/// <param name="Detail">Facts of the kind, never a secret: ids, scopes, the reason in words.</param>
public sealed record AuditEntry(string Kind, string? ClientId, string? PersonId, string? Code, object? Detail = null);

/// <summary>
/// Writes down every act and refusal of identity, in batches within 100 ms and without any request waiting for it. What cannot be written while the
/// database is away waits in a queue of bounded length; what does not fit is counted and lost.
/// </summary>
public sealed partial class AuditTrail : BackgroundService
{
    private const int MostWaiting = 65_536;
    private const int MostAtOnce = 2_000;
    private const int LongestText = 2_048;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly Meter Meter = new("CustobotGateway.Identity");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("gateway.identity.audit.dropped", description: "Entries of the audit trail that did not fit the queue and are lost.");

    private readonly Channel<Row> _queue = Channel.CreateBounded<Row>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }, _ => Dropped.Add(1));
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _clock;
    private readonly ILogger<AuditTrail> _logger;
    private long _waiting;

    /// <summary>Writes to that database.</summary>
    public AuditTrail(NpgsqlDataSource database, TimeProvider clock, ILogger<AuditTrail> logger) => (_database, _clock, _logger) = (database, clock, logger);

    /// <summary>Notes what a request came to, with its address and trace.</summary>
    public void Add(HttpContext context, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(context);
        Add(entry, context.Connection.RemoteIpAddress);
    }

    /// <summary>Notes what was done, from that address.</summary>
    public void Add(AuditEntry entry, IPAddress? address = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Interlocked.Increment(ref _waiting);
        var written = _queue.Writer.TryWrite(new Row(_clock.GetUtcNow(), entry, address, Activity.Current?.TraceId.ToHexString()));
        if (!written || _queue.Reader.Count >= MostWaiting)
        {
            // A full queue drops the new one without saying so; the count is of what may still be written.
            Interlocked.Exchange(ref _waiting, _queue.Reader.Count);
        }
    }

    /// <summary>Waits until what was noted so far is written, for whoever reads it next; at most that long.</summary>
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

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Row>(MostAtOnce);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Pause, stoppingToken);
                await WriteAllAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // What was noted before the end is still written, if the database is there.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await WriteAllAsync(batch, patience.Token);
        }
    }

    // What comes in while a batch is being written waits for the next pause, unless the batch was full: under a steady load, writing at once would mean a commit for a few rows.
    private async Task WriteAllAsync(List<Row> batch, CancellationToken cancellationToken)
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
                await WriteAsync(batch, cancellationToken);
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
                Dropped.Add(batch.Count);
                Interlocked.Add(ref _waiting, -batch.Count);
                batch.Clear();
            }
        }
    }

    private async Task WriteAsync(List<Row> batch, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy identity.audit (at, kind, client_id, person_id, address, code, detail, trace_id) from stdin (format binary)", cancellationToken);
        foreach (var (at, entry, address, trace) in batch)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(entry.Kind, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(copy, entry.ClientId, cancellationToken);
            await WriteAsync(copy, entry.PersonId, cancellationToken);
            await (address is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(address, NpgsqlDbType.Inet, cancellationToken));
            await WriteAsync(copy, entry.Code, cancellationToken);
            await (entry.Detail is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(Storable(JsonSerializer.Serialize(entry.Detail, Json.Options)), NpgsqlDbType.Jsonb, cancellationToken));
            await WriteAsync(copy, trace, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, string? text, CancellationToken cancellationToken) =>
        text is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(Storable(text.Length > LongestText ? text[..LongestText] : text), NpgsqlDbType.Text, cancellationToken);

    // What a stranger claims to be may hold characters that no column holds.
    private static string Storable(string text) => text.Contains('\0', StringComparison.Ordinal) || text.Contains("\\u0000", StringComparison.Ordinal)
        ? text.Replace("\0", "\uFFFD", StringComparison.Ordinal).Replace("\\u0000", "\uFFFD", StringComparison.Ordinal)
        : text;

    [LoggerMessage(1, LogLevel.Warning, "{Count} entries of the audit trail wait for the database: {Reason}")]
    private static partial void LogWaiting(ILogger logger, int count, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Count} entries of the audit trail could not be stored")]
    private static partial void LogLost(ILogger logger, int count, Exception exception);

    private sealed record Row(DateTimeOffset At, AuditEntry Entry, IPAddress? Address, string? TraceId);
}
