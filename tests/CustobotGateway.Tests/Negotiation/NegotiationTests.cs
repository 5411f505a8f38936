using System.Net;
using System.Text.Json;
using CustobotGateway.Negotiation;
using CustobotGateway.Tests.Checkout;
using FsCheck;
using FsCheck.Fluent;

namespace CustobotGateway.Tests.Negotiation;

/// <summary>Bargaining about a price, within the merchant's limits.</summary>
public sealed class NegotiationTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    // List 200.00, cost 150.00: the floor is max(150.00 × 1.05, 200.00 × 0.9) = 180.00.
    [Theory]
    [InlineData(16_000, 18_000)] // half way is 180.00, the floor itself
    [InlineData(1_000, 18_000)] // half way would be below the floor
    [InlineData(19_001, 19_501)] // half way is 195.005, rounded up
    public async Task An_offer_is_answered_by_half_of_the_way_but_never_below_the_floor(long offered, long answered)
    {
        var product = await shop.AddProductAsync(price: 20_000, cost: 15_000);
        var agent = await shop.GrantAsync();

        var (status, negotiation) = await agent.OfferAsync(product, offered);

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("countered", negotiation.GetProperty("state").GetString());
        Assert.Equal("buyer", negotiation.GetProperty("turn").GetString());
        Assert.Equal(answered, PriceOf(negotiation));
    }

    [Fact]
    public async Task Opened_without_an_offer_the_list_price_stands()
    {
        var product = await shop.AddProductAsync(price: 20_000);
        var agent = await shop.GrantAsync();

        var (_, opened) = await agent.PostAsync("/v1/negotiations", $$"""{"items":[{"product_id":"{{product}}","quantity":2}]}""");
        var (status, countered) = await OfferAsync(agent, opened, round: 0, price: 19_000);

        Assert.Equal(("open", 20_000), (opened.GetProperty("state").GetString(), PriceOf(opened)));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((1, 19_500), (countered.GetProperty("round").GetInt32(), PriceOf(countered)));
    }

    [Fact]
    public async Task An_offer_of_what_stands_or_more_is_agreed_at_what_stands()
    {
        var product = await shop.AddProductAsync(price: 20_000);
        var agent = await shop.GrantAsync();
        var (_, first) = await agent.OfferAsync(product, 19_000, quantity: 3);

        var (_, agreed) = await OfferAsync(agent, first, round: 1, price: 19_900);

        Assert.Equal("agreed", agreed.GetProperty("state").GetString());
        var quote = agreed.GetProperty("quote");
        // Three at 195.00, the price that stood.
        Assert.Equal(58_500, quote.GetProperty("total").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task An_acceptance_of_a_stale_round_is_refused()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var (_, first) = await agent.OfferAsync(product, 18_500);
        await OfferAsync(agent, first, round: 1, price: 18_600);

        (await agent.AcceptAsync(first)).ShouldBe(409, "offer_superseded");
        (await OfferAsync(agent, first, round: 1, price: 18_700)).ShouldBe(409, "offer_superseded");
    }

    [Fact]
    public async Task After_an_agreement_nothing_moves()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var (_, negotiation) = await agent.OfferAsync(product, 18_500);
        await agent.AcceptAsync(negotiation);

        (await agent.AcceptAsync(negotiation)).ShouldBe(409, "negotiation_closed");
        (await OfferAsync(agent, negotiation, round: 1, price: 18_700)).ShouldBe(409, "negotiation_closed");
    }

    [Fact]
    public async Task Of_two_acceptances_at_once_one_makes_the_quote()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var (_, negotiation) = await agent.OfferAsync(product, 18_500);

        var answers = await Task.WhenAll(agent.AcceptAsync(negotiation), agent.AcceptAsync(negotiation));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(1, await shop.CountAsync("negotiation.quotes", "negotiation_id = @id", new { id = negotiation.GetProperty("id").GetString() }));
    }

    [Fact]
    public async Task The_last_round_ends_it()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var (_, negotiation) = await agent.OfferAsync(product, 1);
        for (var round = 1; round <= 10; round++)
        {
            (_, negotiation) = await OfferAsync(agent, negotiation, round, price: 1);
        }

        Assert.Equal("ended", negotiation.GetProperty("state").GetString());
        Assert.False(negotiation.TryGetProperty("standing_offer", out _));
    }

    [Fact]
    public async Task A_product_without_a_known_cost_or_room_is_not_negotiable()
    {
        var agent = await shop.GrantAsync();
        var withoutCost = await shop.AddProductAsync(cost: null);
        var withoutPrice = await shop.AddProductAsync(price: null);
        // 5 % over a cost of 195.00 is 204.75, more than the list price.
        var withoutRoom = await shop.AddProductAsync(price: 20_000, cost: 19_500);

        foreach (var product in new[] { withoutCost, withoutPrice, withoutRoom })
        {
            (await agent.OfferAsync(product, 19_000)).ShouldBe(422, "not_negotiable");
        }
        (await agent.OfferAsync("prd_0000000zzzzzz", 19_000)).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task Another_agent_neither_sees_nor_accepts_it()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var stranger = await shop.GrantAsync();
        var (_, negotiation) = await agent.OfferAsync(product, 18_500);

        (await stranger.GetAsync($"/v1/negotiations/{negotiation.GetProperty("id").GetString()}")).ShouldBe(404, "not_found");
        (await stranger.AcceptAsync(negotiation)).ShouldBe(404, "not_found");
        (await OfferAsync(stranger, negotiation, round: 1, price: 19_000)).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task No_answer_to_an_agent_tells_the_floor_or_the_cost()
    {
        var product = await shop.AddProductAsync(price: 20_000, cost: 17_777);
        var agent = await shop.GrantAsync();

        var (_, negotiation) = await agent.OfferAsync(product, 19_900);
        var (_, read) = await agent.GetAsync($"/v1/negotiations/{negotiation.GetProperty("id").GetString()}");

        // 177.77 × 1.05 = 186.6585, rounded up.
        foreach (var text in new[] { negotiation.GetRawText(), read.GetRawText() })
        {
            Assert.DoesNotContain("17777", text, StringComparison.Ordinal);
            Assert.DoesNotContain("18666", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"items":[],"offer":{"terms":{"unit_price":1}}}""", "/items")]
    [InlineData("""{"items":[{"product_id":"prd_0000000000001","quantity":0}]}""", "/items/0/quantity")]
    [InlineData("""{"items":[{"product_id":"17","quantity":1}]}""", "/items/0/product_id")]
    [InlineData("""{"items":[{"product_id":"prd_0000000000001","quantity":1}],"offer":{"terms":{"unit_price":-5}}}""", "/offer/terms/unit_price")]
    [InlineData("""{"items":[{"product_id":"prd_0000000000001","quantity":1}],"offer":{"terms":{}}}""", "/offer/terms/unit_price")]
    [InlineData("""{"items":[{"product_id":"prd_0000000000001","quantity":1}],"offer":{"terms":{"unit_price":5,"warranty":3}}}""", "/offer/terms/warranty")]
    public async Task A_malformed_opening_names_the_member(string body, string pointer)
    {
        var agent = await shop.GrantAsync();

        var answer = await agent.PostAsync("/v1/negotiations", body);

        answer.ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public void No_sequence_of_offers_leads_below_the_floor()
    {
        var amounts = Gen.Choose(1, 1_000_000).ToArbitrary();
        Prop.ForAll(amounts, amounts, Gen.Choose(1, 1_200_000).Select(offer => (long)offer).ListOf().ToArbitrary(), (list, cost, offers) =>
        {
            if (PricePolicy.Floor(new NegotiationOptions(), list, cost) is not { } floor)
            {
                return (Int128)cost * 105 > (Int128)list * 100;
            }
            long standing = list;
            foreach (var offer in offers)
            {
                var answer = PricePolicy.Answer(floor, standing, offer);
                if (answer > standing || answer < floor || answer * 100 < (Int128)cost * 105 || answer * 100 < (Int128)list * 90)
                {
                    return false;
                }
                standing = answer;
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }

    private static long PriceOf(JsonElement negotiation) => negotiation.GetProperty("standing_offer").GetProperty("terms").GetProperty("unit_price").GetInt64();

    private static Task<(HttpStatusCode Status, JsonElement Body)> OfferAsync(Agent agent, JsonElement negotiation, int round, long price) =>
        agent.PostAsync($"/v1/negotiations/{negotiation.GetProperty("id").GetString()}/offers", $$"""{"round":{{round}},"terms":{"unit_price":{{price}} } }""");
}

/// <summary>Time passes here, so that it has a clock of its own.</summary>
public sealed class NegotiationDeadlineTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task After_the_deadline_the_offer_no_longer_stands()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var (_, negotiation) = await agent.OfferAsync(product, 18_500);

        shop.Clock.Advance(TimeSpan.FromMinutes(30));

        (await agent.AcceptAsync(negotiation)).ShouldBe(409, "negotiation_expired");
        var (_, read) = await agent.GetAsync($"/v1/negotiations/{negotiation.GetProperty("id").GetString()}");
        Assert.Equal("expired", read.GetProperty("state").GetString());
        Assert.False(read.TryGetProperty("standing_offer", out _));
    }

    [Fact]
    public async Task An_expired_quote_buys_nothing()
    {
        var product = await shop.AddProductAsync(stock: 3);
        var agent = await shop.GrantAsync();
        var quote = await agent.AgreeAsync(product, 18_500);
        var (_, session) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"quote_id":"{{quote}}"}""");

        shop.Clock.Advance(TimeSpan.FromMinutes(15));

        (await agent.CompleteAsync(session.GetProperty("id").GetString()!)).ShouldBe(409, "quote_expired");
        (await agent.PostAsync("/v1/checkout_sessions", $$"""{"quote_id":"{{quote}}"}""")).ShouldBe(409, "quote_expired");
        Assert.Equal(3, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task An_expired_session_buys_nothing()
    {
        var product = await shop.AddProductAsync(stock: 3);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);

        shop.Clock.Advance(TimeSpan.FromMinutes(15));

        (await agent.CompleteAsync(session)).ShouldBe(409, "session_expired");
        Assert.Equal("canceled", (await agent.GetAsync($"/v1/checkout_sessions/{session}")).Body.GetProperty("status").GetString());
    }
}
