using System.Globalization;

namespace CustobotGateway.Benchmarks;

/// <summary>What is measured, and how long.</summary>
public sealed record BenchOptions
{
    private static readonly string[] SearchParts = ["engine", "http", "graphql", "postgres", "freshness", "import", "memory"];

    // On small data of their own, whatever the number of products.
    private static readonly string[] Parts = [.. SearchParts, "access", "oauth", "ledger", "checkout", "webhooks", "pages", "callers", "signatures", "bots", "negotiation"];

    public const string Help = """
        Usage: gateway bench [OPTION…]

        Measures searches, freshness, imports, OAuth, the ledger, checkouts, webhooks, pages, callers, signatures, bot scores and bargaining on this machine and prints a table. Needs ../shared/data/search-workload and Node.js.
        Everything runs on the loopback interface, on data of its own in a temporary folder. CPU times come from /proc (Linux).

        Options:
          --products N     Products of the search workload (default 100000)
          --rounds N       Interleaved rounds; the median of them is told (default 5)
          --seconds N      How long each round of load lasts (default 3)
          --only LIST      Some of engine,http,graphql,postgres,freshness,import,memory,access,oauth,
                           ledger,checkout,webhooks,pages,callers,signatures,bots,negotiation (default all)
          --updates N      Updates a second of the freshness part (default 200)
          --json FILE      Also write the figures as JSON (default artifacts/benchmarks/PRODUCTS.json)
          --write FILE     Put the table into this Markdown file, between its marks for this number of products,
                           and for the parts of --only
          --keep           Leave the temporary folder
          --help           Tell this
        """;

    public int Products { get; private set; } = 100_000;

    public int Rounds { get; private set; } = 5;

    public int Seconds { get; private set; } = 3;

    public int UpdatesPerSecond { get; private set; } = 200;

    public IReadOnlyList<string> Only { get; private set; } = Parts;

    public string? JsonFile { get; private set; }

    public string? WriteFile { get; private set; }

    public bool Keep { get; private set; }

    public bool MeasuresAll => Parts.All(Only.Contains);

    public bool MeasuresSearch => SearchParts.Any(Only.Contains);

    public bool Measures(string part) => Only.Contains(part);

    /// <summary>The options, or null with the reason on standard error.</summary>
    public static BenchOptions? Read(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (arguments[i][..at], arguments[i][(at + 1)..]) : (arguments[i], null);
            if (name == "--keep")
            {
                options.Keep = true;
                continue;
            }
            value ??= i + 1 < arguments.Count ? arguments[++i] : "";
            if (!options.Set(name, value))
            {
                System.Console.Error.WriteLine($"gateway: '{name} {value}' is not understood; 'gateway bench --help' lists the options.");
                return null;
            }
        }
        return options;
    }

    private bool Set(string name, string value)
    {
        switch (name)
        {
            case "--products" when Number(value, 1_000, 10_000_000) is { } products:
                Products = products;
                return true;
            case "--rounds" when Number(value, 1, 100) is { } rounds:
                Rounds = rounds;
                return true;
            case "--seconds" when Number(value, 1, 600) is { } seconds:
                Seconds = seconds;
                return true;
            case "--updates" when Number(value, 1, 10_000) is { } updates:
                UpdatesPerSecond = updates;
                return true;
            case "--only" when value.Split(',') is var only && only.All(Parts.Contains):
                Only = only;
                return true;
            case "--json" when value.Length > 0:
                JsonFile = Path.GetFullPath(value);
                return true;
            case "--write" when value.Length > 0:
                WriteFile = Path.GetFullPath(value);
                return true;
            default:
                return false;
        }
    }

    private static int? Number(string text, int from, int to) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to ? number : null;
}
