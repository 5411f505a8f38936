using System.Net;
using System.Text.Json;
using CustobotGateway.Checkout.Returns;
using CustobotGateway.Tests.Checkout.Orders;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout.Returns;

/// <summary>What comes back: by the merchant's policy, with reasons, once, in time, and never more than arrived.</summary>
public sealed class ReturnTests(ReturnTests.Shop shop) : IClassFixture<ReturnTests.Shop>
{
    /// <summary>Rules that a test can change.</summary>
    internal sealed class Rules(ReturnPolicy policy) : IReturnRules
    {
        public ReturnPolicy Policy { get; set; } = policy;
    }

    /// <summary>A shop with a policy of its own.</summary>
    public sealed class Shop : OrderFixture
    {
        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddSingleton<IReturnRules>(new Rules(new ReturnPolicy
            {
                WindowDays = 14,
                FaultWindowDays = 60,
                ExcludedCategories = ["food"],
                WindowDaysByCategory = new Dictionary<string, int> { ["mattress"] = 100 },
                RestockingFeePercent = 15,
                StaffAbove = 100_000,
                CancelHours = 2,
                Conditions = ["In the box that it came in"],
            }));
        }

        public async Task<Bought> DeliveredAsync(int quantity = 1, long price = 1_000, string? category = null)
        {
            var product = await AddProductAsync(price: price);
            if (category is not null)
            {
                await ClassifyAsync(product, category);
            }
            var bought = await BuyAsync(await GrantAsync(perOrder: 50_000_000, total: 500_000_000), (product, quantity));
            await bought.DeliverAsync();
            return bought;
        }

        public async Task ClassifyAsync(string product, string category)
        {
            await using var connection = await OpenDatabaseAsync();
            Assert.True(CustobotGateway.Common.Ids.TryGetNumber("prd", product, out var number));
            await connection.ExecuteAsync("update catalog.products set attributes = attributes || jsonb_build_object('category', @category::text) where number = @number", new { number, category });
        }
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(Bought order, string reason = "unwanted", int quantity = 1, string? key = null) =>
        order.Agent.PostAsync(order.Path + "/returns", $$"""{"line_items":[{"id":"li_1","quantity":{{quantity}}}],"reason":"{{reason}}"}""", key);

