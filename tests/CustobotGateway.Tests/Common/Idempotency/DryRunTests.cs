using System.Net;
using System.Net.Http.Json;
using System.Text;
using CustobotGateway.Tests.Checkout;

namespace CustobotGateway.Tests.Common.Idempotency;

/// <summary>A write that is only tried is answered as if it were done, and is not done.</summary>
public sealed class DryRunTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task A_session_that_is_only_tried_shows_its_totals_and_does_not_exist()
    {
        var product = await shop.AddProductAsync(price: 2_500);
        var agent = await shop.GrantAsync();

        var (status, session, applied) = await TryAsync(agent.Token, HttpMethod.Post, "/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":2}]}""");

        Assert.Equal((HttpStatusCode.Created, "dry-run"), (status, applied));
        Assert.Equal(5_000, session.GetProperty("totals").EnumerateArray().Last().GetProperty("amount").GetInt64());
        (await agent.GetAsync("/v1/checkout_sessions/" + session.GetProperty("id").GetString())).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task A_completion_that_is_only_tried_pays_nothing_holds_nothing_and_is_refused_as_the_real_one()
    {
        var product = await shop.AddProductAsync(stock: 1);
        var agent = await shop.GrantAsync();
        var (session, tooMany) = (await agent.OpenSessionAsync(product), await agent.OpenSessionAsync(product, quantity: 2));

        var (status, tried, _) = await CompleteAsync(agent.Token, session, "tried");
        var (refused, refusal, _) = await CompleteAsync(agent.Token, tooMany, "tried");

        Assert.Equal((HttpStatusCode.OK, "ready_for_complete"), (status, tried.GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.Conflict, "out_of_stock"), (refused, refusal.GetProperty("code").GetString()));
        Assert.Equal(0, await shop.CountAsync("checkout.payments", "session_id = @session", new { session }));
        Assert.Equal(0, await shop.CountAsync("identity.holds", "grant_id = @GrantId", new { agent.GrantId }));
        Assert.Equal(0, await shop.CountAsync("catalog.stock_holds", "reservation = @session", new { session }));
        // The key is as good as new.
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(session, key: "tried")).Status);
    }

    [Fact]
    public async Task What_cannot_be_tried_is_not_done()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sandbox/tokens") { Content = JsonContent.Create(new { }), Headers = { { "Prefer", "respond-async, dry-run" } } };

        using var answer = await shop.Admin.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, "dry_run_unsupported"), (answer.StatusCode, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Reading_by_post_has_nothing_to_try()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/products/search") { Content = JsonContent.Create(new { }), Headers = { { "Prefer", "dry-run" } } };

        using var answer = await shop.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Preference-Applied"));
    }

    private Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body, string? Applied)> CompleteAsync(string token, string session, string key) =>
        TryAsync(token, HttpMethod.Post, $"/v1/checkout_sessions/{session}/complete", """{"payment":{"handler":"sandbox","token":"tok_visa"}}""", key);

    private async Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body, string? Applied)> TryAsync(string token, HttpMethod method, string path, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { { "Prefer", "dry-run" }, { "Authorization", "Bearer " + token } },
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        using var answer = await shop.Client.SendAsync(request);
        return (answer.StatusCode, await GatewayFixture.ReadJsonAsync(answer), answer.Headers.TryGetValues("Preference-Applied", out var applied) ? applied.Single() : null);
    }
}
