using System.Net;
using System.Text.Json;

namespace CustobotGateway.Tests.Checkout;

/// <summary>A cart gathers, binds nobody, and becomes one session.</summary>
public sealed class CartTests(SellingFixture shop) : IClassFixture<SellingFixture>
{
    [Fact]
    public async Task A_cart_is_made_read_replaced_and_deleted()
    {
        var (pen, cap) = (await shop.AddProductAsync(price: 1_000), await shop.AddProductAsync(price: 250));
        var agent = await shop.GrantAsync();

        var cart = await CreateAsync(agent, Sessions.Line(pen));
        await shop.SetPriceAsync(pen, 1_100);
        var (_, read) = await agent.GetAsync($"/v1/carts/{cart.Id()}");
        var (_, replaced) = await agent.SendAsync(HttpMethod.Put, $"/v1/carts/{cart.Id()}", $$"""{"line_items":[{{Sessions.Line(cap, 2)}}]}""");
        using var deletion = new HttpRequestMessage(HttpMethod.Delete, $"/v1/carts/{cart.Id()}") { Headers = { { "Authorization", "Bearer " + agent.Token } } };
        using var deleted = await shop.Client.SendAsync(deletion);

        Assert.Equal([("subtotal", 1_000), ("total", 1_000)], cart.Totals());
        Assert.Equal([("subtotal", 1_100), ("total", 1_100)], read.Totals());
        Assert.Equal(["price_changed"], read.Codes());
        Assert.Equal([("subtotal", 500), ("total", 500)], replaced.Totals());
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        (await agent.GetAsync($"/v1/carts/{cart.Id()}")).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task A_cart_has_one_session_at_a_time()
    {
        var product = await shop.AddProductAsync(price: 1_000);
        var agent = await shop.GrantAsync();
        var cart = (await CreateAsync(agent, Sessions.Line(product, 2))).Id();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => agent.PostAsync("/v1/checkout_sessions", $$"""{"cart_id":"{{cart}}"}""")));
        var session = answers[0].Body.Id();
        await agent.CancelAsync(session);
        var (status, next) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"cart_id":"{{cart}}"}""");
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        var (_, afterExpiry) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"cart_id":"{{cart}}"}""");

        Assert.All(answers, answer => Assert.Equal(session, answer.Body.Id()));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal([("subtotal", 2_000), ("total", 2_000)], answers[0].Body.Totals());
        Assert.Equal((HttpStatusCode.Created, cart), (status, next.GetProperty("cart_id").GetString()));
        Assert.NotEqual(session, next.Id());
        Assert.NotEqual(next.Id(), afterExpiry.Id());
        Assert.Equal("completed", (await agent.CompleteAsync(afterExpiry.Id())).Body.Status());
    }

    [Fact]
    public async Task A_cart_of_another_agent_does_not_exist()
    {
        var product = await shop.AddProductAsync();
        var (agent, stranger) = (await shop.GrantAsync(), await shop.GrantAsync());
        var cart = (await CreateAsync(agent, Sessions.Line(product))).Id();

        (await stranger.GetAsync($"/v1/carts/{cart}")).ShouldBe(404, "not_found");
        (await stranger.SendAsync(HttpMethod.Put, $"/v1/carts/{cart}", $$"""{"line_items":[{{Sessions.Line(product)}}]}""")).ShouldBe(404, "not_found");
        (await stranger.SendAsync(HttpMethod.Delete, $"/v1/carts/{cart}")).ShouldBe(404, "not_found");
        (await stranger.PostAsync("/v1/checkout_sessions", $$"""{"cart_id":"{{cart}}"}""")).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task A_cart_is_forgotten_after_thirty_days()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var cart = (await CreateAsync(agent, Sessions.Line(product))).Id();
        shop.Clock.Advance(TimeSpan.FromDays(31));

        (await agent.GetAsync($"/v1/carts/{cart}")).ShouldBe(404, "not_found");
        await shop.SweepAsync();

        Assert.Equal(0, await shop.CountAsync("checkout.carts", "id = @cart", new { cart }));
    }

    [Theory]
    [InlineData("""{"line_items":[]}""", "/line_items")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":0}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":10001}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":1e99}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[null]}""", "/line_items")]
    [InlineData("""{"line_items":[{"product_id":"lamp","quantity":1}]}""", "/line_items/0/product_id")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":1}],"discounts":{"codes":[""]}}""", "/discounts/codes")]
    [InlineData("""{"line_items":[{"product_id":"prd_0000000000001","quantity":1}],"buyer":{"email":"nobody"}}""", "/buyer/email")]
    public async Task A_malformed_cart_names_the_member(string body, string pointer)
    {
        var agent = await shop.GrantAsync();

        foreach (var answer in new[] { await agent.PostAsync("/v1/carts", body), await agent.PostAsync("/v1/checkout_sessions", body) })
        {
            answer.ShouldBe(400, "invalid_request");
            Assert.Contains(pointer, answer.Body.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()));
        }
    }

    [Fact]
    public async Task An_unknown_or_withdrawn_product_is_named()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        await shop.WithdrawAsync(product);

        foreach (var gone in new[] { product, "prd_000000zzzzzzz" })
        {
            var answer = await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{{Sessions.Line(gone)}}]}""");
            answer.ShouldBe(404, "not_found");
            Assert.Equal("/line_items/0/product_id", answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        }
    }

    private static async Task<JsonElement> CreateAsync(Agent agent, string lines)
    {
        var (status, cart) = await agent.PostAsync("/v1/carts", $$"""{"line_items":[{{lines}}]}""");
        Assert.Equal(HttpStatusCode.Created, status);
        return cart;
    }
}