    private static string[] CodesOf(JsonElement body) => [.. body.GetProperty("decision").GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString()!)];

    [Fact]
    public async Task A_return_follows_the_policy_and_the_category_of_the_purchase()
    {
        var order = await shop.DeliveredAsync(price: 1_000, category: "mattress");
        var rules = (Rules)shop.App.Services.GetRequiredService<IReturnRules>();
        var before = rules.Policy;
        rules.Policy = before with { WindowDaysByCategory = new Dictionary<string, int>(), ExcludedCategories = ["food", "mattress"], WindowDays = 0, RestockingFeePercent = 90 };
        await shop.ClassifyAsync(order.Product, "food");

        var (status, asked) = await AskAsync(order);
        var later = await AskAsync(await shop.DeliveredAsync(price: 1_000, category: "food"));
        rules.Policy = before;

        Assert.Equal((HttpStatusCode.Created, "approved"), (status, asked.GetProperty("state").GetString()));
        Assert.Equal(150, asked.GetProperty("decision").GetProperty("restocking_fee").GetInt64());
        Assert.Equal("refused", later.Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Goods_come_back_in_time_and_their_price_less_the_fee_goes_back()
    {
        var order = await shop.DeliveredAsync(quantity: 3, price: 1_333);
        var stock = await shop.StockOfAsync(order.Product);

        var (status, asked) = await AskAsync(order, quantity: 2);

        Assert.Equal((HttpStatusCode.Created, "approved"), (status, asked.GetProperty("state").GetString()));
        // 2 × 13.33 = 26.66, of which 15 % is 3.999, rounded 4.00.
        Assert.Equal((400, 2_266), (asked.GetProperty("decision").GetProperty("restocking_fee").GetInt64(), asked.GetProperty("expected_refund").GetInt64()));
        Assert.Equal(["within_window", "restocking_fee"], CodesOf(asked));
        Assert.True(asked.TryGetProperty("deadline", out _) && asked.TryGetProperty("instructions", out _));
        var path = $"{order.Path}/returns/{asked.GetProperty("id").GetString()}";
        var (_, received) = await shop.WriteAsync(path + "/receipt", "{}");
        Assert.Equal(("received", 2_266, "completed"), (received.GetProperty("state").GetString(), received.GetProperty("refund").GetProperty("amount").GetInt64(),
            received.GetProperty("refund").GetProperty("state").GetString()));
        Assert.Equal(stock + 2, await shop.StockOfAsync(order.Product));
        Assert.Equal(3_999 - 2_266, await order.SpentAsync());
        var whole = await order.ReadAsync();
        Assert.Equal((1, 1, 3, 0, 2, "fulfilled"), Bought.LineOf(whole));
        var adjustment = Assert.Single(whole.GetProperty("adjustments").EnumerateArray());
        Assert.Equal(("return", -2, -2_266), (adjustment.GetProperty("type").GetString(), adjustment.GetProperty("line_items")[0].GetProperty("quantity").GetInt32(),
            adjustment.GetProperty("totals")[0].GetProperty("amount").GetInt64()));
        (await shop.WriteAsync(path + "/receipt", "{}")).ShouldBe(409, "return_closed");
        var (_, read) = await order.Agent.GetAsync(path);
        Assert.Equal("received", read.GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_is_the_merchants_fault_comes_back_later_and_without_a_fee()
    {
        var order = await shop.DeliveredAsync();
        shop.Clock.Advance(TimeSpan.FromDays(20));

        var (_, unwanted) = await AskAsync(order);
        var (_, defective) = await AskAsync(order, "defective");

        Assert.Equal(("refused", 0), (unwanted.GetProperty("state").GetString(), unwanted.GetProperty("expected_refund").GetInt64()));
        Assert.Equal(["window_passed"], CodesOf(unwanted));
        Assert.Equal(("approved", 1_000, "merchant"), (defective.GetProperty("state").GetString(), defective.GetProperty("expected_refund").GetInt64(),
            defective.GetProperty("decision").GetProperty("shipping_paid_by").GetString()));
    }

    [Fact]
    public async Task What_the_policy_leaves_out_is_refused_with_the_reason()
    {
        var food = await shop.DeliveredAsync(category: "food");
        var mattress = await shop.DeliveredAsync(category: "mattress");
        shop.Clock.Advance(TimeSpan.FromDays(20));

        Assert.Equal(["category_excluded"], CodesOf((await AskAsync(food)).Body));
        Assert.Equal("approved", (await AskAsync(mattress)).Body.GetProperty("state").GetString());
        Assert.Equal("approved", (await AskAsync(food, "damaged")).Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Staff_decides_what_the_policy_leaves_to_it_and_once()
    {
        var order = await shop.DeliveredAsync(quantity: 3, price: 90_000);

        var (_, asked) = await AskAsync(order, "damaged", quantity: 2);
        var path = $"{order.Path}/returns/{asked.GetProperty("id").GetString()}";

        Assert.Equal("requested", asked.GetProperty("state").GetString());
        Assert.Contains("amount_needs_staff", CodesOf(asked));
        (await order.Agent.PostAsync(path + "/decision", """{"approve":true,"note":"please"}""")).ShouldBe(403, "insufficient_scope");
        (await shop.WriteAsync(path + "/receipt", "{}")).ShouldBe(409, "return_closed");
        Assert.Contains((await shop.ReadAsync("/v1/returns?state=requested")).Body.GetProperty("returns").EnumerateArray(), one => one.GetProperty("id").GetString() == asked.GetProperty("id").GetString());
        var (_, decided) = await shop.WriteAsync(path + "/decision", """{"approve":true,"note":"We look at it here."}""");
        Assert.Equal(("approved", "administrator"), (decided.GetProperty("state").GetString(), decided.GetProperty("decision").GetProperty("decided_by").GetString()));
        (await shop.WriteAsync(path + "/decision", """{"approve":false,"note":"No."}""")).ShouldBe(409, "return_closed");
        var (_, other) = await AskAsync(order, "other");
        Assert.Contains("reason_needs_staff", CodesOf(other));
    }

    [Fact]
    public async Task Nothing_comes_back_twice_or_before_it_arrived()
    {
        var order = await shop.BuyAsync(quantity: 3);
        (await AskAsync(order)).ShouldBe(409, "quantity_unavailable");
        await order.DeliverAsync("""{"line_items":[{"id":"li_1","quantity":2}]}""");

        (await AskAsync(order, quantity: 3)).ShouldBe(409, "quantity_unavailable");
        Assert.Equal(HttpStatusCode.Created, (await AskAsync(order, quantity: 2)).Status);
        (await AskAsync(order)).ShouldBe(409, "quantity_unavailable");
    }

    [Fact]
    public async Task Of_ten_returns_at_once_only_as_many_pieces_come_back_as_arrived()
    {
        var order = await shop.DeliveredAsync(quantity: 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync(order)));

        Assert.Equal(3, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.ShouldBe(409, "quantity_unavailable"));
    }

    [Fact]
    public async Task A_return_that_is_received_ten_times_at_once_is_paid_back_once()
    {
        var order = await shop.DeliveredAsync(quantity: 2);
        var (_, asked) = await AskAsync(order, "wrong_item", quantity: 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.WriteAsync($"{order.Path}/returns/{asked.GetProperty("id").GetString()}/receipt", "{}")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(0, await order.SpentAsync());
    }

    [Fact]
    public async Task What_staff_does_not_take_back_is_not_paid_back_nor_sold_again()
    {
        var order = await shop.DeliveredAsync(quantity: 4, price: 1_000);
        var stock = await shop.StockOfAsync(order.Product);
        var (_, asked) = await AskAsync(order, "damaged", quantity: 4);
        var path = $"{order.Path}/returns/{asked.GetProperty("id").GetString()}/receipt";

        (await shop.WriteAsync(path, """{"line_items":[{"id":"li_1","accepted":5}]}""")).ShouldBe(409, "quantity_unavailable");
        (await shop.WriteAsync(path, """{"line_items":[{"id":"li_7","accepted":1}]}""")).ShouldBe(422, "order_line_unknown");
        var (_, received) = await shop.WriteAsync(path, """{"line_items":[{"id":"li_1","accepted":3,"restock":false,"note":"One was never ours"}]}""");

        Assert.Equal((3, 1), (received.GetProperty("line_items")[0].GetProperty("accepted").GetInt32(), received.GetProperty("line_items")[0].GetProperty("rejected").GetInt32()));
        Assert.Equal((3_000, stock, 1_000), (received.GetProperty("refund").GetProperty("amount").GetInt64(), await shop.StockOfAsync(order.Product), await order.SpentAsync()));
        // The rejected piece is not asked back a second time.
        (await AskAsync(order)).ShouldBe(409, "quantity_unavailable");
    }

    [Fact]
    public async Task A_piece_that_was_paid_back_before_is_not_paid_back_again()
    {
        var order = await shop.DeliveredAsync(quantity: 2, price: 1_000);
        await order.RefundAsync("""{"reason":"goodwill","line_items":[{"id":"li_1","quantity":2}]}""");

        var (_, asked) = await AskAsync(order, "damaged", quantity: 2);
        var (status, received) = await shop.WriteAsync($"{order.Path}/returns/{asked.GetProperty("id").GetString()}/receipt", "{}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(received.TryGetProperty("refund", out _));
        Assert.Equal(0, await order.SpentAsync());
    }

    [Fact]
    public async Task The_policy_is_known_before_buying()
    {
        var product = await shop.AddProductAsync();

        var (status, policy) = await shop.ReadAsync("/v1/return_policy?product_id=" + product);

        Assert.Equal((HttpStatusCode.OK, 14), (status, policy.GetProperty("window_days").GetInt32()));
        var reasons = policy.GetProperty("reasons").EnumerateArray().ToDictionary(reason => reason.GetProperty("code").GetString()!);
        Assert.Equal((15, "buyer"), (reasons["unwanted"].GetProperty("restocking_fee_percent").GetInt32(), reasons["unwanted"].GetProperty("shipping_paid_by").GetString()));
        Assert.Equal((0, 60, "merchant"), (reasons["damaged"].GetProperty("restocking_fee_percent").GetInt32(), reasons["damaged"].GetProperty("window_days").GetInt32(),
            reasons["damaged"].GetProperty("shipping_paid_by").GetString()));
        Assert.Equal("staff", reasons["other"].GetProperty("returnable").GetString());
        (await shop.ReadAsync("/v1/return_policy?product_id=x")).ShouldBe(400, "invalid_request");
        (await shop.ReadAsync("/v1/return_policy?product_id=prd_zzzzzzzzzzzzz")).ShouldBe(400, "invalid_request");
        (await shop.ReadAsync("/v1/return_policy?product_id=prd_00000000zzzzz")).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task Agents_cancel_within_the_merchants_hours()
    {
        var order = await shop.BuyAsync();
        shop.Clock.Advance(TimeSpan.FromHours(3));

        (await order.Agent.PostAsync(order.Path + "/cancellations", """{"reason":"unwanted"}""")).ShouldBe(409, "cancellation_refused");
    }

    [Theory]
    [InlineData("""{"reason":"unwanted"}""", "/line_items")]
    [InlineData("""{"line_items":[],"reason":"unwanted"}""", "/line_items")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":1}]}""", "/reason")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":1}],"reason":"whim"}""", "/reason")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":-1}],"reason":"unwanted"}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":1}],"reason":"unwanted","comment":""}""", "/comment")]
    public async Task A_malformed_return_names_the_member(string body, string pointer)
    {
        var order = await shop.DeliveredAsync();

        var answer = await order.Agent.PostAsync(order.Path + "/returns", body);

        Assert.Equal((HttpStatusCode.BadRequest, pointer), (answer.Status, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task A_strangers_order_returns_nothing()
    {
        var order = await shop.DeliveredAsync();
        var stranger = await shop.GrantAsync();

        (await stranger.PostAsync(order.Path + "/returns", """{"line_items":[{"id":"li_1","quantity":1}],"reason":"unwanted"}""")).ShouldBe(404, "not_found");
        Assert.Empty((await stranger.GetAsync("/v1/returns")).Body.GetProperty("returns").EnumerateArray());
        (await shop.ReadAsync(order.Path + "/returns/ret_none")).ShouldBe(404, "not_found");
        (await shop.ReadAsync("/v1/returns?state=eaten")).ShouldBe(400, "invalid_request");
    }
}
