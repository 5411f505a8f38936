using System.Globalization;
using System.Net;
using System.Text.Json;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog.Inventory;

/// <summary>Counts are ordered by the source's version, and say what is going to arrive.</summary>
public sealed class SupplyTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private Agent Administrator => new(shop, "none", GatewayFixture.AdminToken);

    private Task<(HttpStatusCode Status, JsonElement Body)> SetAsync(string product, int onHand, long? version, string more = "", string? key = null) => Administrator.PostAsync("/v1/inventory:batch",
        $$"""{"stock":[{"product_id":"{{product}}","location":"main","on_hand":{{onHand}}{{(version is null ? "" : $",\"source_version\":{version.Value.ToString(CultureInfo.InvariantCulture)}")}}{{more}}}]}""", key);

    private static (int Written, int Unchanged, int Stale) Counts((HttpStatusCode Status, JsonElement Body) answer) =>
        (answer.Body.GetProperty("written").GetInt32(), answer.Body.GetProperty("unchanged").GetInt32(), answer.Body.GetProperty("stale").GetInt32());

    [Fact]
    public async Task Older_version_is_stale_the_same_is_unchanged_and_a_newer_or_none_is_written()
    {
        var product = await shop.AddProductAsync(stock: 100);

        Assert.Equal((1, 0, 0), Counts(await SetAsync(product, 10, 7)));
        Assert.Equal((0, 0, 1), Counts(await SetAsync(product, 11, 6)));
        Assert.Equal((0, 1, 0), Counts(await SetAsync(product, 12, 7)));
        Assert.Equal(10, await shop.StockOfAsync(product));
        Assert.Equal((1, 0, 0), Counts(await SetAsync(product, 13, 8)));
        Assert.Equal((1, 0, 0), Counts(await SetAsync(product, 14, null)));
        Assert.Equal((0, 1, 0), Counts(await SetAsync(product, 15, 8)));
        Assert.Equal(14, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task Of_one_product_twice_in_a_request_the_newest_version_counts()
    {
        var product = await shop.AddProductAsync(stock: 100);

        var answer = await Administrator.PostAsync("/v1/inventory:batch", $$"""
            {"stock":[{"product_id":"{{product}}","location":"main","on_hand":3,"source_version":30},{"product_id":"{{product}}","location":"main","on_hand":2,"source_version":20}]}
            """);

        Assert.Equal((1, 0, 1), Counts(answer));
        Assert.Equal(3, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task Versions_that_race_leave_the_newest()
    {
        var product = await shop.AddProductAsync(stock: 100);

        var answers = await Task.WhenAll(Enumerable.Range(1, 20).OrderBy(version => version * 7 % 20).Select(version => SetAsync(product, version, version)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(20, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task Repeated_request_gets_the_first_answer()
    {
        var product = await shop.AddProductAsync(stock: 100);

        var first = await SetAsync(product, 5, 1, key: "stock-1");
        var again = await SetAsync(product, 5, 1, key: "stock-1");
        var other = await SetAsync(product, 6, 1, key: "stock-1");

        Assert.Equal(Counts(first), Counts(again));
        other.ShouldBe(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task What_is_going_to_arrive_can_be_read_and_is_replaced_by_the_next_word_about_it()
    {
        var product = await shop.AddProductAsync(stock: 100);
        await SetAsync(product, 5, 1, ""","back_order":true,"lead_time_days":14,"expected":[{"date":"2026-12-01","quantity":40},{"date":"2026-12-15","quantity":60}]""");
        await SetAsync(product, 4, 2);
        var kept = (await Administrator.GetAsync("/v1/inventory/" + product)).Body.GetProperty("locations")[0];
        await SetAsync(product, 4, 3, ""","back_order":false,"expected":[{"date":"2026-12-20","quantity":10}]""");
        var replaced = (await Administrator.GetAsync("/v1/inventory/" + product)).Body.GetProperty("locations")[0];

        Assert.Equal((4, true, 14, 2), (kept.GetProperty("on_hand").GetInt32(), kept.GetProperty("back_order").GetBoolean(), kept.GetProperty("lead_time_days").GetInt32(), kept.GetProperty("source_version").GetInt32()));
        Assert.Equal([("2026-12-01", 40), ("2026-12-15", 60)], kept.GetProperty("expected").EnumerateArray().Select(one => (one.GetProperty("date").GetString()!, one.GetProperty("quantity").GetInt32())));
        Assert.False(replaced.GetProperty("back_order").GetBoolean());
        Assert.Equal(["2026-12-20"], replaced.GetProperty("expected").EnumerateArray().Select(one => one.GetProperty("date").GetString()!));
    }

    [Theory]
    [InlineData(""","source_version":-1""", "/stock/0/source_version")]
    [InlineData(""","lead_time_days":-1""", "/stock/0/lead_time_days")]
    [InlineData(""","expected":[{"date":"2026-12-01","quantity":0}]""", "/stock/0/expected")]
    [InlineData(""","expected":[{"date":"2026-12-01","quantity":1},{"date":"2026-12-01","quantity":2}]""", "/stock/0/expected")]
    public async Task Value_out_of_its_range_is_named(string more, string pointer)
    {
        var answer = await SetAsync(await shop.AddProductAsync(), 1, null, more);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Stock_of_an_unknown_product_is_not_there() =>
        (await Administrator.GetAsync("/v1/inventory/prd_00000000zzzzz")).ShouldBe(404, "product_not_found");
}
