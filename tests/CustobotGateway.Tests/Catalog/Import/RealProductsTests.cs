using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Search;
using Dapper;

namespace CustobotGateway.Tests.Catalog.Import;

/// <summary>66,778 real products, by the mapping that ships for them.</summary>
[Collection(nameof(RealProducts))]
public sealed class RealProductsTests(RealProducts products)
{
    private const int Priced = 16_222;
    private const int Categories = 25;

    [SharedDataFact]
    public async Task Every_real_product_is_imported_once_and_a_second_import_changes_nothing()
    {
        var first = products.Report;
        var second = await products.ImportAsync(RealProducts.Files);

        first.AssertAddsUp();
        Assert.Equal((RealProducts.Count, RealProducts.Count, 0), (first.Count("rows"), first.Count("created"), first.Count("refused")));
        Assert.Equal((RealProducts.Count, RealProducts.Count, 0, 0), (second.Count("rows"), second.Count("unchanged"), second.Count("changed"), second.Count("created")));
        Assert.Equal(Categories, first.GetProperty("coverage").GetArrayLength());
        Assert.Equal(Priced, first.GetProperty("coverage").EnumerateArray().Sum(category => category.GetProperty("attributes").EnumerateArray()
            .Where(attribute => attribute.GetProperty("attribute").GetString() == "price").Sum(attribute => attribute.Count("filled"))));
        Assert.DoesNotContain(first.GetProperty("left_out").EnumerateArray(), left => left.GetProperty("code").GetString() is "unmapped" or "unknown_attribute");
        await AssertMonitorsAsync();
    }

    [SharedDataFact]
    public async Task Every_row_is_recognised_by_its_form_as_what_its_file_is_named_for()
    {
        var mapping = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("schemas", "mappings", "pc-parts.json")))!["category"]!;
        var recognised = mapping["recognise"]!.AsArray().Select(entry => ((string)entry!["category"]!, entry["has"]!.AsArray().Select(field => (string)field!).ToArray())).ToList();

        foreach (var file in RealProducts.Files)
        {
            // Rows of one file have the same members, so that the rows that differ in them are few.
            var forms = File.ReadLines(file).Select(line => string.Join(' ', JsonElement.Parse(line).EnumerateObject().Select(member => member.Name))).ToHashSet();
            Assert.All(forms, form => Assert.Equal(Path.GetFileNameWithoutExtension(file), recognised.First(entry => entry.Item2.All(form.Split(' ').Contains)).Item1));
        }
        Assert.Equal(RealProducts.Files.Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
            products.Report.GetProperty("coverage").EnumerateArray().Select(category => category.GetProperty("category").GetString()!));
    }

    [SharedDataFact]
    public async Task Overlay_that_ships_names_real_products()
    {
        var ids = File.ReadLines(Repository.PathOf("schemas", "overlays", "pc-parts.ndjson")).Select(line => JsonElement.Parse(line).GetProperty("id").GetString()!).ToArray();
        await using var connection = await products.OpenDatabaseAsync();

        Assert.Equal(ids.Length, await connection.QuerySingleAsync<int>("select count(*) from catalog.products where external_id = any(@ids)", new { ids }));
    }

    /// <summary>The values of one file against a plain reading of it.</summary>
    private async Task AssertMonitorsAsync()
    {
        var expected = File.ReadLines(SharedData.Find("data/products/pc-parts/monitor.jsonl")!).Select(line => JsonElement.Parse(line))
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.GetProperty("name").GetString()} {(row.GetProperty("resolution") is { ValueKind: JsonValueKind.Array } pair ? pair[0].GetInt32() : null)}"))
            .Order(StringComparer.Ordinal);
        await using var connection = await products.OpenDatabaseAsync();
        var stored = await connection.QueryAsync<string>("""
            select (attributes->>'name') || ' ' || coalesce(attributes->>'width_px', '') from catalog.products where attributes->>'category' = 'monitor'
            """);

        Assert.Equal(expected, stored.Order(StringComparer.Ordinal));
    }
}
