using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.BotTraining;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Benchmarks;

/// <summary>Scoring callers in one thread, and what libraries find that look at the user agent alone, on the same rows.</summary>
public static class BotsBenchmark
{
    private const string Part = "bots";

    // A single score is shorter than a clock can tell well: each is made this often in a row.
    private const int Repeats = 50;

    public static async Task RunAsync(BenchOptions options, Figures figures)
    {
        var file = SharedData.Find(Path.Combine("data", "bots", "dev.jsonl")) ?? throw new FileNotFoundException("The labelled rows (../shared/data/bots) are absent.");
        var rows = CallerRow.ReadAll(file);
        var (headers, visits) = (new List<double>(), new List<double>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            var (header, visit) = (MicrosecondsOfHeaders(rows), MicrosecondsOfVisits(file));
            // The first round is compiled while it runs.
            if (round > 0)
            {
                headers.Add(header);
                visits.Add(visit);
            }
        }
        figures.Add(Part, "header score", "µs", headers, "median of the labelled rows, headers as strings to score; goal: recognition in line at most 20");
        figures.Add(Part, "visit update", "µs", visits, "one more request of a visit");
        figures.Add(Part, "header score allocates", "B", Allocated(rows));

        var scores = rows.Select(row => CallerScorer.Score(row.Request, row.Visit, default)).ToArray();
        Found(figures, "gateway", label => Share(rows, label, i => scores[i].DeclaredAs is not null || scores[i].Score >= CallerScorer.Threshold),
            "headers and visits, signatures left out; its weights were learnt from these rows: 'gateway bots report' tells what it finds of makers that it did not see");
        await using var peers = Child.StartProgram(Repository.PathOf("tests", "bot-peers", "run"), file);
        using var answer = JsonDocument.Parse(await peers.ReadToEndAsync(TimeSpan.FromMinutes(5)));
        foreach (var peer in answer.RootElement.EnumerateObject())
        {
            figures.Add(Part, $"{peer.Name} call", "µs", peer.Value.GetProperty("microseconds").GetDouble(), "the user agent alone, on Node");
            Found(figures, peer.Name, label => peer.Value.GetProperty(label switch { "automation" => "automation", "declared_bot" => "declared", _ => "people" }).GetDouble(), null);
        }
    }

    private static void Found(Figures figures, string who, Func<string, double> share, string? note)
    {
        figures.Add(Part, $"{who}: automation found", "%", 100 * share("automation"), note);
        figures.Add(Part, $"{who}: declared bots found", "%", 100 * share("declared_bot"));
        figures.Add(Part, $"{who}: people flagged", "%", 100 * share("human"));
    }

    private static double Share(IReadOnlyList<CallerRow> rows, string label, Func<int, bool> isFound)
    {
        var of = Enumerable.Range(0, rows.Count).Where(i => rows[i].Label == label).ToArray();
        return of.Count(isFound) / (double)of.Length;
    }

    private static double MicrosecondsOfHeaders(IReadOnlyList<CallerRow> rows)
    {
        var times = new double[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var again = 0; again < Repeats; again++)
            {
                _ = CallerScorer.Score(rows[i].Request).Score;
            }
            times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds / Repeats;
        }
        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static double MicrosecondsOfVisits(string file)
    {
        var steps = new List<VisitRequest>();
        foreach (var line in File.ReadLines(file).Where(line => line.Contains("\"session\"", StringComparison.Ordinal)))
        {
            using var json = JsonDocument.Parse(line);
            steps.AddRange(json.RootElement.GetProperty("session").GetProperty("requests").EnumerateArray().Select(CallerRow.Step));
        }
        var visit = new VisitFeatures();
        var started = Stopwatch.GetTimestamp();
        foreach (var step in steps)
        {
            visit.Add(step);
        }
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMicroseconds / steps.Count;
        return visit.Requests == steps.Count ? elapsed : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{visit.Requests} of {steps.Count} requests were taken."));
    }

    private static double Allocated(IReadOnlyList<CallerRow> rows)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var row in rows)
        {
            _ = CallerScorer.Score(row.Request).Score;
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)rows.Count;
    }
}
