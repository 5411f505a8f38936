using System.Net;

namespace CustobotGateway.Tests.Checkout;

/// <summary>A write that is repeated under its key happens once and is answered the same.</summary>
public sealed class IdempotencyTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task A_repeated_completion_gets_the_first_answer_and_pays_once()
    {
        var product = await shop.AddProductAsync(stock: 5);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);

        var first = await agent.CompleteAsync(session, key: "pay-1");
        var second = await agent.CompleteAsync(session, key: "pay-1");

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal((first.Status, first.Body.GetRawText()), (second.Status, second.Body.GetRawText()));
        Assert.Equal(4, await shop.StockOfAsync(product));
        (await agent.CompleteAsync(session, key: "pay-2")).ShouldBe(409, "session_completed");
        (await agent.CompleteAsync(session)).ShouldBe(409, "session_completed");
    }

    [Fact]
    public async Task Ten_completions_at_once_pay_once()
    {
        var product = await shop.AddProductAsync(stock: 50);
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => agent.CompleteAsync(session, key: "race")));

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        // The first request is at work: on its transaction, or at the provider.
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal(HttpStatusCode.Conflict, answer.Status));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Contains(answer.Body.GetProperty("code").GetString(), (string[])["idempotency_in_flight", "payment_in_progress"]));
        Assert.Equal(49, await shop.StockOfAsync(product));
    }

    [Fact]
    public async Task A_refusal_is_repeated_too()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);

        var first = await agent.CompleteAsync(session, "tok_declined", key: "declined");
        var paid = await agent.CompleteAsync(session, "tok_visa", key: "another");
        var second = await agent.CompleteAsync(session, "tok_declined", key: "declined");

        first.ShouldBe(422, "payment_declined");
        Assert.Equal(HttpStatusCode.OK, paid.Status);
        Assert.Equal(first.Body.GetProperty("detail").GetString(), second.Body.GetProperty("detail").GetString());
        second.ShouldBe(422, "payment_declined");
    }

    [Fact]
    public async Task A_key_that_comes_with_another_body_is_refused()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(product);
        await agent.CompleteAsync(session, "tok_visa", key: "one-key");

        (await agent.CompleteAsync(session, "tok_other", key: "one-key")).ShouldBe(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_body_that_is_spelled_otherwise_is_the_same_body()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();

        var (_, first) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":1}]}""", key: "spelling");
        var (_, second) = await agent.PostAsync("/v1/checkout_sessions", $$"""{ "quote_id": null, "line_items" : [ {"quantity":1, "product_id":"{{product}}"} ] }""", key: "spelling");

        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Keys_of_two_agents_do_not_meet()
    {
        var product = await shop.AddProductAsync();
        var body = $$"""{"line_items":[{"product_id":"{{product}}","quantity":1}]}""";
        var (_, first) = await (await shop.GrantAsync()).PostAsync("/v1/checkout_sessions", body, key: "shared");
        var (_, second) = await (await shop.GrantAsync()).PostAsync("/v1/checkout_sessions", body, key: "shared");

        Assert.NotEqual(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused()
    {
        var agent = await shop.GrantAsync();

        (await agent.PostAsync("/v1/checkout_sessions", """{"quote_id":"quo_1"}""", key: new string('k', 256))).ShouldBe(400, "idempotency_key_invalid");
    }
}
