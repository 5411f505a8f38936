using System.Net;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout.Orders;

/// <summary>Money goes back once, never more than was charged, and to the budget that it came from.</summary>
public sealed class RefundTests(RefundTests.Shop shop) : IClassFixture<RefundTests.Shop>
{
    /// <summary>A shop whose payment provider can be made to refuse refunds, or not to answer.</summary>
    public sealed class Shop : OrderFixture
    {
        public MoodyProvider Provider { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddSingleton<IPaymentProvider>(Provider);
        }
    }

    /// <summary>A provider that keeps its own books.</summary>
    public sealed class MoodyProvider : IPaymentProvider
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, long> _refunds = [];

        public string Handler => "moody";

        /// <summary>What it answers to refunds of that amount: nothing, or no. What it does not answer it has done.</summary>
        public Dictionary<long, PaymentOutcome> Moods { get; } = [];

        /// <summary>What it gave back under a refund's id.</summary>
        public long? Of(string refundId)
        {
            lock (_lock)
            {
                return _refunds.TryGetValue(refundId, out var amount) ? amount : null;
            }
        }

        /// <summary>What it gave back in all.</summary>
        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _refunds.Count;
                }
            }
        }

        public ValueTask<ProviderAnswer> AuthoriseAsync(PaymentOrder order, CancellationToken cancellationToken) => new(new ProviderAnswer(PaymentOutcome.Authorised, "moody_" + order.PaymentId));

        public ValueTask<ProviderAnswer> CaptureAsync(PaymentReference payment, Money amount, CancellationToken cancellationToken) =>
            new(new ProviderAnswer(PaymentOutcome.Captured, payment.Reference, Captured: amount.Amount));

        public ValueTask<ProviderAnswer> VoidAsync(PaymentReference payment, CancellationToken cancellationToken) => new(new ProviderAnswer(PaymentOutcome.Voided, payment.Reference));

        public ValueTask<ProviderAnswer> RefundAsync(PaymentReference payment, string refundId, Money amount, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                var mood = Moods.TryGetValue(amount.Amount, out var set) ? set : PaymentOutcome.Refunded;
                if (mood == PaymentOutcome.Declined)
                {
                    return new(ProviderAnswer.Declined("refund_refused"));
                }
                _refunds[refundId] = amount.Amount;
                return new(mood == PaymentOutcome.Unknown ? ProviderAnswer.Unknown : new ProviderAnswer(PaymentOutcome.Refunded, payment.Reference, Refunded: amount.Amount));
            }
        }

        public ValueTask<ProviderAnswer> FindAsync(PaymentReference payment, CancellationToken cancellationToken) => new(ProviderAnswer.Unknown);
    }

    private async Task<Bought> BuyAsync(int quantity = 1, long price = 20_000, int stock = 100)
    {
        var product = await shop.AddProductAsync(price: price, stock: stock);
        var agent = await shop.GrantAsync(perOrder: 50_000_000, total: 500_000_000);
        var session = await agent.OpenSessionAsync(product, quantity);
        var (status, completed) = await agent.PostAsync($"/v1/checkout_sessions/{session}/complete", """{"payment":{"handler":"moody","token":"tok"}}""");
        Assert.True(status == HttpStatusCode.OK, completed.GetRawText());
        return new Bought(shop, agent, completed.GetProperty("order").GetProperty("id").GetString()!, session, product);
    }

    [Fact]
    public async Task A_refund_gives_money_back_to_the_card_and_to_the_budget()
    {
        var order = await BuyAsync(quantity: 2, price: 1_000);

        var (status, refund) = await order.RefundAsync("""{"reason":"goodwill","amount":300,"comment":"For the delay"}""");

        Assert.Equal((HttpStatusCode.Created, "completed"), (status, refund.GetProperty("state").GetString()));
        Assert.Equal(300, shop.Provider.Of(refund.GetProperty("id").GetString()!));
        Assert.Equal(1_700, await order.SpentAsync());
        var adjustment = Assert.Single((await order.ReadAsync()).GetProperty("adjustments").EnumerateArray());
        Assert.Equal(("refund", "completed", -300), (adjustment.GetProperty("type").GetString(), adjustment.GetProperty("status").GetString(),
            adjustment.GetProperty("totals")[0].GetProperty("amount").GetInt64()));
        var (_, read) = await order.Agent.GetAsync($"{order.Path}/refunds/{refund.GetProperty("id").GetString()}");
        Assert.Equal(refund.GetRawText(), read.GetRawText());
    }

    [Fact]
    public async Task Never_more_goes_back_than_was_charged()
    {
        var order = await BuyAsync(price: 1_000);
        await order.RefundAsync("""{"reason":"goodwill","amount":600}""");

        (await order.RefundAsync("""{"reason":"goodwill","amount":401}""")).ShouldBe(409, "refund_exceeds_payment");
        (await order.RefundAsync("""{"reason":"goodwill","amount":9223372036854775807}""")).ShouldBe(409, "refund_exceeds_payment");
        Assert.Equal(HttpStatusCode.Created, (await order.RefundAsync("""{"reason":"goodwill","amount":400}""")).Status);
        Assert.Equal(0, await order.SpentAsync());
    }

    [Fact]
    public async Task Of_ten_refunds_at_once_only_as_much_goes_back_as_was_charged()
    {
        var order = await BuyAsync(price: 1_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => order.RefundAsync("""{"reason":"goodwill","amount":300}""")));

        Assert.Equal(3, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.ShouldBe(409, "refund_exceeds_payment"));
        Assert.Equal(100, await order.SpentAsync());
    }

    [Fact]
    public async Task One_refund_by_its_key_or_by_the_merchants_name_is_made_once()
    {
        var order = await BuyAsync(price: 1_000);

        var first = await order.RefundAsync("""{"reason":"goodwill","amount":100}""", key: "refund");
        var second = await order.RefundAsync("""{"reason":"goodwill","amount":100}""", key: "refund");
        var named = await order.RefundAsync("""{"reason":"goodwill","amount":200,"external_id":"R-1"}""");
        var again = await order.RefundAsync("""{"reason":"goodwill","amount":200,"external_id":"R-1"}""");

        Assert.Equal(first.Body.GetRawText(), second.Body.GetRawText());
        Assert.Equal(named.Body.GetProperty("id").GetString(), again.Body.GetProperty("id").GetString());
        Assert.Equal(700, await order.SpentAsync());
        (await order.RefundAsync("""{"reason":"goodwill","amount":201,"external_id":"R-1"}""")).ShouldBe(409, "external_id_reused");
    }

    [Fact]
    public async Task A_refund_without_an_answer_stays_pending_counts_and_is_settled_later()
    {
        var order = await BuyAsync(price: 77_700);
        shop.Provider.Moods[70_001] = PaymentOutcome.Unknown;

        var (_, refund) = await order.RefundAsync("""{"reason":"goodwill","amount":70001}""");
        var id = refund.GetProperty("id").GetString()!;

        Assert.Equal("pending", refund.GetProperty("state").GetString());
        Assert.Equal(77_700, await order.SpentAsync());
        (await order.RefundAsync("""{"reason":"goodwill","amount":7700}""")).ShouldBe(409, "refund_exceeds_payment");
        Assert.Equal("pending", Assert.Single((await order.ReadAsync()).GetProperty("adjustments").EnumerateArray()).GetProperty("status").GetString());

        shop.Provider.Moods.Remove(70_001);
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync("update checkout.refunds set leased_until = now() - interval '1 second' where id = @id", new { id });
        }
        await shop.App.Services.GetRequiredService<Refunding>().SettleAsync(id, CancellationToken.None);

        var (_, settled) = await order.Agent.GetAsync($"{order.Path}/refunds/{id}");
        Assert.Equal("completed", settled.GetProperty("state").GetString());
        Assert.Equal(7_699, await order.SpentAsync());
        Assert.Equal(70_001, shop.Provider.Of(id));
    }

    [Fact]
    public async Task A_refund_that_the_provider_refuses_gives_nothing_back_and_may_be_tried_again()
    {
        var order = await BuyAsync(quantity: 2, price: 40_404);
        shop.Provider.Moods[80_808] = PaymentOutcome.Declined;

        var (_, refused) = await order.RefundAsync("""{"reason":"damaged","line_items":[{"id":"li_1","quantity":2}]}""");

        Assert.Equal(("failed", "refund_refused"), (refused.GetProperty("state").GetString(), refused.GetProperty("failure").GetString()));
        Assert.Equal(80_808, await order.SpentAsync());
        shop.Provider.Moods.Remove(80_808);
        var (_, done) = await order.RefundAsync("""{"reason":"damaged","line_items":[{"id":"li_1","quantity":2}]}""");
        Assert.Equal("completed", done.GetProperty("state").GetString());
        Assert.Equal(0, await order.SpentAsync());
    }

    [Fact]
    public async Task Pieces_are_paid_back_once_and_come_to_what_was_paid()
    {
        var order = await BuyAsync(quantity: 3, price: 333);

        var amounts = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            var (_, refund) = await order.RefundAsync("""{"reason":"defective","line_items":[{"id":"li_1","quantity":1}]}""");
            amounts.Add(refund.GetProperty("amount").GetInt64());
        }

        Assert.Equal(999, amounts.Sum());
        (await order.RefundAsync("""{"reason":"defective","line_items":[{"id":"li_1","quantity":1}]}""")).ShouldBe(409, "quantity_unavailable");
    }

    [Fact]
    public async Task A_canceled_order_gives_stock_money_and_budget_back()
    {
        var order = await BuyAsync(quantity: 3, price: 1_000, stock: 10);

        var (status, cancellation) = await order.Agent.PostAsync(order.Path + "/cancellations", """{"reason":"unwanted"}""");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal((3_000, "completed"), (cancellation.GetProperty("refund").GetProperty("amount").GetInt64(), cancellation.GetProperty("refund").GetProperty("state").GetString()));
        Assert.Equal(10, await shop.StockOfAsync(order.Product));
        Assert.Equal(0, await order.SpentAsync());
        var whole = await order.ReadAsync();
        Assert.Equal((0, 0, 0, 3, 0, "removed"), Bought.LineOf(whole));
        var adjustment = Assert.Single(whole.GetProperty("adjustments").EnumerateArray());
        Assert.Equal(("cancellation", -3, -3_000), (adjustment.GetProperty("type").GetString(), adjustment.GetProperty("line_items")[0].GetProperty("quantity").GetInt32(),
            adjustment.GetProperty("totals")[0].GetProperty("amount").GetInt64()));
        (await order.ShipAsync()).ShouldBe(409, "quantity_unavailable");
        (await order.Agent.PostAsync(order.Path + "/cancellations", """{"reason":"unwanted"}""")).ShouldBe(409, "quantity_unavailable");
    }

    [Fact]
    public async Task A_part_is_canceled_at_its_price_and_the_rest_is_shipped()
    {
        var order = await BuyAsync(quantity: 3, price: 1_000, stock: 10);

        var (_, cancellation) = await order.Agent.PostAsync(order.Path + "/cancellations", """{"reason":"unwanted","line_items":[{"id":"li_1","quantity":1}]}""");
        await order.ShipAsync();

        Assert.Equal(1_000, cancellation.GetProperty("refund").GetProperty("amount").GetInt64());
        Assert.Equal((2, 2, 0, 1, 0, "fulfilled"), Bought.LineOf(await order.ReadAsync()));
        Assert.Equal((8, 2_000), (await shop.StockOfAsync(order.Product), await order.SpentAsync()));
    }

    [Fact]
    public async Task An_agent_cancels_nothing_once_something_has_left_and_the_merchant_still_may()
    {
        var order = await BuyAsync(quantity: 3);
        await order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":1}]}""");

        (await order.Agent.PostAsync(order.Path + "/cancellations", """{"reason":"unwanted"}""")).ShouldBe(409, "cancellation_refused");
        var (status, _) = await shop.WriteAsync(order.Path + "/cancellations", """{"reason":"out_of_stock"}""");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal((1, 1, 0, 2, 0, "fulfilled"), Bought.LineOf(await order.ReadAsync()));
    }

    [Fact]
    public async Task Shipping_and_canceling_at_once_share_what_there_is()
    {
        var order = await BuyAsync(quantity: 6, price: 1_000, stock: 6);

        await Task.WhenAll(Enumerable.Range(0, 6).SelectMany(_ => new[]
        {
            order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":1}]}"""),
            shop.WriteAsync(order.Path + "/cancellations", """{"reason":"out_of_stock","line_items":[{"id":"li_1","quantity":1}]}"""),
        }));

        var (total, fulfilled, _, canceled, _, _) = Bought.LineOf(await order.ReadAsync());
        Assert.Equal((6, total), (fulfilled + canceled, fulfilled));
        Assert.Equal((canceled, 1_000L * fulfilled), (await shop.StockOfAsync(order.Product), await order.SpentAsync()));
    }

    [Fact]
    public async Task A_cancellation_that_is_repeated_under_its_key_happens_once()
    {
        var order = await BuyAsync(quantity: 3, price: 1_000, stock: 3);
        const string body = """{"reason":"unwanted","line_items":[{"id":"li_1","quantity":1}]}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => order.Agent.PostAsync(order.Path + "/cancellations", body, key: "once")));
        var last = await order.Agent.PostAsync(order.Path + "/cancellations", body, key: "once");

        Assert.Equal(HttpStatusCode.Created, last.Status);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.ShouldBe(409, "idempotency_in_flight"));
        Assert.Equal((1, 2_000), (await shop.StockOfAsync(order.Product), await order.SpentAsync()));
    }

    [Fact]
    public async Task A_refund_or_a_cancellation_that_is_only_tried_moves_nothing()
    {
        var order = await BuyAsync(quantity: 3, price: 1_000, stock: 3);
        var before = shop.Provider.Count;

        foreach (var (path, body) in new[] { ("/refunds", """{"reason":"goodwill","amount":100}"""), ("/cancellations", """{"reason":"unwanted"}""") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, order.Path + path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Headers = { { "Prefer", "dry-run" } } };
            using var answer = await shop.Admin.SendAsync(request);
            Assert.Equal((HttpStatusCode.Created, "dry-run"), (answer.StatusCode, answer.Headers.GetValues("Preference-Applied").Single()));
        }

        Assert.Equal((before, 3_000, 0), (shop.Provider.Count, await order.SpentAsync(), await shop.StockOfAsync(order.Product)));
        Assert.Empty((await order.ReadAsync()).GetProperty("adjustments").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"amount":100}""", "/reason")]
    [InlineData("""{"reason":"goodwill"}""", "")]
    [InlineData("""{"reason":"goodwill","amount":100,"line_items":[{"id":"li_1","quantity":1}]}""", "")]
    [InlineData("""{"reason":"goodwill","amount":0}""", "/amount")]
    [InlineData("""{"reason":"goodwill","amount":-5}""", "/amount")]
    [InlineData("""{"reason":"goodwill","amount":1.5}""", "/amount")]
    [InlineData("""{"reason":"goodwill","amount":99999999999999999999}""", "/amount")]
    [InlineData("""{"reason":"because","amount":1}""", "/reason")]
    [InlineData("""{"reason":"goodwill","amount":1,"external_id":""}""", "/external_id")]
    public async Task A_malformed_refund_names_the_member(string body, string pointer)
    {
        var order = await BuyAsync();

        var answer = await order.RefundAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, pointer), (answer.Status, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task An_agent_gives_itself_no_money_back()
    {
        var order = await BuyAsync();

        (await order.Agent.PostAsync(order.Path + "/refunds", """{"reason":"goodwill","amount":1}""")).ShouldBe(403, "insufficient_scope");
        (await (await shop.GrantAsync()).PostAsync(order.Path + "/cancellations", """{"reason":"unwanted"}""")).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task A_payment_that_is_not_charged_yet_is_given_up_as_a_whole_and_not_in_part()
    {
        var order = await BuyAsync(quantity: 2, price: 1_000, stock: 2);
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync(
                "update checkout.payments set state = 'authorised', captured = 0, leased_until = now() + interval '1 minute' where order_id = @Id", new { order.Id });
        }
        (await order.RefundAsync("""{"reason":"goodwill","amount":1}""")).ShouldBe(409, "payment_unsettled");
        (await shop.WriteAsync(order.Path + "/cancellations", """{"reason":"unwanted"}""")).ShouldBe(409, "payment_unsettled");
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync("update checkout.payments set leased_until = now() - interval '1 second' where order_id = @Id and state = 'authorised'", new { order.Id });
        }

        var (status, cancellation) = await shop.WriteAsync(order.Path + "/cancellations", """{"reason":"unwanted"}""");

        Assert.True(status == HttpStatusCode.Created, cancellation.GetRawText());
        Assert.Equal("completed", cancellation.GetProperty("refund").GetProperty("state").GetString());
        Assert.Equal((0, 2), (await order.SpentAsync(), await shop.StockOfAsync(order.Product)));
    }
}
