using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Benchmarks;

/// <summary>How soon a change is found, and what searches feel of the changes: single products patched at a fixed rate under searches at a fixed rate.</summary>
public sealed class FreshnessBenchmark(BenchOptions options, Figures figures, GatewayUnderTest gateway)
{
    private const string Part = "freshness";
    private const int SearchesPerSecond = 300;
    private const int Connections = 16;
    private const int MaxAttributed = 10_000;

    // A probe asks again and again until it sees the change; so many a second that they are no load of their own.
    private const int ProbesPerSecond = 20;
    private const int WarmUpSeconds = 3;

    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentBag<double> _visible = [];
    private readonly ConcurrentBag<double> _patches = [];
    private int _amount;

    public async Task RunAsync(string searchesFile)
    {
        await using var load = Child.StartSelf("load", searchesFile);
        await SearchAsync(load, WarmUpSeconds);
        await UpdateAsync(WarmUpSeconds);
        (double P50, double P99)[] quiet = new (double, double)[options.Rounds], loaded = new (double, double)[options.Rounds];
        double[][] visible = new double[options.Rounds][], patches = new double[options.Rounds][];
        // The rounds of the updates together last half a minute at least: a p99 needs that many.
        var seconds = Math.Max(options.Seconds, 30 / options.Rounds);
        for (var round = 0; round < options.Rounds; round++)
        {
            quiet[round] = await SearchAsync(load, seconds);
            _visible.Clear();
            _patches.Clear();
            var updates = UpdateAsync(seconds);
            loaded[round] = await SearchAsync(load, seconds);
            await updates;
            (visible[round], patches[round]) = ([.. _visible.Order()], [.. _patches.Order()]);
        }
        foreach (var (name, share) in new[] { ("p50", .5), ("p95", .95), ("p99", .99) })
        {
            figures.Add(Part, $"commit to visible {name}", "ms", [.. visible.Select(round => Figures.Percentile(round, share))],
                share == .5 ? $"{options.UpdatesPerSecond} updates/s by PATCH, counted from its answer until a search finds the new price" : null);
        }
        figures.Add(Part, "PATCH p50", "ms", [.. patches.Select(round => Figures.Percentile(round, .5))]);
        figures.Add(Part, "updates", "1/s", [.. patches.Select(round => round.Length / (double)seconds)]);
        figures.Add(Part, "quiet search p50", "ms", [.. quiet.Select(round => round.P50)], $"open loop, {SearchesPerSecond} searches/s");
        figures.Add(Part, "quiet search p99", "ms", [.. quiet.Select(round => round.P99)]);
        figures.Add(Part, "search p50 under updates", "ms", [.. loaded.Select(round => round.P50)]);
        figures.Add(Part, "search p99 under updates", "ms", [.. loaded.Select(round => round.P99)]);
        figures.Add(Part, "search p99 ratio", "loaded/quiet", [.. quiet.Zip(loaded, (one, other) => other.P99 / one.P99)]);
    }

    private async Task<(double P50, double P99)> SearchAsync(Child load, int seconds)
    {
        await load.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"open {gateway.Port} {Connections} {seconds} {SearchesPerSecond}"));
        var result = JsonSerializer.Deserialize<LoadResult>(await load.ReadLineAsync())!;
        return result.Failures == 0 ? (result.P50 / 1000, result.P99 / 1000) : throw new InvalidDataException($"{result.Failures} searches were refused.");
    }

    private async Task UpdateAsync(int seconds)
    {
        var running = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        var probeEvery = Math.Max(1, options.UpdatesPerSecond / ProbesPerSecond);
        for (var i = 0; i < seconds * options.UpdatesPerSecond; i++)
        {
            var due = TimeSpan.FromSeconds(i / (double)options.UpdatesPerSecond) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due);
            }
            running.Add(UpdateOneAsync(i % probeEvery == 0));
        }
        await Task.WhenAll(running);
    }

    private async Task UpdateOneAsync(bool probe)
    {
        // Never the same price twice, and products spread over the catalogue by a step that shares no factor with it.
        var amount = Interlocked.Increment(ref _amount);
        var product = (amount * 7919L % Math.Min(options.Products, int.MaxValue)) + 1;
        var price = string.Create(CultureInfo.InvariantCulture, $"{1000 + (amount % MaxAttributed)}.{amount / MaxAttributed % 90 + 10}");
        var started = Stopwatch.GetTimestamp();
        using var content = new StringContent($$$"""{"attributes":{"price":{{{price}}}}}""", Encoding.UTF8, "application/merge-patch+json");
        using var answer = await gateway.Client.PatchAsync($"/v1/products/external_id:{product}", content);
        var committed = Stopwatch.GetTimestamp();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidDataException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        _patches.Add(Stopwatch.GetElapsedTime(started, committed).TotalMilliseconds);
        if (!probe)
        {
            return;
        }
        var search = $$$"""{"must":[{"attribute":"external_id","op":"eq","value":"{{{product}}}"}],"select":["price"]}""";
        while (!await FindsAsync(search, price))
        {
            if (Stopwatch.GetElapsedTime(committed) > ProbePatience)
            {
                throw new TimeoutException($"Product {product} kept its price in searches for {ProbePatience.TotalSeconds} s.");
            }
            await Task.Delay(ProbePause);
        }
        _visible.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
    }

    private async Task<bool> FindsAsync(string search, string price)
    {
        using var answer = JsonDocument.Parse(await gateway.SearchAsync(search));
        var products = answer.RootElement.GetProperty("products");
        return products.GetArrayLength() == 1
            && products[0].GetProperty("attributes").GetProperty("price").GetDecimal() == decimal.Parse(price, CultureInfo.InvariantCulture);
    }
}
