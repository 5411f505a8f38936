using System.Text.Json.Nodes;
using CustobotGateway.Search;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Search;

/// <summary>What is claimed of searches on 66,778 real products, each number of it counted by a plain scan of them.</summary>
[Collection(nameof(RealProducts))]
public sealed class RealSearchTests(RealProducts products)
{
    [SharedDataFact]
    public async Task Two_hundred_empty_answers_hold_against_a_plain_scan_of_the_real_products()
    {
        var scan = await products.ScanAsync();
        var searches = new RealSearches(scan, 66_778);
        var kinds = new HashSet<string>();
        var empty = 0;
        for (var asked = 0; empty < 200; asked++)
        {
            Assert.True(asked < 5_000, $"only {empty} of the searches are empty");
            var request = searches.NextTight();
            if (scan.Count(request) > 0)
            {
                continue;
            }
            empty++;

            var answer = await products.SearchAsync(request);

            Assert.Equal(0, answer.GetProperty("total").GetInt32());
            new EmptyAnswerClaims(scan, request, answer).Check();
            foreach (var relaxation in answer.GetProperty("relaxations").EnumerateArray())
            {
                kinds.Add(relaxation.TryGetProperty("pointers", out _) ? "drop several" : relaxation.GetProperty("kind").GetString()!);
            }
        }
        // The searches are such that every kind of change occurs; parts have no place to be near to.
        Assert.Equal(["add_values", "allow_unknown", "any_word", "drop", "drop several", "remove_values", "widen"], kinds.Order());
    }

    [SharedDataTheory]
    [InlineData("screen_size", "cm")]
    [InlineData("screen_size", "mm")]
    [InlineData("refresh_rate", "kHz")]
    [InlineData("boost_clock", "GHz")]
    [InlineData("storage_capacity", "TBy")]
    [InlineData("tdp", "kW")]
    [InlineData("output_power", "kW")]
    [InlineData("card_length", "cm")]
    public async Task The_same_search_in_another_unit_finds_the_same(string attribute, string unit)
    {
        var scan = await products.ScanAsync();
        var values = scan.Products.Where(product => product.Attributes.TryGetProperty(attribute, out _)).Select(product => product.Attributes.GetProperty(attribute).GetDecimal())
            .Distinct().Order().ToArray();
        var random = new Random(42);
        for (var sample = 0; sample < 8; sample++)
        {
            var bounds = new[] { values[random.Next(values.Length)], values[random.Next(values.Length)] }.Order().ToArray();
            var own = Request(attribute, scan.UnitOf(attribute)!, bounds);
            var other = Request(attribute, unit, [.. bounds.Select(bound => bound / scan.FactorOf(attribute, unit))]);

            var left = await products.SearchAsync(own);
            var right = await products.SearchAsync(other);

            Assert.True(left.GetProperty("total").GetInt32() > 0);
            Assert.Equal(scan.Count(own), left.GetProperty("total").GetInt32());
            foreach (var member in new[] { "total", "products", "facets" })
            {
                Assert.Equal(left.GetProperty(member).GetRawText(), right.GetProperty(member).GetRawText());
            }
        }
    }

    [SharedDataFact]
    public async Task One_request_with_120_facets_matches_a_plain_scan_of_the_real_products()
    {
        var scan = await products.ScanAsync();
        var filled = scan.Products.SelectMany(product => product.Attributes.All.Keys).ToHashSet();
        var facets = products.App.Services.GetRequiredService<CatalogIndex>().Current!.Registry.Attributes.Where(attribute => attribute is { IsFacetable: true, IsStaffOnly: false })
            .Select(attribute => attribute.Key).OrderByDescending(filled.Contains).ThenBy(key => key, StringComparer.Ordinal).Take(120).ToList();
        var request = new JsonObject
        {
            ["must"] = new JsonArray(new JsonObject { ["attribute"] = "price", ["op"] = "gte", ["value"] = new JsonObject { ["amount"] = 10_000, ["currency"] = "USD" } }),
            ["sort"] = new JsonArray(new JsonObject { ["by"] = "price", ["order"] = "desc" }),
            ["facets"] = new JsonArray([.. facets.Select(key => Facet(scan, key))]),
        };

        var answer = await products.SearchAsync(request);

        new AnswerClaims(scan, JsonNode.Parse(request.ToJsonString())!.AsObject(), answer).Check();
        Assert.Equal(120, answer.GetProperty("facets").EnumerateObject().Count());
        Assert.True(facets.Count(filled.Contains) > 70);
    }

    private static JsonObject Request(string attribute, string unit, decimal[] bounds) => JsonNode.Parse(new JsonObject
    {
        ["must"] = new JsonArray(new JsonObject { ["attribute"] = attribute, ["op"] = "between", ["from"] = bounds[0], ["to"] = bounds[1], ["unit"] = unit }),
        ["facets"] = new JsonArray(new JsonObject { ["attribute"] = "brand", ["limit"] = 100 }, new JsonObject { ["attribute"] = attribute, ["stats"] = true }),
        ["page"] = new JsonObject { ["size"] = 100 },
    }.ToJsonString())!.AsObject();

    private static JsonObject Facet(PlainScan scan, string key)
    {
        var facet = new JsonObject { ["attribute"] = key, ["limit"] = 25 };
        if (scan.TypeOf(key) is "integer" or "decimal" or "measure" or "duration" or "money")
        {
            facet["stats"] = true;
        }
        return facet;
    }
}
