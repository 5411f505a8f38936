using System.Diagnostics;
using System.Text.Json;
using CustobotGateway.AttributeIndex;

namespace CustobotGateway.Benchmarks;

/// <summary>The engine alone, in process: build, memory, CPU of a query, allocation; and its agreement with the oracle.</summary>
public static class EngineBenchmark
{
    public static void Run(string folder, string size, int rounds)
    {
        var workload = new SearchWorkload(Path.Combine(folder, "schema.json"));
        var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var index = new IndexWriter(workload.Schema);
        var count = workload.Load(Path.Combine(folder, $"p{size}.ndjson"), index);
        process.Refresh();
        var parsed = process.TotalProcessorTime;
        index.Commit();
        process.Refresh();
        var built = process.TotalProcessorTime;
        System.Console.WriteLine($"products {count}  parse+intern {(parsed - before).TotalMicroseconds / count:F1} us  layout+build {(built - parsed).TotalMicroseconds / count:F1} us  memory {index.Current.MemoryBytes / (double)count:F0} B/product");
        var queries = File.ReadLines(Path.Combine(folder, "q.ndjson")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var plans = queries.Select(workload.Plan).ToArray();
        var oracle = Path.Combine(folder, $"o{size}.ndjson");
        if (File.Exists(oracle))
        {
            Check(workload, index.Current, queries, plans, oracle);
        }
        var result = new SearchResult();
        var times = new double[plans.Length];
        for (var round = 0; round < rounds; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            process.Refresh();
            var start = process.TotalProcessorTime;
            for (var i = 0; i < plans.Length; i++)
            {
                var at = Stopwatch.GetTimestamp();
                index.Current.Search(plans[i], result);
                times[i] = Stopwatch.GetElapsedTime(at).TotalMicroseconds;
            }
            process.Refresh();
            var cpu = (process.TotalProcessorTime - start).TotalMicroseconds / plans.Length;
            var sorted = times.Order().ToArray();
            System.Console.WriteLine($"round {round}: cpu {cpu:F1} us  wall mean {times.Average():F1}  p50 {sorted[sorted.Length / 2]:F1}  p99 {sorted[(int)(sorted.Length * .99)]:F1}  max {sorted[^1]:F1}  alloc {(GC.GetAllocatedBytesForCurrentThread() - allocated) / plans.Length} B");
        }
        foreach (var i in Enumerable.Range(0, plans.Length).OrderByDescending(i => times[i]).Take(6))
        {
            index.Current.Search(plans[i], result);
            System.Console.WriteLine($"slow: {times[i]:F0} us total {result.Total} facets {plans[i].Facets.Count} {queries[i].GetProperty("text").GetString()} {queries[i].GetProperty("filter").GetRawText()[..Math.Min(300, queries[i].GetProperty("filter").GetRawText().Length)]}");
        }
    }

    private static void Check(SearchWorkload workload, IndexSnapshot snapshot, JsonElement[] queries, SearchPlan[] plans, string oracleFile)
    {
        var wrong = 0;
        var answers = File.ReadLines(oracleFile).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        for (var i = 0; i < plans.Length; i++)
        {
            var result = new SearchResult();
            var facets = plans[i].Facets.Select(facet => new FacetRequest(facet.Column) { Limit = 10_000, Values = facet.Values, Statistics = facet.Statistics }).ToArray();
            snapshot.Search(new SearchPlan { Filter = plans[i].Filter, Scoring = plans[i].Scoring, Sort = plans[i].Sort, Offset = plans[i].Offset, Size = plans[i].Size, Facets = facets }, result);
            var problems = new List<string>();
            if (result.Total != answers[i].GetProperty("total").GetInt64())
            {
                problems.Add($"total {result.Total} for {answers[i].GetProperty("total")}");
            }
            if (answers[i].GetProperty("ids") is { ValueKind: JsonValueKind.Array } ids && !ids.EnumerateArray().Select(id => id.GetInt64()).SequenceEqual(result.Hits.Select(hit => hit.Id)))
            {
                problems.Add($"ids {string.Join(',', result.Hits.Select(hit => hit.Id))} for {ids}");
            }
            for (var f = 0; f < facets.Length; f++)
            {
                var name = workload.Name(facets[f].Column);
                if (facets[f].Statistics)
                {
                    var stats = answers[i].GetProperty("stats").GetProperty(name);
                    if (stats[0].GetInt64() != result.Facets[f].Count || (stats[0].GetInt64() > 0 && (stats[1].GetDouble() != result.Facets[f].Minimum || stats[2].GetDouble() != result.Facets[f].Maximum)))
                    {
                        problems.Add($"stats {name} {result.Facets[f].Count},{result.Facets[f].Minimum},{result.Facets[f].Maximum} for {stats}");
                    }
                    continue;
                }
                var expected = answers[i].GetProperty("facets").GetProperty(name).EnumerateObject().OrderByDescending(value => value.Value.GetInt32())
                    .ThenBy(value => value.Name, StringComparer.Ordinal).Select(value => $"{value.Name}={value.Value}");
                var got = result.Facets[f].Values.Select(value => $"{(value.Term < 0 ? value.Number == 1 ? "true" : "false" : snapshot.Term(facets[f].Column, value.Term))}={value.Count}");
                if (!expected.SequenceEqual(got))
                {
                    problems.Add($"facet {name} {string.Join(',', got.Take(5))} for {string.Join(',', expected.Take(5))}");
                }
            }
            if (problems.Count > 0 && wrong++ < 5)
            {
                System.Console.WriteLine($"query {i + 1}: {string.Join("; ", problems)}\n  {queries[i].GetRawText()}");
            }
        }
        System.Console.WriteLine($"oracle: {plans.Length - wrong} of {plans.Length} agree");
    }
}
