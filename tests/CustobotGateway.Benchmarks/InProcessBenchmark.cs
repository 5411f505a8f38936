using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Search;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// The search operation without server and database: the product's own registry, decoder, reader, binder, index and writer in this process. What each of them
/// costs, what a query allocates, what a product costs to build and to keep.
/// </summary>
public sealed partial class InProcessBenchmark(BenchOptions options, Figures figures, byte[][] searches)
{
    private const string Part = "engine";
    private const int ThreadCpuClock = 3;
    private const int Changes = 200;

    // The runtime compiles hot code again, better, in the background: until then it is not the code that will run.
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(1);

    private readonly CursorKey _cursors = new();
    private readonly SearchResult _result = new();
    private readonly SearchOutput _output = new();
    private readonly Stage[] _stages = new Stage[4];
    private readonly List<(double Microseconds, double Bytes)[]> _rounds = [];
    private readonly List<double> _cpu = [];
    private readonly List<double> _mean = [];
    private readonly List<double> _p50 = [];
    private readonly List<double> _p99 = [];
    private IndexWriter? _writer;
    private ProductDecoder? _decoder;
    private IndexedCatalog? _catalog;

    /// <summary>Builds the index from the products, and tells what that took.</summary>
    public void Build(string registryFolder, string productsFile)
    {
        _cursors.Set(new byte[32]);
        var registry = new AttributeRegistry([.. AttributeFiles.Read(registryFolder).Select((definition, ordinal) => new RegisteredAttribute(ordinal, definition))]);
        var layout = new CatalogLayout(registry);
        (_writer, _decoder) = (new IndexWriter(layout.Schema), new ProductDecoder(layout));
        _catalog = Build(layout, _writer, _decoder, productsFile);
    }

    /// <summary>Runs the searches until the runtime has compiled them as they will run.</summary>
    public void WarmUp() => Passes(_catalog!, searches, [], WarmUpTime);

