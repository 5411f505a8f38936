using System.Globalization;
using System.Text.Json;
using CustobotGateway.Tests.Common;
using Dapper;

namespace CustobotGateway.Tests.Catalog.Import;

/// <summary>66,778 real products, by the mapping that ships for them.</summary>
public sealed class RealProductsTests(RealProductsTests.Gateway gateway) : IClassFixture<RealProductsTests.Gateway>
{
    private const int Products = 66_778;
    private const int Priced = 16_222;
    private const int Categories = 25;

    public sealed class Gateway : ImportFixture
    {
        protected override string RegistryDirectory => null!;
    }

    [SharedDataFact]
    public async Task Every_real_product_is_imported_once_and_a_second_import_changes_nothing()
    {
        var first = await ImportAsync();
        var second = await ImportAsync();

        first.AssertAddsUp();
        Assert.Equal((Products, Products, 0), (first.Count("rows"), first.Count("created"), first.Count("refused")));
        Assert.Equal((Products, Products, 0, 0), (second.Count("rows"), second.Count("unchanged"), second.Count("changed"), second.Count("created")));
        Assert.Equal(Categories, first.GetProperty("coverage").GetArrayLength());
        Assert.Equal(Priced, first.GetProperty("coverage").EnumerateArray().Sum(category => category.GetProperty("attributes").EnumerateArray()
            .Where(attribute => attribute.GetProperty("attribute").GetString() == "price").Sum(attribute => attribute.Count("filled"))));
        Assert.DoesNotContain(first.GetProperty("left_out").EnumerateArray(), left => left.GetProperty("code").GetString() is "unmapped" or "unknown_attribute");
        await AssertMonitorsAsync();
    }

    /// <summary>The values of one file against a plain reading of it.</summary>
    private async Task AssertMonitorsAsync()
    {
        var expected = File.ReadLines(SharedData.Find("data/products/pc-parts/monitor.jsonl")!).Select(line => JsonElement.Parse(line))
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.GetProperty("name").GetString()} {(row.GetProperty("resolution") is { ValueKind: JsonValueKind.Array } pair ? pair[0].GetInt32() : null)}"))
            .Order(StringComparer.Ordinal);
        await using var connection = await gateway.OpenDatabaseAsync();
        var stored = await connection.QueryAsync<string>("""
            select (attributes->>'name') || ' ' || coalesce(attributes->>'width_px', '') from catalog.products where attributes->>'category' = 'monitor'
            """);

        Assert.Equal(expected, stored.Order(StringComparer.Ordinal));
    }

    private async Task<JsonElement> ImportAsync()
    {
        using var parts = new MultipartFormDataContent();
        foreach (var file in Directory.GetFiles(SharedData.Find("data/products/pc-parts")!, "*.jsonl").Order(StringComparer.Ordinal))
        {
            parts.Add(new ByteArrayContent(await File.ReadAllBytesAsync(file)), "file", Path.GetFileName(file));
        }
        return await gateway.EndOfAsync(await gateway.BeginAsync(parts, "?mapping=pc-parts"));
    }
}
