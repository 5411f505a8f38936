using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Search;

/// <summary>An agent that knows nothing learns what can be asked.</summary>
public sealed class FiltersTests(FiltersTests.Gateway gateway) : IClassFixture<FiltersTests.Gateway>
{
    public sealed class Gateway : SearchGateway
    {
        protected override int ProductCount => 500;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cat1")]
    public async Task Counts_bounds_and_coverage_are_those_of_the_products(string? category)
    {
        var products = gateway.Scan.Products.Where(product => category is null || product.Attributes.GetProperty("category").GetString() == category).ToList();

        var listing = await GetAsync("/v1/search/filters" + (category is null ? "" : "?category=" + category));

        Assert.Equal(products.Count, listing.GetProperty("total").GetInt32());
        var filters = listing.GetProperty("filters").EnumerateArray().ToDictionary(filter => filter.GetProperty("attribute").GetString()!);
        Assert.DoesNotContain("unit_cost", filters.Keys);
        Assert.DoesNotContain("note", filters.Keys);
        Assert.Equal(20 + SeededCatalog.Extras, filters.Count);
        foreach (var (key, filter) in filters)
        {
            var count = products.Count(product => product.Attributes.TryGetProperty(key, out _));
            Assert.Equal(count, filter.GetProperty("count").GetInt32());
            Assert.Equal((double)count / products.Count, filter.GetProperty("coverage").GetDouble(), 0.0001);
            Assert.NotEqual(0, filter.GetProperty("operators").GetArrayLength());
            if (filter.TryGetProperty("values", out var values))
            {
                var known = products.SelectMany(product => gateway.Scan.FacetValues(product, key)).GroupBy(value => value).ToList();
                Assert.Equal(known.Count, filter.GetProperty("distinct").GetInt32());
                Assert.Equal(Math.Min(50, known.Count), values.GetArrayLength());
                Assert.Equal(known.Max(value => (int?)value.Count()) ?? 0, values.EnumerateArray().Select(value => value.GetProperty("count").GetInt32()).FirstOrDefault());
            }
        }
        var weights = products.Where(product => product.Attributes.TryGetProperty("weight", out _)).Select(product => product.Attributes.GetProperty("weight").GetDouble()).ToList();
        Assert.Equal(weights.Min(), filters["weight"].GetProperty("min").GetDouble());
        Assert.Equal(weights.Max(), filters["weight"].GetProperty("max").GetDouble());
        Assert.Equal("g", filters["weight"].GetProperty("unit").GetString());
        Assert.Contains("kg", filters["weight"].GetProperty("convertible_units").EnumerateArray().Select(unit => unit.GetString()));
        Assert.Equal("USD", filters["price"].GetProperty("max").GetProperty("currency").GetString());
        Assert.Equal(["USD", "MXN"], filters["list_price"].GetProperty("currencies").EnumerateArray().Select(currency => currency.GetString()!));
        Assert.Equal("within", filters["place"].GetProperty("operators")[0].GetString());
    }

    [Fact]
    public async Task Every_operator_that_is_listed_can_be_asked()
    {
        foreach (var filter in (await GetAsync("/v1/search/filters")).GetProperty("filters").EnumerateArray().Where(filter => !filter.GetProperty("attribute").GetString()!.StartsWith("extra", StringComparison.Ordinal)))
        {
            var key = filter.GetProperty("attribute").GetString()!;
            JsonNode value = filter.GetProperty("type").GetString() switch
            {
                "money" => new JsonObject { ["amount"] = 100, ["currency"] = "USD" },
                "date" => "2024-01-05",
                "boolean" => true,
                "gtin" => "4006381333931",
                "geo" => new JsonObject { ["lat"] = 19, ["lon"] = -99, ["radius"] = 5 },
                "text" or "keyword" or "keyword_set" => "a",
                _ => 12,
            };
            foreach (var op in filter.GetProperty("operators").EnumerateArray().Select(op => op.GetString()!))
            {
                var constraint = new JsonObject { ["attribute"] = key, ["op"] = op };
                if (op is "in" or "all")
                {
                    constraint["values"] = new JsonArray(value.DeepClone());
                }
                else if (op is "between")
                {
                    (constraint["from"], constraint["to"]) = (value.DeepClone(), value.DeepClone());
                }
                else
                {
                    constraint["value"] = op == "exists" ? true : value.DeepClone();
                }

                await gateway.SearchAsync(new JsonObject { ["must"] = new JsonArray(constraint) });
            }
        }
    }

    [Fact]
    public async Task Unknown_category_and_stage_are_refused_with_what_there_is()
    {
        using var category = await gateway.Client.GetAsync("/v1/search/filters?category=cat99");
        using var stage = await gateway.Client.GetAsync("/v1/search/filters?stage=never");

        var refused = await GatewayFixture.ReadJsonAsync(category);
        Assert.Equal("value_invalid", refused.GetProperty("code").GetString());
        Assert.Contains("cat9", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, stage.StatusCode);
        Assert.Equal("?stage", (await GatewayFixture.ReadJsonAsync(stage)).GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    private async Task<JsonElement> GetAsync(string address)
    {
        using var answer = await gateway.Client.GetAsync(address);
        var body = await GatewayFixture.ReadJsonAsync(answer);
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return body;
    }
}
