using System.Net;
using System.Text.Json;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog.Products;

/// <summary>The merchant's system says what products cost, ordered by its own version, and searches follow.</summary>
public sealed class SetPricesTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private Agent Administrator => new(shop, "none", GatewayFixture.AdminToken);

    private static string Row(string product, long amount, long? version = null, string currency = "USD") =>
        $$"""{"product_id":"{{product}}","price":{"amount":{{amount}},"currency":"{{currency}}"}{{(version is null ? "" : $",\"source_version\":{version}")}}}""";

    private Task<(HttpStatusCode Status, JsonElement Body)> SetAsync(params string[] rows) => Administrator.PostAsync("/v1/prices:batch", $$"""{"prices":[{{string.Join(',', rows)}}]}""");

    private static (int Written, int Unchanged, int Stale) Counts((HttpStatusCode Status, JsonElement Body) answer) =>
        (answer.Body.GetProperty("written").GetInt32(), answer.Body.GetProperty("unchanged").GetInt32(), answer.Body.GetProperty("stale").GetInt32());

    private async Task<string> PutAsync(string key, long amount)
    {
        var (status, product) = await Administrator.SendAsync(HttpMethod.Put, "/v1/products/external_id:" + key,
            $$"""{"attributes":{"name":"A lamp {{key}}","price":{"amount":{{amount}},"currency":"USD"} } }""");
        Assert.Equal(HttpStatusCode.Created, status);
        return product.GetProperty("id").GetString()!;
    }

    private async Task<long> PriceAsync(string product) =>
        (await Administrator.GetAsync("/v1/products/" + product)).Body.GetProperty("attributes").GetProperty("price").GetProperty("amount").GetInt64();

    [Fact]
    public async Task Older_version_is_stale_the_same_is_unchanged_and_a_newer_or_none_is_written()
    {
        var product = await PutAsync("versions", 100);

        Assert.Equal((1, 0, 0), Counts(await SetAsync(Row(product, 200, 7))));
        Assert.Equal((0, 0, 1), Counts(await SetAsync(Row(product, 300, 6))));
        Assert.Equal((0, 1, 0), Counts(await SetAsync(Row(product, 400, 7))));
        Assert.Equal(200, await PriceAsync(product));
        Assert.Equal((0, 1, 0), Counts(await SetAsync(Row(product, 200, 8))));
        Assert.Equal((0, 0, 1), Counts(await SetAsync(Row(product, 500, 7))));
        Assert.Equal((1, 0, 0), Counts(await SetAsync(Row("external_id:versions", 600))));
        Assert.Equal((1, 0, 1), Counts(await SetAsync(Row(product, 700, 11), Row("external_id:versions", 650, 10))));
        Assert.Equal(700, await PriceAsync(product));
    }

    [Fact]
    public async Task Searches_and_checkouts_follow()
    {
        var product = await PutAsync("followed", 1_000);
        await SetAsync(Row(product, 777));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonElement found;
        do
        {
            (_, found) = await Administrator.PostAsync("/v1/products/search", """{"must":[{"attribute":"price","op":"eq","value":{"amount":777,"currency":"USD"}}]}""");
            patience.Token.ThrowIfCancellationRequested();
        }
        while (!found.TryGetProperty("total", out var total) || total.GetInt32() != 1);

        var agent = await shop.GrantAsync();
        var (_, session) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":1}]}""");
        Assert.Equal(777, session.GetProperty("line_items")[0].GetProperty("unit_price").GetInt64());
    }

    [Fact]
    public async Task Unknown_or_withdrawn_product_or_a_currency_that_is_none_writes_nothing()
    {
        var (product, gone) = (await PutAsync("kept", 100), await PutAsync("gone", 100));
        await Administrator.SendAsync(HttpMethod.Delete, "/v1/products/" + gone).ContinueWith(_ => { }, TaskScheduler.Default);

        var unknown = await SetAsync(Row(product, 900), Row("external_id:nowhere", 900));
        var withdrawn = await SetAsync(Row(product, 900), Row(gone, 900));
        var currency = await SetAsync(Row(product, 900), Row(await PutAsync("money", 1), 900, currency: "ABC"));

        unknown.ShouldBe(404, "not_found");
        Assert.Equal("/prices/1/product_id", unknown.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        withdrawn.ShouldBe(404, "not_found");
        Assert.InRange((int)currency.Status, 400, 422);
        Assert.StartsWith("/prices/1/price", currency.Body.GetProperty("errors")[0].GetProperty("pointer").GetString(), StringComparison.Ordinal);
        Assert.Equal(100, await PriceAsync(product));
    }

    [Theory]
    [InlineData("""{"prices":[]}""", "/prices")]
    [InlineData("""{"prices":[null]}""", "/prices")]
    [InlineData("""{"prices":[{"product_id":"prd_0000000000001","price":{"amount":-1,"currency":"USD"}}]}""", "/prices/0/price/amount")]
    [InlineData("""{"prices":[{"product_id":"prd_0000000000001","price":{"amount":1,"currency":"USD"},"source_version":-1}]}""", "/prices/0/source_version")]
    public async Task Malformed_price_names_the_member(string body, string pointer)
    {
        var answer = await Administrator.PostAsync("/v1/prices:batch", body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Prices_that_race_leave_the_newest()
    {
        var product = await PutAsync("raced", 1);

        var answers = await Task.WhenAll(Enumerable.Range(1, 16).OrderBy(version => version * 5 % 16).Select(version => SetAsync(Row(product, 1_000 + version, version))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(1_016, await PriceAsync(product));
    }
}
