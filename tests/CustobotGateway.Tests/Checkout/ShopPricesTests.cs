using System.Text.Json;

namespace CustobotGateway.Tests.Checkout;

/// <summary>What a session costs in a shop with taxes, shipping and discounts, and what it says is missing.</summary>
public sealed class ShopPricesTests(ShopPricesTests.Fixture fixture) : IClassFixture<ShopPricesTests.Fixture>
{
    /// <summary>One shop for all these tests.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public SellingFixture Shop { get; } = new();

        public async Task InitializeAsync()
        {
            await Shop.InitializeAsync();
            await Shop.SetShopAsync("""
                {
                  "checkout":{"require_email":true,"continue_url":"https://shop.example/checkout/{id}","links":[{"type":"refund_policy","url":"https://shop.example/returns"}]},
                  "taxes":{"on_fulfillment":true,"rules":[{"title":"Sales tax","percent":7.25,"country":"US","region":"CA"},{"title":"VAT","percent":19,"country":"DE"},{"title":"VAT","percent":7,"country":"DE","category":"book"}]},
                  "shipping":{"rates":[
                    {"id":"standard","title":"Standard","price":{"amount":500,"currency":"USD"},"to":["US-CA","DE"],"free_from":50000,"brackets":[{"amount":500,"max_weight_grams":1000},{"amount":900}],"min_days":2,"max_days":4},
                    {"id":"express","title":"Express","price":{"amount":2000,"currency":"USD"},"to":["US"],"windows":[{"id":"am","title":"8 to 12","from":"08:00:00","to":"12:00:00"}]}]},
                  "pickup":{"locations":[{"id":"main","name":"Main","address":{"address_country":"US","address_region":"CA"}}]},
                  "discounts":[
                    {"id":"ten","title":"Ten per cent","kind":"percent","percent":10,"code":"TEN"},
                    {"id":"five","title":"Five off","kind":"amount","amount":{"amount":500,"currency":"USD"},"code":"FIVE","minimum":{"amount":3000,"currency":"USD"}},
                    {"id":"alone","title":"Alone","kind":"percent","percent":50,"code":"ALONE","combinable":false},
                    {"id":"old","title":"Old","kind":"percent","percent":50,"code":"OLD","ends_at":"2020-01-01T00:00:00Z"},
                    {"id":"ship","title":"Free shipping","kind":"free_shipping","code":"SHIP"},
                    {"id":"cables","title":"Three for two","kind":"buy_x","buy":2,"get":1,"categories":["cable"]}],
                  "fees":[{"title":"Small order","amount":{"amount":250,"currency":"USD"},"below_subtotal":1000}]
                }
                """);
        }

