using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Benchmarks;

/// <summary>What the load generator saw.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Failures">Answers other than 200.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Mean">Latency, microseconds.</param>
/// <param name="P50">Latency, microseconds.</param>
/// <param name="P99">Latency, microseconds.</param>
public sealed record LoadResult(long Requests, long Failures, double Seconds, double Mean, double P50, double P99);

/// <summary>
/// Sends the workload's searches from one thread over a few keep-alive connections, with plain system calls: on a small machine the client shares
/// the processors with the server, so each microsecond that it needs is one that the server lacks. Linux only.
/// </summary>
public sealed unsafe partial class LoadGenerator
{
    private const short PollIn = 1;

    private readonly byte[][] _requests;
    private readonly List<double> _latencies = new(1 << 20);
    private int _next;
    private long _failures;
    private bool _wholePasses = true;

    private LoadGenerator(byte[][] requests) => _requests = requests;

    /// <summary>
    /// Runs as a process of its own: each line of standard input is a command, <c>closed PORT CONNECTIONS SECONDS</c> (each connection sends its next
    /// request when it has the answer, whole passes over the queries) or <c>open PORT CONNECTIONS SECONDS RATE</c> (that many a second, whatever the server does);
    /// each line of standard output is a <see cref="LoadResult"/>.
    /// </summary>
    /// <param name="queriesFile">A body a line.</param>
    /// <param name="path">Where they are posted.</param>
    public static void Run(string queriesFile, string path = "/v1/products/search")
    {
        var generator = new LoadGenerator([.. File.ReadLines(queriesFile).Select((query, index) => Request(path, query, index))]);
        while (System.Console.In.ReadLine() is { Length: > 0 } line)
        {
            var words = line.Split(' ');
            var numbers = words.Skip(1).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
            System.Console.Out.WriteLine(JsonSerializer.Serialize(generator.Run(numbers[0], numbers[1], numbers[2], words[0] == "open" ? numbers[3] : 0)));
        }
    }

    /// <summary>The same with whole requests, a line of base64 each: <c>once PORT CONNECTIONS SECONDS</c> goes on where it was before and begins anew only after the last.</summary>
    public static void RunRequests(string requestsFile)
    {
        var generator = new LoadGenerator([.. File.ReadLines(requestsFile).Select(Convert.FromBase64String)]) { _wholePasses = false };
        while (System.Console.In.ReadLine() is { Length: > 0 } line)
        {
            var numbers = line.Split(' ').Skip(1).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
            System.Console.Out.WriteLine(JsonSerializer.Serialize(generator.Run(numbers[0], numbers[1], numbers[2], 0)));
        }
    }

    private static byte[] Request(string path, string query, int index) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(query)}\r\n{FloorServer.QueryHeader}: {index}\r\n\r\n{query}"));

    private LoadResult Run(int port, int connections, int seconds, int rate)
    {
        var open = Enumerable.Range(0, connections).Select(_ => new LoadConnection(port)).ToArray();
        try
        {
            (_failures, _next) = (0, _wholePasses ? 0 : _next);
            _latencies.Clear();
            GC.Collect();
            var start = Stopwatch.GetTimestamp();
            if (rate > 0)
            {
                RunOpen(open, seconds, rate);
            }
            else
            {
                RunClosed(open, seconds);
            }
            var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var sorted = CollectionsMarshal.AsSpan(_latencies);
            sorted.Sort();
            return new LoadResult(sorted.Length, _failures, elapsed, _latencies.Count == 0 ? 0 : _latencies.Average(), Figures.Percentile(sorted, .5), Figures.Percentile(sorted, .99));
        }
        finally
        {
            foreach (var connection in open)
            {
                connection.Dispose();
            }
        }
    }

    private void RunClosed(LoadConnection[] open, int seconds)
    {
        var end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        var waiting = new Waiting(open);
        var busy = 0;
        foreach (var connection in open)
        {
            Send(connection, Stopwatch.GetTimestamp());
            busy++;
        }
        while (busy > 0)
        {
            waiting.Wait(null);
            for (var i = 0; i < open.Length; i++)
            {
                if (!waiting.IsReady(i) || !Receive(open[i]))
                {
                    continue;
                }
                var now = Stopwatch.GetTimestamp();
                // Queries differ a hundredfold in cost: only whole passes make one round comparable with the next.
                if (now < end || (_wholePasses && _next % _requests.Length != 0))
                {
                    Send(open[i], now);
                }
                else
                {
                    busy--;
                }
            }
        }
    }

    private void RunOpen(LoadConnection[] open, int seconds, int rate)
    {
        var waiting = new Waiting(open);
        var idle = new Stack<LoadConnection>(open);
        var due = new Queue<long>();
        var (sent, all) = (0L, (long)seconds * rate);
        var start = Stopwatch.GetTimestamp();
        while (sent < all || idle.Count < open.Length || due.Count > 0)
        {
            var now = Stopwatch.GetTimestamp();
            while (sent < all && start + (sent * Stopwatch.Frequency / rate) is var at && at <= now)
            {
                // Counted from when this client woke, since its own oversleeping is not the server's; but waiting for a free connection is.
                due.Enqueue(now);
                sent++;
            }
            while (due.Count > 0 && idle.Count > 0)
            {
                Send(idle.Pop(), due.Dequeue());
            }
            var rest = sent < all ? start + (sent * Stopwatch.Frequency / rate) - Stopwatch.GetTimestamp() : Stopwatch.Frequency;
            waiting.Wait(TimeSpan.FromSeconds(Math.Max(0, rest / (double)Stopwatch.Frequency)));
            for (var i = 0; i < open.Length; i++)
            {
                if (waiting.IsReady(i) && Receive(open[i]))
                {
                    idle.Push(open[i]);
                }
            }
        }
    }

    private void Send(LoadConnection connection, long due)
    {
        connection.Due = due;
        connection.Send(_requests[_next % _requests.Length]);
        _next++;
    }

    private bool Receive(LoadConnection connection)
    {
        if (!connection.IsBusy || !connection.Receive())
        {
            return false;
        }
        _latencies.Add(Stopwatch.GetElapsedTime(connection.Due).TotalMicroseconds);
        _failures += connection.Succeeded ? 0 : 1;
        return true;
    }

    /// <summary>Waits until one of the connections has something to read.</summary>
    private sealed class Waiting(LoadConnection[] open)
    {
        private readonly PollEntry[] _entries = [.. open.Select(connection => new PollEntry { Handle = connection.Handle, Events = PollIn })];

        public bool IsReady(int index) => _entries[index].Returned != 0;

        public void Wait(TimeSpan? atMost)
        {
            // ppoll counts in nanoseconds; the usual waits of .NET would round an interval of 3.3 ms.
            var time = new Timespec { Seconds = atMost?.Ticks / TimeSpan.TicksPerSecond ?? 0, Nanoseconds = atMost?.Ticks % TimeSpan.TicksPerSecond * 100 ?? 0 };
            fixed (PollEntry* entries = _entries)
            {
                if (ppoll(entries, (nuint)_entries.Length, atMost is null ? null : &time, null) <= 0)
                {
                    foreach (ref var entry in _entries.AsSpan())
                    {
                        entry.Returned = 0;
                    }
                }
            }
        }
    }

    private struct PollEntry
    {
        public int Handle;
        public short Events;
        public short Returned;
    }

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ppoll(PollEntry* entries, nuint count, Timespec* time, void* signals);
}
