using System.Globalization;
using System.Text.Json;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// A search over HTTP against the floor: the same server sending the same bytes without work. Interleaved, since the machine is shared; the processor time
/// of the server alone is counted, since the client shares the machine. The search in process takes its turn in each round, to be held against the same floor.
/// </summary>
public static class ServerBenchmark
{
    private const string Part = "http";
    private const int Connections = 32;
    private const int WarmUpSeconds = 2;
    private const int MostWarmUps = 20;
    private const double Settled = .97;

    public static async Task RunAsync(BenchOptions options, Figures figures, GatewayUnderTest gateway, InProcessBenchmark? inProcess, string searchesFile, string folder)
    {
        var answers = new List<byte[]>();
        foreach (var search in File.ReadLines(searchesFile))
        {
            answers.Add(await gateway.SearchAsync(search));
        }
        var answersFile = Path.Combine(folder, "answers.bin");
        FloorServer.WriteAnswers(answersFile, answers);
        await using var floor = Child.StartSelf("floor", answersFile);
        var floorPort = new Uri(await floor.ReadLineAsync()).Port;
        await using var load = Child.StartSelf("load", searchesFile);
        await WarmUpAsync(load, floor.Id, floorPort);
        await WarmUpAsync(load, gateway.ProcessId, gateway.Port);
        inProcess?.WarmUp();

        var (floors, searches) = (new List<(double Cpu, double Rate)>(), new List<(double Cpu, double Rate)>());
        for (var round = 0; round < options.Rounds; round++)
        {
            floors.Add(await MeasureAsync(load, floor.Id, floorPort, options.Seconds));
            searches.Add(await MeasureAsync(load, gateway.ProcessId, gateway.Port, options.Seconds));
            inProcess?.MeasureRound();
        }

        figures.Add(Part, "answer", "bytes", answers.Average(answer => answer.Length), "mean of the 1,000 searches; default select, facets with up to 10 values");
        figures.Add(Part, "floor CPU", "µs/request", [.. floors.Select(one => one.Cpu)], "the same bytes without work");
        figures.Add(Part, "search CPU", "µs/request", [.. searches.Select(one => one.Cpu)]);
        figures.Add(Part, "CPU ratio", "floor/search", [.. floors.Zip(searches, (one, other) => one.Cpu / other.Cpu)]);
        figures.Add(Part, "floor rate", "requests/s", [.. floors.Select(one => one.Rate)], $"{Connections} connections, client on the same machine");
        figures.Add(Part, "search rate", "requests/s", [.. searches.Select(one => one.Rate)]);
        figures.Add(Part, "rate ratio", "search/floor", [.. floors.Zip(searches, (one, other) => other.Rate / one.Rate)]);
    }

    // The runtime compiles hot code again, better, while it runs: how long that takes depends on the machine, so the requests tell when it is done.
    internal static async Task WarmUpAsync(Child load, int server, int port)
    {
        var before = double.MaxValue;
        for (var i = 0; i < MostWarmUps; i++)
        {
            var (cpu, _) = await MeasureAsync(load, server, port, WarmUpSeconds);
            if (cpu > before * Settled)
            {
                return;
            }
            before = cpu;
        }
    }

    internal static async Task<(double Cpu, double Rate)> MeasureAsync(Child load, int server, int port, int seconds)
    {
        var before = Machine.CpuSeconds(server);
        await load.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"closed {port} {Connections} {seconds}"));
        var result = JsonSerializer.Deserialize<LoadResult>(await load.ReadLineAsync())!;
        var cpu = Machine.CpuSeconds(server) - before;
        return result.Failures == 0
            ? (cpu * 1e6 / result.Requests, result.Requests / result.Seconds)
            : throw new InvalidDataException($"{result.Failures} of {result.Requests} requests were refused.");
    }
}
