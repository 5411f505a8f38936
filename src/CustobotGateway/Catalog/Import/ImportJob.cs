using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using CustobotGateway.Catalog.Import.Feeds;
using CustobotGateway.Catalog.Import.Mappings;
using Npgsql;

namespace CustobotGateway.Catalog.Import;

/// <summary>
/// One import from its spool to the catalogue: one thread cuts files into rows, a few parse them, one writes them to the staging table in
/// the order of the feed; then the swap. Run again after a crash it begins with an empty staging table: reading again costs less than
/// keeping the place in a compressed file, and cannot go wrong.
/// </summary>
internal sealed class ImportJob(
    ImportReport start, ImportPlan plan, AttributeRegistry registry, Spool spool, NpgsqlDataSource database, CatalogOptions options, TimeProvider clock)
{
    private readonly CompiledMapping? _mapping = plan.Definition is { } definition ? new CompiledMapping(CompiledMapping.Parse(definition), registry) : null;
    private readonly ImportTally _tally = new(registry, options.MaxListedRefusals);
    private readonly Lock _gate = new();
    private readonly ConcurrentBag<FeedChunk> _chunks = [];
    private readonly ConcurrentBag<RowParser> _parsers = [];
    private readonly List<(long FirstRow, FeedPart Part)> _firstRows = [];
    private readonly long _begun = clock.GetTimestamp();
    private string _phase = "staging";
    private long _bytesDone;

    /// <summary>The import's id.</summary>
    public string Id => start.Id;

    /// <summary>How far it is.</summary>
    public ImportReport Progress()
    {
        lock (_gate)
        {
            var report = _tally.Report(start) with { Status = ImportStatus.Running, Phase = _phase, BytesTotal = plan.Parts.Sum(part => part.Bytes), BytesDone = _bytesDone };
            return report with { Rate = RateOf(report.Rows) };
        }
    }

    /// <summary>The report of an import that failed.</summary>
    public ImportReport Failed(string code, string detail) =>
        Progress() with { Status = ImportStatus.Failed, Phase = null, FinishedAt = clock.GetUtcNow(), Failure = new ImportFailure(code, detail) };

    /// <summary>Runs it to its end. Throws <see cref="FeedException"/> where the feed cannot be imported, and nothing has changed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var source = plan.Parts.Select(part => part.Source).FirstOrDefault(name => name is not null);
        var context = new ImportContext(registry, _mapping, source is null ? "feed" : "feed:" + source, start.StartedAt, options);
        await StageAsync(context, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        lock (_gate)
        {
            _phase = "swapping";
        }
        if (_mapping?.NumbersRepeats == true)
        {
            await Swap.NumberRepeatsAsync(connection, cancellationToken);
        }
        await foreach (var row in Swap.RemoveSupersededAsync(connection).WithCancellation(cancellationToken))
        {
            Refuse(row, "duplicate_id", $"A later row has the id '{row.ExternalId}' too; the last one counts.");
        }
        if (start.Mode == ImportMode.Replace && _tally.Accepted == 0)
        {
            throw new FeedException("empty_feed", "No row of the feed is a product: replacing would withdraw the whole catalogue.");
        }
        var merge = _mapping?.Definition.Merge == true ? new MergeRows(context, Refuse) : null;
        if (await Swap.RunAsync(connection, start, context.DefaultProvenanceText, clock.GetUtcNow(), merge, _tally.HasStock, Completed, cancellationToken) is null)
        {
            throw new FeedException("abandoned", "The import was given up by another gateway.");
        }
        await Swap.ClearAsync(connection, cancellationToken);
    }

    /// <summary>A row that had been accepted is refused after all.</summary>
    private void Refuse(Swap.Superseded row, string code, string detail)
    {
        lock (_gate)
        {
            _tally.Withdraw(PartOf(row.RowNumber).Source, row.Line, code, detail, JsonElement.Parse(row.Attributes));
        }
    }

    private ImportReport Completed(Swap.Changes changes)
    {
        var report = Progress();
        return report with
        {
            Status = ImportStatus.Completed,
            Phase = null,
            Created = changes.Created,
            Changed = changes.Changed,
            Unchanged = report.Accepted - changes.Created - changes.Changed,
            Withdrawn = changes.Withdrawn,
            StockChanged = changes.Stock,
            Coverage = _tally.Coverages(),
            FinishedAt = clock.GetUtcNow(),
        };
    }

    private async Task StageAsync(ImportContext context, CancellationToken cancellationToken)
    {
        await using var staging = new Staging(database, Id);
        await staging.ClearAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // What is parsed keeps its place: the channel holds the tasks in the order of the feed.
        var parsed = Channel.CreateBounded<Task<(RowParser Parser, FeedChunk Chunk)>>(options.ImportParallelism);
        var reading = Task.Run(() => ReadAsync(context, parsed.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var task in parsed.Reader.ReadAllAsync(cancellationToken))
            {
                var (parser, chunk) = await task;
                await staging.WriteAsync(parser.Output, cancellationToken);
                lock (_gate)
                {
                    _tally.Take(parser.Tally);
                    _bytesDone = chunk.BytesDone;
                }
                _parsers.Add(parser);
                _chunks.Add(chunk);
            }
            await staging.CompleteAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ReadAsync(ImportContext context, ChannelWriter<Task<(RowParser Parser, FeedChunk Chunk)>> parsed, CancellationToken cancellationToken)
    {
        try
        {
            long row = 1, before = 0;
            foreach (var part in plan.Parts)
            {
                lock (_gate)
                {
                    _firstRows.Add((row, part));
                }
                await using var file = spool.Open(Id, part);
                await using var stream = part.Gzip ? new GuardedStream(file, options) : (Stream)file;
                var reader = Reader(part.Format, stream);
                try
                {
                    while (true)
                    {
                        var chunk = _chunks.TryTake(out var used) ? used : new FeedChunk(RecordReader.CapacityFor(options.MaxRowBytes));
                        if (!reader.Read(chunk))
                        {
                            _chunks.Add(chunk);
                            break;
                        }
                        (chunk.Part, chunk.FirstRow, chunk.BytesDone) = (part, row, before + file.Position);
                        row += chunk.Rows.Count;
                        await parsed.WriteAsync(Task.Run(() => Parse(context, chunk), cancellationToken), cancellationToken);
                    }
                }
                finally
                {
                    (reader as IDisposable)?.Dispose();
                }
                before += part.Bytes;
            }
            parsed.Complete();
        }
        catch (Exception exception)
        {
            parsed.Complete(exception);
        }
    }

    private IFeedReader Reader(FeedFormat format, Stream stream) => format switch
    {
        FeedFormat.Csv => new TableReader(stream, options.MaxRowBytes, (byte)','),
        FeedFormat.Tsv => new TableReader(stream, options.MaxRowBytes, (byte)'\t'),
        FeedFormat.Xml => new XmlFeedReader(stream, options.MaxRowBytes),
        _ => new LineReader(stream, options.MaxRowBytes),
    };

    private (RowParser Parser, FeedChunk Chunk) Parse(ImportContext context, FeedChunk chunk)
    {
        var parser = _parsers.TryTake(out var used) ? used : new RowParser(context);
        parser.Parse(chunk);
        return (parser, chunk);
    }

    private FeedPart PartOf(long rowNumber)
    {
        lock (_gate)
        {
            return _firstRows.FindLast(first => first.FirstRow <= rowNumber).Part;
        }
    }

    private double RateOf(long rows) => Math.Round(rows / Math.Max(0.001, clock.GetElapsedTime(_begun).TotalSeconds), 1);
}