        public async Task DisposeAsync() => await Shop.DisposeAsync();
    }

    private const string Buyer = """ "buyer":{"email":"ada@example.com"} """;

    private SellingFixture Shop => fixture.Shop;

    private static string Ship(string country, string? region, string? option) => $$"""
        "fulfillment":{"methods":[{"type":"shipping","destinations":[{"address_country":"{{country}}"{{(region is null ? "" : $",\"address_region\":\"{region}\"")}}}]{{(option is null ? "" : $",\"groups\":[{{\"selected_option_id\":\"{option}\"}}]")}}}]}
        """;

    [Fact]
    public async Task What_is_missing_is_named_until_nothing_is()
    {
        var product = await Shop.AddProductAsync(price: 2_000);
        var agent = await Shop.GrantAsync();

        var opened = await agent.OpenAsync(Sessions.Line(product));
        var (_, addressed) = await agent.PatchAsync(opened.Id(), "{" + Ship("US", "CA", null) + "}");
        var (_, chosen) = await agent.PatchAsync(opened.Id(), "{" + Ship("US", "CA", "standard") + "}");
        var (_, ready) = await agent.PatchAsync(opened.Id(), "{" + Buyer + "}");
        var (_, undone) = await agent.PatchAsync(opened.Id(), """{"fulfillment":null}""");

        Assert.Equal(("incomplete", "destination_required email_required"), (opened.Status(), string.Join(' ', opened.Codes())));
        Assert.Equal("$.fulfillment.methods[0].destinations", opened.Message("destination_required").GetProperty("path").GetString());
        Assert.Equal("recoverable", opened.Message("email_required").GetProperty("severity").GetString());
        Assert.False(string.IsNullOrEmpty(opened.Message("email_required").GetProperty("remedy").GetProperty("text").GetString()));
        Assert.Equal("fulfillment_option_required email_required", string.Join(' ', addressed.Codes()));
        Assert.Equal("email_required", string.Join(' ', chosen.Codes()));
        // 20.00 and 5.00 for the standard way; 7.25 % of 25.00 is 1.8125.
        Assert.Equal([("subtotal", 2_000), ("fulfillment", 500), ("tax", 181), ("total", 2_681)], ready.Totals());
        Assert.Equal("ready_for_complete", ready.Status());
        Assert.Equal("https://shop.example/checkout/" + ready.Id(), ready.GetProperty("continue_url").GetString());
        Assert.Equal("refund_policy", ready.GetProperty("links")[0].GetProperty("type").GetString());
        Assert.Equal("incomplete", undone.Status());
    }

    [Fact]
    public async Task Discounts_go_before_shipping_and_tax()
    {
        var product = await Shop.AddProductAsync(price: 2_000);
        var agent = await Shop.GrantAsync();

        var session = await agent.OpenAsync(Sessions.Line(product, 2), $$"""
            {{Buyer}},{{Ship("US", "CA", "standard")}},"discounts":{"codes":["ten","nothing","Ten","five","OLD","ALONE","ship"]}
            """);

        // 40.00 less 5.00 (the discounts have one priority, so that ids decide: five, ten), less 10 % of 35.00 = 3.50; then 5.00 of shipping; 7.25 % of 31.50 is 2.28375.
        Assert.Equal([("subtotal", 4_000), ("discount", -1_350), ("fulfillment", 500), ("tax", 228), ("total", 3_378)], session.Totals());
        Assert.Equal(["discount_code_invalid", "discount_code_already_applied", "discount_code_expired", "discount_code_combination_disallowed"], session.Codes());
        Assert.Equal(["$.discounts.codes[1]", "$.discounts.codes[2]", "$.discounts.codes[4]", "$.discounts.codes[5]"], session.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("path").GetString()!));
        Assert.Equal([500, 350, 500], session.GetProperty("discounts").GetProperty("applied").EnumerateArray().Select(one => one.GetProperty("amount").GetInt32()));
        Assert.Equal("ready_for_complete", session.Status());
    }

    [Fact]
    public async Task The_cheapest_of_three_costs_nothing_and_the_minimum_is_held()
    {
        var (dear, cheap) = (await Shop.AddProductAsync(price: 900), await Shop.AddProductAsync(price: 400));
        await Shop.ChangeAsync(dear, """{"category":"cable"}""");
        await Shop.ChangeAsync(cheap, """{"category":"cable"}""");
        var agent = await Shop.GrantAsync();

        var session = await agent.OpenAsync($"{Sessions.Line(dear, 2)},{Sessions.Line(cheap)}", $$""" "discounts":{"codes":["FIVE"]},{{Buyer}},{{Ship("US", "CA", "standard")}} """);

        // 2 × 9.00 + 4.00, of which 4.00 is free; below 30.00, so that FIVE is not for it.
        Assert.Equal((2_200, -400), (session.Totals()[0].Item2, session.Totals()[1].Item2));
        Assert.Equal("items_discount", session.Totals()[1].Item1);
        Assert.Equal(["discount_code_user_ineligible"], session.Codes());
    }

    [Fact]
    public async Task Tax_follows_destination_and_category()
    {
        var (book, lamp) = (await Shop.AddProductAsync(price: 1_000), await Shop.AddProductAsync(price: 1_000));
        await Shop.ChangeAsync(book, """{"category":"book"}""");
        var agent = await Shop.GrantAsync();

        var session = await agent.OpenAsync($"{Sessions.Line(book)},{Sessions.Line(lamp)}", $"{Buyer},{Ship("DE", null, null)}");

        // 7 % of 10.00, 19 % of 10.00 and of 5.00 for shipping, whose only option is chosen by itself.
        Assert.Equal([("subtotal", 2_000), ("fulfillment", 500), ("tax", 355), ("total", 2_855)], session.Totals());
        Assert.Equal([(7, 70), (19, 285)], session.GetProperty("taxes").EnumerateArray().Select(tax => (tax.GetProperty("percent").GetInt32(), tax.GetProperty("amount").GetInt32())));
        Assert.Equal([70, 190], session.GetProperty("line_items").EnumerateArray().Select(line => line.GetProperty("tax").GetInt32()));
    }

    [Fact]
    public async Task Shipping_follows_weight_and_worth_and_has_its_times()
    {
        var heavy = await Shop.AddProductAsync(price: 10_000);
        await Shop.ChangeAsync(heavy, """{"weight":600,"lead_time":2}""");
        var agent = await Shop.GrantAsync();

        var session = await agent.OpenAsync(Sessions.Line(heavy, 2), $"{Buyer},{Ship("US", "CA", "express:am")}");
        var (_, many) = await agent.PatchAsync(session.Id(), $$"""{"line_items":[{{Sessions.Line(heavy, 5)}}]}""");
        var (_, abroad) = await agent.PatchAsync(session.Id(), "{" + Ship("FR", null, null) + "}");

        // 1,200 g are above the first bracket; 500.00 are free.
        Assert.Equal([("standard", 900), ("express:am", 2_000)], OptionsOf(session));
        Assert.Equal([("standard", 0), ("express:am", 2_000)], OptionsOf(many));
        var standard = session.GetProperty("fulfillment").GetProperty("methods")[0].GetProperty("groups")[0].GetProperty("options")[0];
        // Two days until the dispatch, and two to four on the way.
        Assert.Equal(TimeSpan.FromDays(2), standard.GetProperty("latest_fulfillment_time").GetDateTimeOffset() - standard.GetProperty("earliest_fulfillment_time").GetDateTimeOffset());
        Assert.InRange((standard.GetProperty("earliest_fulfillment_time").GetDateTimeOffset() - Shop.Clock.GetUtcNow()).TotalDays, 3.9, 4);
        Assert.Contains("address_undeliverable", abroad.Codes());
        Assert.Equal("incomplete", abroad.Status());
    }

    [Fact]
    public async Task What_is_fetched_costs_no_shipping_and_leaves_the_stock_of_its_location()
    {
        var product = await Shop.AddProductAsync(price: 2_000, stock: 3);
        var agent = await Shop.GrantAsync();

        var session = await agent.OpenAsync(Sessions.Line(product, 2), Buyer + """,  "fulfillment":{"methods":[{"type":"pickup"}]} """);
        var (_, completed) = await agent.CompleteAsync(session.Id());
        var tooMany = await agent.OpenAsync(Sessions.Line(product, 2), Buyer + """,  "fulfillment":{"methods":[{"type":"pickup"}]} """);

        Assert.Equal([("subtotal", 4_000), ("fulfillment", 0), ("tax", 290), ("total", 4_290)], session.Totals());
        Assert.Equal("completed", completed.Status());
        Assert.Equal(1, await Shop.StockOfAsync(product));
        Assert.Equal(["out_of_stock", "pickup_unavailable"], tooMany.Codes());
    }

    [Fact]
    public async Task Volume_prices_and_quantities_come_from_the_catalogue()
    {
        var product = await Shop.AddProductAsync(price: 1_000, stock: 500);
        await Shop.ChangeAsync(product, """{"min_order_quantity":4,"order_increment":2,"max_order_quantity":200,"price_tier_10":{"amount":900,"currency":"USD"},"price_tier_100":{"amount":700,"currency":"USD"}}""");
        var agent = await Shop.GrantAsync();
        var session = await agent.OpenAsync(Sessions.Line(product, 3));

        async Task<JsonElement> WithAsync(int quantity) => (await agent.PatchAsync(session.Id(), $$"""{"line_items":[{{Sessions.Line(product, quantity)}}]}""")).Body;

        Assert.Equal(["minimum_order_quantity", "order_increment"], session.Codes().Take(2));
        Assert.Equal(4, session.Message("minimum_order_quantity").GetProperty("details").GetProperty("quantity").GetInt32());
        Assert.Contains("maximum_order_quantity", (await WithAsync(202)).Codes());
        // 10 × 9.00 and 100 × 7.00.
        Assert.Equal([("subtotal", 10_000), ("items_discount", -1_000)], (await WithAsync(10)).Totals()[..2]);
        Assert.Equal([("subtotal", 100_000), ("items_discount", -30_000)], (await WithAsync(100)).Totals()[..2]);
    }

    [Fact]
    public async Task What_the_stock_sells_before_it_is_there_is_ordered_and_leaves_the_stock_alone()
    {
        var (later, there) = (await Shop.AddProductAsync(price: 2_000, stock: 1), await Shop.AddProductAsync(price: 500, stock: 4));
        using (var counts = new StringContent($$"""{"stock":[{"product_id":"{{later}}","location":"main","on_hand":1,"back_order":true,"lead_time_days":12}]}""", System.Text.Encoding.UTF8, "application/json"))
        using (var counted = await Shop.Admin.PostAsync(new Uri("/v1/inventory:batch", UriKind.Relative), counts))
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, counted.StatusCode);
        }
        var agent = await Shop.GrantAsync();
        var session = await agent.OpenAsync($"{Sessions.Line(later, 3)},{Sessions.Line(there, 2)}", $"{Buyer},{Ship("US", "CA", "standard")}");

        var (status, completed) = await agent.CompleteAsync(session.Id());
        var (_, order) = await agent.GetAsync($"/v1/orders/{completed.GetProperty("order").GetProperty("id").GetString()}");

        Assert.Equal((System.Net.HttpStatusCode.OK, "ready_for_complete"), (status, session.Status()));
        foreach (var shown in new[] { session, order })
        {
            var lines = shown.GetProperty("line_items");
            Assert.Equal(12, lines[0].GetProperty("back_order").GetProperty("lead_time_days").GetInt32());
            Assert.False(lines[1].TryGetProperty("back_order", out _));
        }
        Assert.Equal((1, 2), (await Shop.StockOfAsync(later), await Shop.StockOfAsync(there)));
        // What never left the stock does not come back to it.
        Assert.Equal(System.Net.HttpStatusCode.Created, (await agent.PostAsync($"/v1/orders/{order.Id()}/cancellations", """{"reason":"unwanted"}""")).Status);
        Assert.Equal((1, 4), (await Shop.StockOfAsync(later), await Shop.StockOfAsync(there)));
        // Enough of it is held and taken as ever.
        var small = await agent.OpenAsync(Sessions.Line(later), $"{Buyer},{Ship("US", "CA", "standard")}");
        Assert.False(small.GetProperty("line_items")[0].TryGetProperty("back_order", out _));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await agent.CompleteAsync(small.Id())).Status);
        Assert.Equal(0, await Shop.StockOfAsync(later));
    }

    [Fact]
    public async Task Too_little_stock_is_told_with_what_can_be_sent_later()
    {
        var product = await Shop.AddProductAsync(price: 2_000, stock: 1);
        await Shop.ChangeAsync(product, """{"availability":"backorder","lead_time":7,"restock_date":"2030-01-15"}""");
        var agent = await Shop.GrantAsync();

        var session = await agent.OpenAsync(Sessions.Line(product, 3), $"{Buyer},{Ship("US", "CA", "standard")}");

        var message = session.Message("out_of_stock");
        Assert.Equal(("warning", "$.line_items[0]"), (message.GetProperty("type").GetString(), message.GetProperty("path").GetString()));
        var details = message.GetProperty("details");
        Assert.Equal((1, true, 7, "2030-01-15"), (details.GetProperty("available").GetInt32(), details.GetProperty("backorder").GetBoolean(), details.GetProperty("lead_time_days").GetInt32(), details.GetProperty("available_from").GetString()));
        Assert.Equal("ready_for_complete", session.Status());
        Assert.Equal(1, await Shop.StockOfAsync(product));
    }

    [Fact]
    public async Task A_refusal_of_marketing_stays()
    {
        var product = await Shop.AddProductAsync(price: 2_000);
        var agent = await Shop.GrantAsync();
        var session = await agent.OpenAsync(Sessions.Line(product), """ "buyer":{"email":"ada@example.com","consent":{"analytics":true}} """);
        var (_, replaced) = await agent.PatchAsync(session.Id(), """{"buyer":{"email":"other@example.com"}}""");
        var (_, allowed) = await agent.PatchAsync(session.Id(), """{"buyer":{"consent":{"marketing":true}}}""");

        Assert.False(session.GetProperty("buyer").GetProperty("consent").GetProperty("marketing").GetBoolean());
        Assert.Equal((true, false), (replaced.GetProperty("buyer").GetProperty("consent").GetProperty("analytics").GetBoolean(), replaced.GetProperty("buyer").GetProperty("consent").GetProperty("marketing").GetBoolean()));
        Assert.True(allowed.GetProperty("buyer").GetProperty("consent").GetProperty("marketing").GetBoolean());
    }

    private static (string, int)[] OptionsOf(JsonElement session) =>
        [.. session.GetProperty("fulfillment").GetProperty("methods")[0].GetProperty("groups")[0].GetProperty("options").EnumerateArray().Select(option => (option.GetProperty("id").GetString()!, option.GetProperty("totals")[0].GetProperty("amount").GetInt32()))];
}
