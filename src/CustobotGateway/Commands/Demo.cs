using System.Text.Json;
using CustobotGateway.Catalog.Demo;
using CustobotGateway.Common;

namespace CustobotGateway.Commands;

/// <summary><c>./gateway demo</c>: prints the demo shop. Starts no database.</summary>
public static class Demo
{
    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "demo",
        Summary = "Print the products of the demo shop as NDJSON",
        Help = "One product a line, in the form that 'import' takes without a mapping. The same bytes each time.",
        Options = [new("--stock", null, "Print what lies where instead: id, location, starts_at of a bookable slot, on_hand")],
        RunAsync = RunAsync,
    };

    private sealed record StockLine(string Id, string Location, DateTimeOffset? StartsAt, int OnHand);

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        await using var output = new BufferedStream(System.Console.OpenStandardOutput(), 1 << 16);
        foreach (var product in DemoShop.Products())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!words.Has("--stock"))
            {
                await output.WriteAsync(product.Line, cancellationToken);
                output.WriteByte((byte)'\n');
                continue;
            }
            foreach (var lot in product.Stock)
            {
                await JsonSerializer.SerializeAsync(output, new StockLine(product.ExternalId, lot.Location, lot.StartsAt, lot.OnHand), Json.Options, cancellationToken);
                output.WriteByte((byte)'\n');
            }
        }
        return ExitCode.Done;
    }
}
