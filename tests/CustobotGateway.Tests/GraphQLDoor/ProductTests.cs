using System.Diagnostics;
using System.Text.Json;
using CustobotGateway.Tests.Common;
using Npgsql;

namespace CustobotGateway.Tests.GraphQLDoor;

/// <summary>Products by id: what REST answers, read at once.</summary>
public sealed class ProductTests(ProductTests.Gateway gateway) : IClassFixture<ProductTests.Gateway>
{
    public sealed class Gateway : GatewayFixture
    {
        protected override bool Demo => true;
    }

    private const string Key = "demo-monitor-001";

    [Fact]
    public async Task Product_is_the_one_that_rest_answers()
    {
        var rest = await ReadAsync("/v1/products/external_id:" + Key);

        var product = (await gateway.AskAsync($$"""
            { product(externalId: "{{Key}}") { id externalId version updatedAt attributes provenance given name price { amount currency } refresh_rate { value unit } colors } }
            """)).GetProperty("product");

        Assert.Equal(rest.GetProperty("id").GetString(), product.GetProperty("id").GetString());
        Assert.Equal(rest.GetProperty("version").GetInt64(), product.GetProperty("version").GetInt64());
        Assert.Equal(rest.GetProperty("updated_at").GetDateTimeOffset(), product.GetProperty("updatedAt").GetDateTimeOffset());
        foreach (var member in new[] { "attributes", "provenance" })
        {
            Assert.True(JsonElement.DeepEquals(rest.GetProperty(member), product.GetProperty(member)), product.GetProperty(member).ToString());
        }
        foreach (var key in new[] { "name", "price", "refresh_rate" })
        {
            Assert.True(JsonElement.DeepEquals(rest.GetProperty("attributes").GetProperty(key), product.GetProperty(key)), key);
        }
    }

    [Fact]
    public async Task Product_is_named_by_either_key_and_null_where_there_is_none()
    {
        var id = (await ReadAsync("/v1/products/external_id:" + Key)).GetProperty("id").GetString();

        var answer = await gateway.AskAsync($$"""{ a: product(id: "{{id}}") { externalId } b: product(id: "external_id:{{Key}}") { id } none: product(id: "prd_00000000zzzzz") { id } }""");
        var both = await gateway.AskWronglyAsync($$"""{ product(id: "{{id}}", externalId: "x") { id } }""");

        Assert.Equal((Key, id, JsonValueKind.Null), (answer.GetProperty("a").GetProperty("externalId").GetString(), answer.GetProperty("b").GetProperty("id").GetString(), answer.GetProperty("none").ValueKind));
        Assert.Equal("invalid_request", GraphQLCalls.CodeOf(both));
    }

    [Fact]
    public async Task Details_of_all_hits_are_one_read()
    {
        var (reads, database) = (0, new NpgsqlConnectionStringBuilder(gateway.ConnectionString).Database);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            // Called from every thread that reads anything, in any gateway of the run.
            ActivityStopped = activity => Interlocked.Add(ref reads, activity.TagObjects.Any(tag => tag.Value?.ToString() == database)
                && activity.TagObjects.Any(tag => tag.Value is string text && text.Contains("external_id = any(", StringComparison.Ordinal)) ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);

        var answer = await gateway.AskAsync($$"""
            { products(first: 50) { nodes { id version updatedAt provenance given } } a: product(externalId: "{{Key}}") { version }
              b: productsById(ids: ["external_id:{{Key}}", "external_id:nothing"]) { externalId version } }
            """);

        Assert.Equal(50, answer.GetProperty("products").GetProperty("nodes").GetArrayLength());
        Assert.Equal((Key, JsonValueKind.Null), (answer.GetProperty("b")[0].GetProperty("externalId").GetString(), answer.GetProperty("b")[1].ValueKind));
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task Comparison_is_the_one_of_rest_and_its_refusal_is_typed()
    {
        using var content = new StringContent($$"""{"ids":["external_id:{{Key}}","external_id:demo-monitor-002"],"attributes":["price","refresh_rate"]}""", System.Text.Encoding.UTF8, "application/json");
        using var posted = await gateway.Client.PostAsync("/v1/products:compare", content);
        var rest = await GatewayFixture.ReadJsonAsync(posted);

        var answer = await gateway.AskAsync($$"""
            { compare(ids: ["external_id:{{Key}}", "external_id:demo-monitor-002"], attributes: ["price", "refresh_rate"]) { __typename ... on Comparison {
                products { id externalId name } attributes { attribute differs values normalized difference better best missing unit } } }
              refused: compare(ids: ["external_id:{{Key}}", "external_id:nothing"]) { __typename ... on Refusal { code message errors { pointer } } } }
            """);

        var comparison = answer.GetProperty("compare");
        Assert.Equal("Comparison", comparison.GetProperty("__typename").GetString());
        Assert.Equal(rest.GetProperty("attributes").GetArrayLength(), comparison.GetProperty("attributes").GetArrayLength());
        for (var i = 0; i < rest.GetProperty("attributes").GetArrayLength(); i++)
        {
            var (left, right) = (rest.GetProperty("attributes")[i], comparison.GetProperty("attributes")[i]);
            Assert.All(left.EnumerateObject().Where(member => member.Name != "title"), member => Assert.True(JsonElement.DeepEquals(member.Value, right.GetProperty(member.Name)), member.Name));
        }
        var refused = answer.GetProperty("refused");
        Assert.Equal(("Refusal", "product_not_found", "/ids/1"), (refused.GetProperty("__typename").GetString(), refused.GetProperty("code").GetString(), refused.GetProperty("errors")[0].GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task Filters_of_a_category_are_those_of_rest()
    {
        var rest = await ReadAsync("/v1/search/filters?category=monitor&stage=evaluate");

        var answer = await gateway.AskAsync("""
            { searchFilters(category: "monitor", stage: EVALUATE) { ... on SearchFilters { total filters { attribute field count coverage values { value name count } min max } } }
              unknown: searchFilters(category: "monitr") { ... on Refusal { code message errors { pointer } } } }
            """);

        var filters = answer.GetProperty("searchFilters");
        Assert.Equal(rest.GetProperty("total").GetInt64(), filters.GetProperty("total").GetInt64());
        Assert.Equal(rest.GetProperty("filters").EnumerateArray().Select(one => (one.GetProperty("attribute").GetString(), one.GetProperty("count").GetInt64())),
            filters.GetProperty("filters").EnumerateArray().Select(one => (one.GetProperty("attribute").GetString(), one.GetProperty("count").GetInt64())));
        Assert.Equal("value_invalid", answer.GetProperty("unknown").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Titles_come_in_the_language_asked_for()
    {
        var answer = await gateway.AskAsync("""{ es: attribute(key: "price", language: "es-MX") { title } en: attribute(key: "price") { title } }""");

        Assert.Equal(("Precio", "Price"), (answer.GetProperty("es").GetProperty("title").GetString(), answer.GetProperty("en").GetProperty("title").GetString()));
    }

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var answer = await gateway.Client.GetAsync(path);
        return await GatewayFixture.ReadJsonAsync(answer);
    }
}
