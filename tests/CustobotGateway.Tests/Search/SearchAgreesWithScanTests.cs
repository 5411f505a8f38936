using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.Search;

/// <summary>What the gateway answers is what a plain scan over the same products finds.</summary>
public sealed class SearchAgreesWithScanTests(SearchGateway gateway) : IClassFixture<SearchGateway>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_searches_over_all_types_agree(int seed)
    {
        var searches = new RandomSearches(gateway.Scan, seed);
        for (var i = 0; i < 150; i++)
        {
            var request = searches.Next();

            var answer = await gateway.SearchAsync(request);

            new AnswerClaims(gateway.Scan, request, answer).Check();
        }
    }

    [Fact]
    public async Task One_request_with_120_facets_agrees()
    {
        var keys = Enumerable.Range(0, SeededCatalog.Extras).Select(i => $"extra_{i}")
            .Concat(["brand", "category", "panel_type", "colors", "in_stock", "cores", "rating", "screen_size", "refresh_rate", "warranty"]).ToArray();
        Assert.Equal(120, keys.Length);
        var request = new JsonObject
        {
            ["must"] = new JsonArray(new JsonObject { ["attribute"] = "category", ["op"] = "in", ["values"] = new JsonArray("cat0", "cat1", "cat2") }),
            ["facets"] = new JsonArray([.. keys.Select(key => new JsonObject { ["attribute"] = key, ["limit"] = 25 })]),
        };

        var answer = await gateway.SearchAsync(request);

        new AnswerClaims(gateway.Scan, request, answer).Check();
        Assert.Equal(120, answer.GetProperty("facets").EnumerateObject().Count());
    }

    [Fact]
    public async Task The_same_search_in_other_units_gives_the_same_hits()
    {
        var grams = JsonNode.Parse("""{"must":[{"attribute":"weight","op":"between","from":1179.340162,"to":9071.8474}],"page":{"size":100}}""")!;
        var pounds = JsonNode.Parse("""{"must":[{"attribute":"weight","op":"between","from":2.6,"to":{"value":20,"unit":"lb"},"unit":"[lb_av]"}],"page":{"size":100}}""")!;

        var left = await gateway.SearchAsync(grams);
        var right = await gateway.SearchAsync(pounds);

        Assert.True(left.GetProperty("total").GetInt32() > 100);
        Assert.Equal(left.GetProperty("products").GetRawText(), right.GetProperty("products").GetRawText());
    }

    [Fact]
    public async Task Values_are_answered_in_their_wire_forms()
    {
        var product = gateway.Scan.Products.First(candidate => new[] { "weight", "price", "place", "gtin", "released", "colors", "in_stock", "warranty", "tested_at", "serial", "cores", "rating" }
            .All(key => candidate.Attributes.TryGetProperty(key, out _)));
        var request = new JsonObject
        {
            ["must"] = new JsonArray(new JsonObject { ["attribute"] = "id", ["op"] = "eq", ["value"] = product.Id }),
            ["select"] = new JsonArray("weight", "price", "place", "gtin", "released", "colors", "in_stock", "warranty", "tested_at", "serial", "cores", "rating", "external_id", "name"),
        };

        var answer = await gateway.SearchAsync(request);

        var hit = Assert.Single(answer.GetProperty("products").EnumerateArray());
        Assert.Equal(product.Id, hit.GetProperty("id").GetString());
        Assert.Equal(product.ExternalId, hit.GetProperty("external_id").GetString());
        var attributes = hit.GetProperty("attributes");
        Assert.Equal(14, attributes.EnumerateObject().Count());
        Same($$"""{"value":{{product.Attributes.GetProperty("weight").GetRawText()}},"unit":"g"}""", attributes.GetProperty("weight"));
        Same($$"""{"value":{{product.Attributes.GetProperty("warranty").GetRawText()}},"unit":"mo"}""", attributes.GetProperty("warranty"));
        foreach (var key in new[] { "price", "place", "gtin", "released", "tested_at", "in_stock", "serial", "cores", "rating", "name" })
        {
            Same(product.Attributes.GetProperty(key).GetRawText(), attributes.GetProperty(key));
        }
        // A set has no order.
        Assert.Equal(product.Attributes.GetProperty("colors").EnumerateArray().Select(color => color.GetString()).Order(), attributes.GetProperty("colors").EnumerateArray().Select(color => color.GetString()).Order());

        static void Same(string expected, JsonElement actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.GetRawText())), $"{expected} {actual}");
    }

    [Fact]
    public async Task Defaults_are_those_of_the_contract()
    {
        var answer = await gateway.SearchAsync(new JsonObject());

        Assert.Equal(gateway.Scan.Products.Count, answer.GetProperty("total").GetInt32());
        Assert.Equal("exact", answer.GetProperty("total_relation").GetString());
        Assert.Equal(24, answer.GetProperty("products").GetArrayLength());
        Assert.NotEqual("", answer.GetProperty("catalog_version").GetString());
        Assert.NotNull(answer.GetProperty("page").GetProperty("next").GetString());
        Assert.Equal(0, answer.GetProperty("relaxations").GetArrayLength());
        Assert.Equal(0, answer.GetProperty("applied_preferences").GetArrayLength());
        Assert.Empty(answer.GetProperty("facets").EnumerateObject());
        var keys = answer.GetProperty("products").EnumerateArray().SelectMany(hit => hit.GetProperty("attributes").EnumerateObject()).Select(member => member.Name).Distinct().Order();
        Assert.Equal(["brand", "category", "name", "price"], keys);
        Assert.Equal(gateway.Scan.Products.Take(24).Select(product => product.Id), answer.GetProperty("products").EnumerateArray().Select(hit => hit.GetProperty("id").GetString()!));
    }
}
