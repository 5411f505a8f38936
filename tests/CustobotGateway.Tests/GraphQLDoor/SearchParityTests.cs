using System.Text.Json.Nodes;
using CustobotGateway.Catalog;
using CustobotGateway.Search;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Search;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>REST and GraphQL answer the same search alike: attributes of every type.</summary>
public sealed class SearchParityTests(SearchGateway gateway) : IClassFixture<SearchGateway>
{
    private static readonly string[] Keys =
        ["name", "brand", "category", "panel_type", "serial", "colors", "in_stock", "cores", "rating", "weight", "warranty", "price", "list_price", "released", "tested_at", "gtin", "place"];

    [Fact]
    public async Task Random_searches_over_all_types_are_answered_alike()
    {
        var searches = new RandomSearches(gateway.Scan, 66);
        var check = new ParityCheck(gateway, gateway.App.Services.GetRequiredService<CatalogIndex>().Current!.Registry);

        for (var i = 0; i < 100; i++)
        {
            await check.CheckAsync(searches.Next(), Keys);
            await check.CheckAsync(searches.NextTight(1 + (i % 6)), Keys);
        }

        Assert.InRange(check.Found, 50, 200);
    }

    [Theory]
    [InlineData("""{"must":[{"attribute":"price","op":"lte","value":{"amount":100,"currency":"XXX"}}]}""", """{ "must": { "price": { "lte": { "amount": 100, "currency": "XXX" } } } }""", "/must/0/price/lte/currency")]
    [InlineData("""{"must":[{"attribute":"weight","op":"lte","value":1,"unit":"Hz"}]}""", """{ "must": { "weight": { "lte": 1, "unit": "Hz" } } }""", "/must/0/weight/unit")]
    [InlineData("""{"must":[{"any":[{"attribute":"brand","op":"eq","value":"a"},{"attribute":"released","op":"lt","value":"2026-02-30"}]}]}""",
        """{ "must": [{ "any": [{ "brand": { "eq": "a" } }, { "released": { "lt": "2026-02-30" } }] }] }""", "/must/0/any/1/released/lt")]
    [InlineData("""{"must_not":[{"attribute":"weight","op":"between","from":2,"to":1}]}""", """{ "mustNot": { "weight": { "between": { "from": 2, "to": 1 } } } }""", "/mustNot/0/weight/between")]
    [InlineData("""{"page":{"size":101}}""", """{ "first": 101 }""", "/first")]
    [InlineData("""{"page":{"size":24,"after":"nothing"}}""", """{ "after": "nothing" }""", "/after")]
    public async Task Refusal_has_the_code_of_rest_and_names_the_argument(string rest, string arguments, string pointer)
    {
        using var refused = await gateway.PostAsync(rest);
        var code = (await GatewayFixture.ReadJsonAsync(refused)).GetProperty("code").GetString();

        var error = await gateway.AskWronglyAsync("query($must: [ProductFilterInput!], $mustNot: [ProductFilterInput!], $first: Int = 24, $after: String) { products(must: $must, mustNot: $mustNot, first: $first, after: $after) { totalCount } }",
            JsonNode.Parse(arguments));

        Assert.Equal(code, GraphQLCalls.CodeOf(error));
        Assert.Equal(pointer, error.GetProperty("extensions").GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal("products", error.GetProperty("path")[0].GetString());
    }

    [Theory]
    [InlineData("""mustNot: {}""", "empty_filter", "/mustNot/0")]
    [InlineData("""must: { any: [] }""", "empty_list", "/must/0/any")]
    [InlineData("""must: { brand: { in: [] } }""", "empty_list", "/must/0/brand/in")]
    [InlineData("""must: { weight: { unit: "kg" } }""", "missing_member", "/must/0/weight")]
    [InlineData("""should: { filter: { brand: { eq: "a" } }, weight: -1 }""", "value_out_of_range", "/should/0/weight")]
    [InlineData("""facets: { attribute: rating, ranges: [{ from: [1] }] }""", "wrong_type", "/facets/0/ranges/0/from")]
    public async Task Fault_of_form_names_the_argument(string arguments, string code, string pointer)
    {
        var error = await gateway.AskWronglyAsync($"{{ products({arguments}) {{ totalCount }} }}");

        var fault = error.GetProperty("extensions").GetProperty("errors")[0];
        Assert.Equal((code, pointer), (fault.GetProperty("code").GetString(), fault.GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task Listed_and_other_terms_are_one_list()
    {
        var answer = await gateway.AskAsync("""
            { listed: products(must: { panel_type: { in: [IPS] } }) { totalCount } other: products(must: { panel_type: { inValues: ["OLED"] } }) { totalCount }
              both: products(must: { panel_type: { in: [IPS], inValues: ["OLED"] } }) { totalCount } synonym: products(must: { panel_type: { eqValue: "in-plane switching" } }) { totalCount } }
            """);

        int Total(string name) => answer.GetProperty(name).GetProperty("totalCount").GetInt32();
        Assert.Equal(Total("listed") + Total("other"), Total("both"));
        Assert.Equal(Total("listed"), Total("synonym"));
    }
}

/// <summary>REST and GraphQL answer the same search alike: the real products.</summary>
[Collection(nameof(RealProducts))]
public sealed class RealSearchParityTests(RealProducts products)
{
    private const int Ordinary = 200;
    private const int Full = 1_000;

    private static readonly string[] Sortable = ["price", "name", "refresh_rate", "screen_size", "core_clock"];
    private static readonly string[] Counted = ["category", "colors", "price", "panel_type", "refresh_rate"];

    [SharedDataFact]
    public async Task Random_searches_over_the_real_products_are_answered_alike()
    {
        var registry = products.App.Services.GetRequiredService<CatalogIndex>().Current!.Registry;
        var (searches, random) = (new RealSearches(await products.ScanAsync(), 1_414), new Random(1_414));
        var check = new ParityCheck(products, registry);
        string[] keys = [.. registry.Attributes.Where(attribute => attribute is { IsSearchable: true, IsStaffOnly: false }).Select(attribute => attribute.Key)];

        for (var i = 0; i < (Environment.GetEnvironmentVariable("CUSTOBOT_TEST_FULL") == "1" ? Full : Ordinary); i++)
        {
            var search = searches.NextTight();
            Vary(search, random, registry);
            await check.CheckAsync(search, [.. keys.OrderBy(_ => random.Next()).Take(12)]);
        }

        Assert.True(check.Found > 0);
    }

    /// <summary>Fewer conditions, so that more is found; an order, counts, another page.</summary>
    private static void Vary(JsonObject search, Random random, AttributeRegistry registry)
    {
        if (random.Next(3) > 0)
        {
            var must = search["must"]!.AsArray();
            while (must.Count > 1 + random.Next(2))
            {
                must.RemoveAt(random.Next(must.Count));
            }
        }
        search["explain"] = random.Next(3) == 0;
        search["page"] = new JsonObject { ["size"] = 1 + random.Next(30) };
        if (random.Next(2) == 0)
        {
            search["sort"] = new JsonArray(new JsonObject { ["by"] = Any(Sortable), ["order"] = random.Next(2) == 0 ? "asc" : "desc" });
        }
        if (random.Next(2) == 0)
        {
            search["facets"] = new JsonArray(new JsonObject { ["attribute"] = Any(Counted), ["limit"] = 1 + random.Next(8), ["exclude_own"] = random.Next(2) == 0 });
        }

        string Any(string[] keys)
        {
            var known = keys.Where(key => registry.Find(key) is not null).ToArray();
            return known[random.Next(known.Length)];
        }
    }
}