    /// <summary>One round of searches.</summary>
    public void MeasureRound()
    {
        var times = new List<double>();
        Array.Clear(_stages);
        var before = Environment.CpuUsage.TotalTime;
        Passes(_catalog!, searches, times, RoundTime);
        _cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / times.Count);
        _rounds.Add([.. _stages.Select(stage => (stage.Nanoseconds / 1000.0 / times.Count, stage.Bytes / (double)times.Count))]);
        var sorted = times.Order().ToArray();
        _mean.Add(times.Average());
        _p50.Add(Figures.Percentile(sorted, .5));
        _p99.Add(Figures.Percentile(sorted, .99));
    }

    /// <summary>Tells what the rounds showed, and what a change costs.</summary>
    public void Tell(string productsFile)
    {
        figures.Add(Part, "CPU", "µs/query", _cpu, "read, bind, search and write: all but the server");
        string[] names = ["reading the request", "binding it", "searching", "writing the answer"];
        for (var i = 0; i < names.Length; i++)
        {
            figures.Add(Part, names[i], "µs/query", [.. _rounds.Select(round => round[i].Microseconds)]);
        }
        for (var i = 0; i < names.Length; i++)
        {
            figures.Add(Part, $"{names[i]}, allocated", "bytes/query", [.. _rounds.Select(round => round[i].Bytes)]);
        }
        figures.Add(Part, "allocated", "bytes/query", [.. _rounds.Select(round => round.Sum(stage => stage.Bytes))]);
        figures.Add(Part, "p50", "µs CPU", _p50);
        figures.Add(Part, "p99", "µs CPU", _p99);
        figures.Add(Part, "p99 to mean", "ratio", [.. _p99.Zip(_mean, (one, other) => one / other)]);
        Publish(_writer!, _decoder!, productsFile);
    }

    private IndexedCatalog Build(CatalogLayout layout, IndexWriter writer, ProductDecoder decoder, string productsFile)
    {
        var empty = Resident();
        var (cpu, number) = (TimeSpan.Zero, 0);
        foreach (var line in File.ReadLines(productsFile))
        {
            var attributes = Stored(line);
            var key = Encoding.UTF8.GetBytes(Text(++number));
            var at = Environment.CpuUsage.TotalTime;
            decoder.Decode(new FeedProduct { Number = number, Withdrawn = false, Transaction = 1, ExternalId = key, Attributes = attributes }, writer.Documents);
            cpu += Environment.CpuUsage.TotalTime - at;
        }
        var before = Environment.CpuUsage.TotalTime;
        writer.Commit();
        cpu += Environment.CpuUsage.TotalTime - before;
        if (options.Measures(Part))
        {
            figures.Add(Part, "build", "µs CPU/product", cpu.TotalMicroseconds / number, "decoding the store's JSON included, one thread");
        }
        if (options.Measures("memory"))
        {
            figures.Add("memory", "index and card", "bytes/product", writer.Current.MemoryBytes / (double)number, "as the index counts itself");
            figures.Add("memory", "process growth", "bytes/product", (Resident() - empty) / (double)number, "resident memory after a full collection");
        }
        return new IndexedCatalog(layout.Registry, writer.Current, "benchmark", DateTimeOffset.UnixEpoch) { Columns = layout.Columns };
    }

    // {"id":1,… is the form of the feed; the store keeps the attributes alone.
    private static byte[] Stored(string line) => Encoding.UTF8.GetBytes(string.Concat("{", line.AsSpan(line.IndexOf(',', StringComparison.Ordinal) + 1)));

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What one changed product costs from the store's JSON to the snapshot that searches read.</summary>
    private void Publish(IndexWriter writer, ProductDecoder decoder, string productsFile)
    {
        var lines = File.ReadLines(productsFile).Take(Changes).Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\"price\":[0-9.]+", "\"price\":1.25")).ToArray();
        var (cpu, allocated, longest) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            var (times, pauses, bytes) = (new List<double>(), GC.GetTotalPauseDuration(), GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < lines.Length; i++)
            {
                // Prices that are new to the index, spread over the catalogue.
                var number = (int)(((round * Changes) + i + 1) * 7919L % options.Products) + 1;
                var attributes = Stored(lines[i].Replace("1.25", Text(round + 1) + "." + Text(i + 100), StringComparison.Ordinal));
                var start = Mark.Now;
                decoder.Decode(new FeedProduct { Number = number, Withdrawn = false, Transaction = 1, ExternalId = Encoding.UTF8.GetBytes(Text(number)), Attributes = attributes }, writer.Documents);
                writer.Commit();
                times.Add((Mark.Now.Nanoseconds - start.Nanoseconds) / 1000.0);
            }
            cpu.Add(times.Average());
            longest.Add(times.Max());
            allocated.Add((GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)Changes);
            Figures.Tell($"publishing: {(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds:F1} ms of collector pauses in {Changes} changes");
        }
        figures.Add(Part, "publishing one change", "µs CPU", cpu, "a product decoded and a new snapshot with it");
        figures.Add(Part, "publishing one change, longest", "µs CPU", longest);
        figures.Add(Part, "publishing one change, allocated", "bytes", allocated);
    }

    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Machine.Memory(Environment.ProcessId, "VmRSS");
    }

    private void Passes(IndexedCatalog catalog, byte[][] queries, List<double> times, TimeSpan atLeast)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            Pass(catalog, queries, times);
        }
        while (Stopwatch.GetElapsedTime(start) < atLeast);
    }

    private void Pass(IndexedCatalog catalog, byte[][] queries, List<double> times)
    {
        for (var i = 0; i < queries.Length; i++)
        {
            var start = Mark.Now;
            var request = SearchRequestReader.Read(queries[i], catalog.Registry);
            var read = Mark.Now;
            var bound = SearchBinder.Bind(catalog, request.Value, false, _cursors);
            if (bound.Problem is { } problem)
            {
                throw new InvalidDataException(problem.Detail);
            }
            var ready = Mark.Now;
            catalog.Snapshot.Search(bound.Value.Plan, _result);
            var searched = Mark.Now;
            SearchWriter.Write(_output, bound.Value, _result, _cursors, null);
            var written = Mark.Now;
            _output.Clear();
            times.Add((written.Nanoseconds - start.Nanoseconds) / 1000.0);
            _stages[0].Add(start, read);
            _stages[1].Add(read, ready);
            _stages[2].Add(ready, searched);
            _stages[3].Add(searched, written);
        }
    }

    /// <summary>What this thread has used: its own processor time, which the other users of a shared machine do not lengthen.</summary>
    private readonly record struct Mark(long Nanoseconds, long Bytes)
    {
        public static Mark Now => clock_gettime(ThreadCpuClock, out var time) == 0
            ? new((time.Seconds * 1_000_000_000) + time.Nanoseconds, GC.GetAllocatedBytesForCurrentThread())
            : throw new PlatformNotSupportedException("The system does not count a thread's processor time.");
    }

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private struct Stage
    {
        public long Nanoseconds;
        public long Bytes;

        public void Add(Mark from, Mark to)
        {
            Nanoseconds += to.Nanoseconds - from.Nanoseconds;
            Bytes += to.Bytes - from.Bytes;
        }
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Timespec time);
}
