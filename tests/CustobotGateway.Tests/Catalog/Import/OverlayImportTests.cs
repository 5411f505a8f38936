using System.Net;
using System.Text;
using CustobotGateway.Tests.Common;
using Dapper;

namespace CustobotGateway.Tests.Catalog.Import;

/// <summary>Feeds that are laid over products that are there, and what feeds say of the stock.</summary>
public sealed class OverlayImportTests(ImportFixture gateway) : IClassFixture<ImportFixture>, IAsyncLifetime
{
    public Task InitializeAsync() => gateway.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Values_of_a_row_replace_the_products_and_all_others_stay_with_their_provenance()
    {
        await gateway.ImportAsync("""
            {"id":"a","name":"One","weight":{"value":2.6,"unit":"lb"},"price":{"amount":100,"currency":"USD"},"ports":["HDMI"],"provenance":{"*":{"source":"maker","confidence":0.5}}}
            {"id":"b","name":"Two"}
            """);

        var report = await gateway.ImportAsync("""
            {"id":"a","price":{"amount":90,"currency":"USD"},"curved":true,"name":null}
            {"id":"nobody","price":{"amount":90,"currency":"USD"}}
            """, query: "?mapping=overlay");

        report.AssertAddsUp();
        Assert.Equal((1, 0, 1), (report.Count("changed"), report.Count("created"), report.Count("refused")));
        Assert.Equal([(2L, "unknown_product")], report.Refusals());
        var a = await gateway.GetAsync("/v1/products/external_id:a");
        var attributes = a.GetProperty("attributes");
        Assert.Equal(("One", 90, true, "HDMI"), (attributes.GetProperty("name").GetString(), attributes.GetProperty("price").Count("amount"),
            attributes.GetProperty("curved").GetBoolean(), attributes.GetProperty("ports")[0].GetString()));
        Assert.Equal("[lb_av]", a.GetProperty("given").GetProperty("weight").GetProperty("unit").GetString());
        Assert.Equal(["maker", "overlay", "overlay"], new[] { "weight", "price", "curved" }.Select(key => a.GetProperty("provenance").GetProperty(key).GetProperty("source").GetString()));
        Assert.Equal("Two", (await gateway.GetAsync("/v1/products/external_id:b")).GetProperty("attributes").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Overlay_imported_again_changes_nothing_and_equals_the_same_patch()
    {
        await gateway.ImportAsync("""{"id":"a","name":"One","price":{"amount":100,"currency":"USD"}}""");
        await gateway.ImportAsync("""{"id":"a","rating":4.5}""", query: "?mapping=overlay");
        var once = await gateway.DumpAsync();

        var report = await gateway.ImportAsync("""{"id":"a","rating":4.5}""", query: "?mapping=overlay");
        using var patch = await gateway.SendAsync(HttpMethod.Patch, "/v1/products/external_id:a",
            """{"attributes":{"rating":4.5},"provenance":{"*":{"source":"overlay","confidence":1}}}""", type: "application/merge-patch+json");

        Assert.Equal((1, 0), (report.Count("unchanged"), report.Count("changed")));
        Assert.Equal(HttpStatusCode.OK, patch.StatusCode);
        Assert.Equal(once, await gateway.DumpAsync());
    }

    [Fact]
    public async Task A_withdrawn_product_stays_withdrawn()
    {
        await gateway.ImportAsync("""{"id":"a","name":"One"}""");
        using var gone = await gateway.Admin.DeleteAsync("/v1/products/external_id:a");

        var report = await gateway.ImportAsync("""{"id":"a","price":{"amount":90,"currency":"USD"}}""", query: "?mapping=overlay");

        Assert.Equal([(1L, "unknown_product")], report.Refusals());
        Assert.Empty(await gateway.DumpAsync());
    }

    [Fact]
    public async Task Replacing_by_an_overlay_is_refused()
    {
        using var named = await gateway.Admin.PostAsync("/v1/products:import?mapping=overlay&mode=replace", new StringContent("{}", Encoding.UTF8, "application/x-ndjson"));
        using var parts = new MultipartFormDataContent { { new StringContent("""{"name":"mine","merge":true,"fields":{}}"""), "mapping" } };
        parts.Add(new StringContent("{}"), "file", "a.jsonl");
        using var sent = await gateway.Admin.PostAsync("/v1/products:import?mode=replace", parts);

        foreach (var answer in new[] { named, sent })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            var problem = await GatewayFixture.ReadJsonAsync(answer);
            Assert.Equal("invalid_mapping", problem.GetProperty("code").GetString());
            Assert.Contains("upsert", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mapping_with_rules_can_merge_too()
    {
        await gateway.ImportAsync("""{"id":"a","name":"One","price":{"amount":100,"currency":"USD"},"category":"lamp"}""");
        using var mapping = await gateway.SendAsync(HttpMethod.Put, "/v1/mappings/prices",
            """{"name":"prices","merge":true,"external_id":{"field":"sku"},"fields":{"name":{"to":"name"},"usd":{"to":"price","currency":"USD"}}}""");
        Assert.True(mapping.IsSuccessStatusCode);

        var report = await gateway.ImportAsync("sku,name,usd\na,One,12.50\n", "text/csv", "?mapping=prices");

        Assert.Equal(1, report.Count("changed"));
        var attributes = (await gateway.GetAsync("/v1/products/external_id:a")).GetProperty("attributes");
        Assert.Equal((1250, "lamp"), (attributes.GetProperty("price").Count("amount"), attributes.GetProperty("category").GetString()));
    }

    [Fact]
    public async Task Mapping_without_rules_has_no_category_id_or_brand_of_its_own()
    {
        using var refused = await gateway.SendAsync(HttpMethod.Put, "/v1/mappings/bare", """{"name":"bare","category":{"constant":"lamp"},"fields":{}}""");

        Assert.Equal("invalid_mapping", (await GatewayFixture.ReadJsonAsync(refused)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("application/x-ndjson", """{"id":"a","name":"One","stock":[{"location":"north","on_hand":3},{"location":"south","on_hand":4},{"location":"north","on_hand":5}]}""")]
    [InlineData("text/csv", "id,name,stock\na,One,\"[{\"\"location\"\":\"\"north\"\",\"\"on_hand\"\":5},{\"\"location\"\":\"\"south\"\",\"\"on_hand\"\":4}]\"\n")]
    public async Task Rows_say_what_lies_where_and_other_locations_keep_what_they_have(string type, string feed)
    {
        await gateway.ImportAsync("""{"id":"a","name":"One","stock":[{"location":"north","on_hand":1},{"location":"west","on_hand":7}]}""");

        var report = await gateway.ImportAsync(feed, type);
        var again = await gateway.ImportAsync(feed, type);

        Assert.Equal((2, 1), (report.Count("stock_changed"), report.Count("unchanged")));
        Assert.Equal(0, again.Count("stock_changed"));
        await using var connection = await gateway.OpenDatabaseAsync();
        Assert.Equal([("north", 5), ("south", 4), ("west", 7)], await connection.QueryAsync<(string, int)>("select location, on_hand from catalog.stock order by location"));
    }

    [Theory]
    [InlineData("""[{"location":"","on_hand":1}]""")]
    [InlineData("""[{"location":"a\u0000","on_hand":1}]""")]
    [InlineData("""[{"location":"a","on_hand":-1}]""")]
    [InlineData("""[{"location":"a","on_hand":1.5}]""")]
    [InlineData("""[{"location":"a"}]""")]
    [InlineData("[null]")]
    [InlineData("7")]
    [InlineData("\"many\"")]
    public async Task Stock_that_is_none_refuses_the_row_alone(string stock)
    {
        var report = await gateway.ImportAsync($$"""
            {"id":"a","name":"One","stock":{{stock}}}
            {"id":"b","name":"Two"}
            """);

        report.AssertAddsUp();
        Assert.Equal([(1L, "bad_stock")], report.Refusals());
        Assert.Equal(1, report.Count("created"));
    }
}
