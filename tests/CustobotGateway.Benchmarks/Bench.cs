using System.Text;
using System.Text.Json;
using CustobotGateway.Tests.Search;

namespace CustobotGateway.Benchmarks;

/// <summary>One run: prepares the workload, measures the parts that are asked for, and tells the figures.</summary>
public static class Bench
{
    private const int FacetLimit = 10;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        if (WorkloadFiles.Absence is { } absence)
        {
            System.Console.Error.WriteLine($"gateway: {absence}");
            return 1;
        }
        // PostgreSQL runs as a user of its own where we are root, and must be able to pass through the folder.
        var folder = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            var figures = await MeasureAsync(options, folder);
            AddRatios(figures);
            var table = Report.Table(options, figures);
            System.Console.Out.Write(table);
            var json = options.JsonFile ?? Path.Combine(WorkloadFiles.Artifacts(), "benchmarks", $"{options.Products}.json");
            Report.WriteJson(json, options, figures);
            Figures.Tell($"the figures are in {json}");
            if (options.WriteFile is { } file)
            {
                Report.WriteMarkdown(file, options, table);
            }
            return 0;
        }
        finally
        {
            if (!options.Keep)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<Figures> MeasureAsync(BenchOptions options, string folder)
    {
        var figures = new Figures();
        if (options.Measures("access"))
        {
            await AccessBenchmark.RunAsync(options, figures, Data(folder, "access"));
        }
        if (options.Measures("oauth"))
        {
            await OAuthBenchmark.RunAsync(options, figures, Data(folder, "oauth"));
        }
        if (options.Measures("ledger"))
        {
            await LedgerBenchmark.RunAsync(options, figures, Data(folder, "ledger"));
        }
        if (options.Measures("checkout"))
        {
            await CheckoutBenchmark.RunAsync(options, figures, Data(folder, "checkout"));
        }
        if (options.Measures("webhooks"))
        {
            await WebhooksBenchmark.RunAsync(options, figures, Data(folder, "webhooks"));
        }
        if (options.Measures("pages"))
        {
            await PagesBenchmark.RunAsync(options, figures, Data(folder, "pages"));
        }
        if (options.Measures("callers"))
        {
            await CallersBenchmark.RunAsync(options, figures, Data(folder, "callers"));
        }
        if (options.Measures("signatures"))
        {
            await SignaturesBenchmark.RunAsync(options, figures, Data(folder, "signatures"));
        }
        if (options.Measures("bots"))
        {
            await BotsBenchmark.RunAsync(options, figures);
        }
        if (options.Measures("negotiation"))
        {
            NegotiationBenchmark.Run(figures);
        }
        if (options.MeasuresSearch)
        {
            await MeasureSearchAsync(options, figures, folder);
        }
        return figures;
    }

    private static async Task MeasureSearchAsync(BenchOptions options, Figures figures, string folder)
    {
        var workload = WorkloadFiles.Find();
        var products = workload.Products(options.Products);
        var queries = File.ReadAllLines(workload.QueryLines);
        var searches = queries.Select(query => WorkloadWire.Search(JsonDocument.Parse(query).RootElement, FacetLimit, null).ToJsonString()).ToArray();
        var searchesFile = Path.Combine(folder, "searches.ndjson");
        await File.WriteAllLinesAsync(searchesFile, searches);
        var registry = Path.Combine(folder, "registry");
        WorkloadWire.WriteRegistry(workload.Schema, registry);

        var inProcess = options.Measures("engine") || options.Measures("memory") ? new InProcessBenchmark(options, figures, [.. searches.Select(Encoding.UTF8.GetBytes)]) : null;
        inProcess?.Build(registry, products);
        if (options.Measures("http") || options.Measures("graphql") || options.Measures("freshness") || options.Measures("import"))
        {
            await using var gateway = await GatewayUnderTest.StartAsync(Data(folder, "workload"), registry);
            await ImportBenchmark.RunWorkloadAsync(options, figures, gateway, products);
            if (options.Measures("http"))
            {
                await ServerBenchmark.RunAsync(options, figures, gateway, options.Measures("engine") ? inProcess : null, searchesFile, folder);
            }
            if (options.Measures("graphql"))
            {
                await GraphQLBenchmark.RunAsync(options, figures, gateway, searches, registry, folder);
            }
            if (options.Measures("freshness"))
            {
                await new FreshnessBenchmark(options, figures, gateway).RunAsync(searchesFile);
            }
        }
        if (options.Measures("engine"))
        {
            if (!options.Measures("http"))
            {
                inProcess!.WarmUp();
                for (var round = 0; round < options.Rounds; round++)
                {
                    inProcess.MeasureRound();
                }
            }
            inProcess!.Tell(products);
        }
        inProcess = null;
        if (options.Measures("import"))
        {
            await ImportBenchmark.RunRealAsync(figures, Data(folder, "real"));
        }
        if (options.Measures("postgres"))
        {
            await PeerBenchmark.RunAsync(options, figures, Data(folder, "peer"), workload.Schema, products, queries, options.Products <= MostForOracle ? workload.Oracle(options.Products) : null);
        }
    }

    // The oracle scans every product for every query; it checks the other database where that takes no more than a minute or two.
    private const int MostForOracle = 100_000;

    private static string Data(string folder, string name)
    {
        var data = Path.Combine(folder, name);
        Directory.CreateDirectory(data);
        return data;
    }

    /// <summary>What the goals compare: this machine's own floor is the measure, not another machine's microseconds.</summary>
    private static void AddRatios(Figures figures)
    {
        if (figures.Find("http", "floor CPU") is { } floor && figures.Find("engine", "CPU") is { } engine)
        {
            figures.Add("engine", "CPU to the floor's", "ratio", [.. engine.Rounds.Zip(floor.Rounds, (one, other) => one / other)], "CPU of a query in process, by that of an answer over HTTP without work");
        }
        if (figures.Find("postgres", "CPU") is { } postgres && figures.Find("http", "search CPU") is { } search)
        {
            figures.Add("postgres", "CPU to a search's", "ratio", postgres.Value * 1000 / search.Value, "CPU of PostgreSQL alone, by that of the gateway's whole answer over HTTP");
        }
    }
}
