using System.Net;
using Dapper;

namespace CustobotGateway.Tests.Checkout;

/// <summary>Money, stock and budget agree, whatever repeats, races or is refused.</summary>
public sealed class CheckoutTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task Products_become_a_paid_order_at_catalogue_prices()
    {
        var monitor = await shop.AddProductAsync(price: 20_000, stock: 5, name: "Monitor");
        var cable = await shop.AddProductAsync(price: 999, stock: 5, name: "Cable");
        var agent = await shop.GrantAsync();

        var (_, session) = await agent.PostAsync("/v1/checkout_sessions",
            $$"""{"line_items":[{"product_id":"{{monitor}}","quantity":1},{"product_id":"{{cable}}","quantity":2}]}""");
        var (status, completed) = await agent.CompleteAsync(session.GetProperty("id").GetString()!);

        Assert.Equal("ready_for_complete", session.GetProperty("status").GetString());
        // 200.00 + 2 × 9.99
        Assert.Equal([("subtotal", 21_998), ("total", 21_998)], session.GetProperty("totals").EnumerateArray()
            .Select(total => (total.GetProperty("type").GetString()!, total.GetProperty("amount").GetInt64())));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("completed", completed.GetProperty("status").GetString());
        var (_, order) = await agent.GetAsync($"/v1/orders/{completed.GetProperty("order").GetProperty("id").GetString()}");
        Assert.Equal(["Monitor", "Cable"], order.GetProperty("line_items").EnumerateArray().Select(line => line.GetProperty("title").GetString()!));
        Assert.Equal((4, 3), (await shop.StockOfAsync(monitor), await shop.StockOfAsync(cable)));
        Assert.Equal(1, await shop.CountAsync("checkout.payments", "order_id = @id and amount = 21998", new { id = order.GetProperty("id").GetString() }));
    }

    [Fact]
    public async Task A_quote_is_paid_at_its_price_and_once()
    {
        var product = await shop.AddProductAsync(price: 20_000);
        var agent = await shop.GrantAsync();
        var quote = await agent.AgreeAsync(product, 19_000, quantity: 2);
        var (_, first) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"quote_id":"{{quote}}"}""");
        var (_, second) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"quote_id":"{{quote}}"}""");

        var answers = await Task.WhenAll(agent.CompleteAsync(first.GetProperty("id").GetString()!), agent.CompleteAsync(second.GetProperty("id").GetString()!));

        // 2 × 195.00, half way between 200.00 and 190.00; 10.00 less than the list price.
        Assert.Equal([("subtotal", 40_000), ("items_discount", -1_000), ("total", 39_000)], first.GetProperty("totals").EnumerateArray()
            .Select(total => (total.GetProperty("type").GetString()!, total.GetProperty("amount").GetInt64())));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        answers.Single(answer => answer.Status != HttpStatusCode.OK).ShouldBe(409, "quote_redeemed");
        Assert.Equal(98, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task A_declined_card_leaves_nothing_behind_and_another_card_pays()
    {
        var product = await shop.AddProductAsync(stock: 2);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);

        (await agent.CompleteAsync(session, "tok_declined")).ShouldBe(422, "payment_declined");
        (await agent.CompleteAsync(session, "tok_of_nobody")).ShouldBe(422, "payment_declined");

        Assert.Equal(2, await shop.StockOfAsync(product));
        Assert.Equal(0, await shop.CountAsync("identity.holds", "grant_id = @GrantId", new { agent.GrantId }));
        Assert.Equal(0, await shop.CountAsync("identity.ledger", "grant_id = @GrantId and paid > 0", new { agent.GrantId }));
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(session)).Status);
    }

    [Fact]
    public async Task What_is_out_of_stock_is_not_charged()
    {
        var product = await shop.AddProductAsync(stock: 1);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product, quantity: 2);

        (await agent.CompleteAsync(session)).ShouldBe(409, "out_of_stock");

        Assert.Equal(1, await shop.StockOfAsync(product));
        Assert.Equal(0, await shop.CountAsync("identity.holds", "grant_id = @GrantId", new { agent.GrantId }));
        Assert.Equal(0, await shop.CountAsync("identity.ledger", "grant_id = @GrantId and paid > 0", new { agent.GrantId }));
    }

    [Fact]
    public async Task Of_ten_agents_who_want_the_last_three_pieces_three_get_one()
    {
        var product = await shop.AddProductAsync(stock: 2);
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync("""
                insert into catalog.stock (product, location, on_hand) select product, 'second', 1 from catalog.stock s
                where s.location = 'main' and s.product = (select max(product) from catalog.stock)
                """);
        }
        var attempts = new List<(Agent Agent, string Session)>();
        for (var i = 0; i < 10; i++)
        {
            var agent = await shop.GrantAsync();
            attempts.Add((agent, await agent.OpenSessionAsync(product)));
        }

        var answers = await Task.WhenAll(attempts.Select(attempt => attempt.Agent.CompleteAsync(attempt.Session)));

        Assert.Equal(3, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.ShouldBe(409, "out_of_stock"));
        Assert.Equal(0, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task A_product_without_a_price_is_never_buyable()
    {
        var product = await shop.AddProductAsync(price: null);
        var agent = await shop.GrantAsync();

        (await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":1}]}""")).ShouldBe(422, "not_buyable");
    }

    [Fact]
    public async Task A_product_withdrawn_meanwhile_is_not_charged()
    {
        var product = await shop.AddProductAsync(stock: 5);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);
        await using var connection = await shop.OpenDatabaseAsync();
        await connection.ExecuteAsync("update catalog.products set withdrawn_at = now() where number = (select max(product) from catalog.stock)");

        (await agent.CompleteAsync(session)).ShouldBe(409, "product_unavailable");

        Assert.Equal(5, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task What_lacks_something_is_not_charged()
    {
        var product = await shop.AddProductAsync(stock: 5);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);
        await using var connection = await shop.OpenDatabaseAsync();
        await connection.ExecuteAsync("update checkout.sessions set status = 'incomplete' where id = @session", new { session });

        (await agent.CompleteAsync(session)).ShouldBe(409, "session_incomplete");

        Assert.Equal(0, await shop.CountAsync("checkout.payments", "session_id = @session", new { session }));
    }

    [Fact]
    public async Task Currencies_are_not_mixed()
    {
        var dollars = await shop.AddProductAsync();
        var euros = await shop.AddProductAsync();
        await using var connection = await shop.OpenDatabaseAsync();
        await connection.ExecuteAsync("""
            update catalog.products set attributes = jsonb_set(attributes, '{price,currency}', '"EUR"') where number = (select max(product) from catalog.stock)
            """);
        var agent = await shop.GrantAsync();

        (await agent.PostAsync("/v1/checkout_sessions",
            $$"""{"line_items":[{"product_id":"{{dollars}}","quantity":1},{"product_id":"{{euros}}","quantity":1}]}""")).ShouldBe(422, "currency_mismatch");
        (await agent.CompleteAsync(await agent.OpenSessionAsync(euros))).ShouldBe(403, "mandate_exceeded");
    }

    [Fact]
    public async Task A_session_of_another_agent_does_not_exist()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var stranger = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);

        (await stranger.CompleteAsync(session)).ShouldBe(404, "not_found");
        (await stranger.GetAsync($"/v1/checkout_sessions/{session}")).ShouldBe(404, "not_found");
        var (_, completed) = await agent.CompleteAsync(session);
        (await stranger.GetAsync($"/v1/orders/{completed.GetProperty("order").GetProperty("id").GetString()}")).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task An_unknown_payment_handler_is_refused()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);

        (await agent.PostAsync($"/v1/checkout_sessions/{session}/complete", """{"payment":{"handler":"barter","token":"tok_visa"}}""")).ShouldBe(422, "payment_handler_unknown");
        // Stripe has no key here: it is switched off, and nothing is held for it.
        (await agent.PostAsync($"/v1/checkout_sessions/{session}/complete", """{"payment":{"handler":"stripe","token":"pm_card_visa"}}""")).ShouldBe(422, "payment_handler_unknown");
        Assert.Equal(0, await shop.CountAsync("catalog.stock_holds", "reservation = @session", new { session }));
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(session)).Status);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"line_items":[]}""", "/line_items")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":1}],"quote_id":"quo_1"}""", "")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":-1}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":1.5}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":1},{"product_id":"prd_0000000000001","quantity":1}]}""", "/line_items")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":1,"price":1}]}""", "/line_items/0/price")]
    public async Task A_malformed_session_names_the_member(string body, string pointer)
    {
        var agent = await shop.GrantAsync();

        var answer = await agent.PostAsync("/v1/checkout_sessions", body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }
}
