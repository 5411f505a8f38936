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

            Check(request, answer);
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

        Check(request, answer);
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

    private void Check(JsonObject request, JsonElement answer)
    {
        var told = request.ToJsonString();
        var matching = gateway.Scan.Order(request);
        Assert.True(matching.Count == answer.GetProperty("total").GetInt64(), $"{told}\ntotal {answer.GetProperty("total")} instead of {matching.Count}");
        var (size, offset) = ((int?)request["page"]?["size"] ?? 24, (int?)request["page"]?["offset"] ?? 0);
        // The order by relevance of words is the engine's own; everything else has one right order.
        if (request["query"] is null || request["sort"] is not null)
        {
            var expected = matching.Skip(offset).Take(size).Select(product => product.Id);
            var actual = answer.GetProperty("products").EnumerateArray().Select(hit => hit.GetProperty("id").GetString()!);
            Assert.True(expected.SequenceEqual(actual), $"{told}\n{string.Join(' ', actual)}\n{string.Join(' ', expected)}");
        }
        Assert.True((offset + size < matching.Count) == (answer.GetProperty("page").GetProperty("next").ValueKind == JsonValueKind.String), told);
        foreach (var facet in PlainScan.List(request, "facets"))
        {
            CheckFacet(request, facet, matching, answer.GetProperty("facets").GetProperty((string)facet["attribute"]!));
        }
    }

    private void CheckFacet(JsonObject request, JsonNode facet, List<PlainProduct> matching, JsonElement actual)
    {
        var key = (string)facet["attribute"]!;
        var told = $"{request.ToJsonString()}\n{key}: {actual}";
        if ((bool?)facet["exclude_own"] == true)
        {
            matching = gateway.Scan.Match(Lift(request, key));
        }
        var values = matching.SelectMany(product => gateway.Scan.FacetValues(product, key)).GroupBy(value => value)
            .Select(group => (Value: group.Key, Count: group.Count()))
            .OrderByDescending(value => value.Count).ThenBy(value => value.Value, Comparer<object>.Create((a, b) =>
                a is string left ? PlainScan.CompareUtf8(left, (string)b) : Comparer<object>.Default.Compare(a, b))).ToList();
        var known = matching.Count(product => product.Attributes.TryGetProperty(key, out _));
        Assert.True(matching.Count - known == actual.GetProperty("missing").GetInt32(), told);
        var limit = (int?)facet["limit"];
        if (limit is not null || (facet["stats"] is null && facet["ranges"] is null))
        {
            var listed = actual.GetProperty("values").EnumerateArray().Select(entry => (Show(entry.GetProperty("value")), entry.GetProperty("count").GetInt32())).ToList();
            var expected = values.Take(limit ?? 10).Select(value => (Show(value.Value), value.Count)).ToList();
            Assert.True(expected.SequenceEqual(listed), $"{told}\n{string.Join(' ', expected)}");
            Assert.True(values.Skip(limit ?? 10).Sum(value => value.Count) == actual.GetProperty("other").GetInt32(), told);
        }
        else
        {
            Assert.False(actual.TryGetProperty("values", out _), told);
        }
        if (facet["stats"] is not null)
        {
            var numbers = values.ConvertAll(value => (double)value.Value);
            var stats = actual.GetProperty("stats");
            Assert.True(known == stats.GetProperty("count").GetInt32(), told);
            if (known > 0)
            {
                Assert.True(Show(numbers.Min()) == Show(stats.GetProperty("min")) && Show(numbers.Max()) == Show(stats.GetProperty("max")), told);
            }
        }
        if (facet["ranges"] is JsonArray ranges)
        {
            for (var i = 0; i < ranges.Count; i++)
            {
                var (from, to) = ((double?)ranges[i]!["from"] ?? double.NegativeInfinity, (double?)ranges[i]!["to"] ?? double.PositiveInfinity);
                var count = values.Where(value => (double)value.Value >= from && (double)value.Value < to).Sum(value => value.Count);
                Assert.True(count == actual.GetProperty("ranges")[i].GetProperty("count").GetInt32(), told);
            }
        }
    }

    private static string Show(object value) => value switch
    {
        double number => ((decimal)number).ToString("0.####################", System.Globalization.CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        JsonElement { ValueKind: JsonValueKind.Object } money => Show(money.GetProperty("amount").GetDouble()),
        JsonElement { ValueKind: JsonValueKind.Number } number => Show(number.GetDouble()),
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement other => other.GetRawText(),
        _ => (string)value,
    };

    /// <summary>The request with every condition on the attribute taken as one that excludes nothing.</summary>
    private static JsonObject Lift(JsonObject request, string key)
    {
        var lifted = (JsonObject)request.DeepClone();
        lifted["must"] = new JsonArray([.. PlainScan.List(request, "must").Select(constraint => LiftOne(constraint, key, true))]);
        lifted["must_not"] = new JsonArray([.. PlainScan.List(request, "must_not").Select(constraint => LiftOne(constraint, key, false))]);
        return lifted;
    }

    private static JsonNode LiftOne(JsonNode constraint, string key, bool positive)
    {
        foreach (var group in new[] { "any", "all", "not" })
        {
            if (constraint[group] is { } parts)
            {
                var inside = group == "not" ? !positive : positive;
                return new JsonObject { [group] = parts is JsonArray list ? new JsonArray([.. list.Select(part => LiftOne(part!, key, inside))]) : LiftOne(parts, key, inside) };
            }
        }
        return (string?)constraint["attribute"] != key ? constraint.DeepClone()
            : positive ? new JsonObject { ["all"] = new JsonArray() } : new JsonObject { ["any"] = new JsonArray() };
    }
}
