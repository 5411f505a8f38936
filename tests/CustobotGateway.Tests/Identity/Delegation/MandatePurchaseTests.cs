using System.Net;
using CustobotGateway.Tests.Checkout;
using Dapper;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>Buying under a whole mandate, through the shop's own door.</summary>
public sealed class MandatePurchaseTests(LedgerFixture shop) : IClassFixture<LedgerFixture>
{
    [Theory]
    [InlineData("\"limits\":{\"per_item\":10000}", null)]
    [InlineData("\"limits\":{\"per_item\":9999}", "per_item")]
    [InlineData("\"limits\":{\"per_order\":20000}", null)]
    [InlineData("\"limits\":{\"per_order\":19999}", "per_order")]
    [InlineData("\"limits\":{\"period\":{\"amount\":20000,\"every\":\"P7D\"}}", null)]
    [InlineData("\"limits\":{\"period\":{\"amount\":19999,\"every\":\"P7D\"}}", "period")]
    [InlineData("\"limits\":{\"period\":{\"amount\":19999,\"every\":\"P1M\",\"window\":\"calendar\"}}", "period")]
    [InlineData("\"limits\":{\"total\":19999}", "total")]
    [InlineData("\"categories\":[\"it\"]", null)]
    [InlineData("\"categories\":[\"laptop\",\"office\"]", null)]
    [InlineData("\"categories\":[\"office\"]", "categories")]
    [InlineData("\"categories\":[]", "categories")]
    [InlineData("\"rules\":[{\"attribute\":\"repairability_index\",\"op\":\"gte\",\"value\":7}]", null)]
    [InlineData("\"rules\":[{\"attribute\":\"repairability_index\",\"op\":\"gte\",\"value\":8}]", "rules")]
    [InlineData("\"rules\":[{\"attribute\":\"brand\",\"op\":\"not_in\",\"value\":[\"Acme\"]}]", "rules")]
    [InlineData("\"rules\":[{\"attribute\":\"brand\",\"op\":\"ne\",\"value\":\"Bolt\"}]", null)]
    [InlineData("\"rules\":[{\"attribute\":\"warranty\",\"op\":\"gte\",\"value\":1}]", "rules")]
    [InlineData("\"merchants\":{\"allow\":[\"127.0.0.1\"]}", null)]
    [InlineData("\"merchants\":{\"allow\":[\"other.example\"]}", "merchants")]
    [InlineData("\"merchants\":{\"deny\":[\"127.0.0.1\"]}", "merchants")]
    public async Task Every_limit_of_a_mandate_is_held_where_money_is_spent(string members, string? refused)
    {
        var product = await shop.AddProductAsync(10_000, """{"category":"laptop","repairability_index":7.5,"brand":"Acme"}""");
        var agent = await shop.GrantAsync(members);

        var answer = await agent.CompleteAsync(await agent.OpenSessionAsync(product, quantity: 2));

        if (refused is null)
        {
            Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.GetRawText());
            return;
        }
        answer.ShouldBe(403, "mandate_exceeded");
        Assert.Equal(refused, answer.Body.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.True(answer.Body.TryGetProperty("remedy", out _));
        Assert.Equal(100, await shop.StockOfAsync(product));
        Assert.Equal(0, (await agent.RemainingAsync()).GetProperty("spent").GetInt64());
    }

    [Fact]
    public async Task Orders_are_counted_and_another_currency_is_not_converted()
    {
        var product = await shop.AddProductAsync(100, "{}");
        var (agent, foreign) = (await shop.GrantAsync("\"max_orders\":1"), await shop.GrantAsync("", currency: "EUR"));

        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(await agent.OpenSessionAsync(product))).Status);
        (await agent.CompleteAsync(await agent.OpenSessionAsync(product))).ShouldBe(403, "mandate_exceeded");
        (await foreign.CompleteAsync(await foreign.OpenSessionAsync(product))).ShouldBe(403, "mandate_exceeded");
    }

    [Fact]
    public async Task A_paused_grant_reads_and_buys_nothing()
    {
        var product = await shop.AddProductAsync(100, "{}");
        var agent = await shop.GrantAsync("");
        var session = await agent.OpenSessionAsync(product);
        await using var connection = await shop.OpenDatabaseAsync();
        await connection.ExecuteAsync("update identity.grants set paused_at = now() where id = @GrantId", new { agent.GrantId });

        var answer = await agent.CompleteAsync(session);

        answer.ShouldBe(403, "grant_paused");
        Assert.True(answer.Body.TryGetProperty("remedy", out _));
        Assert.Equal("paused", (await agent.RemainingAsync()).GetProperty("status").GetString());
        await connection.ExecuteAsync("update identity.grants set paused_at = null where id = @GrantId", new { agent.GrantId });
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(session)).Status);
    }

    [Fact]
    public async Task A_purchase_above_the_threshold_waits_and_is_made_by_the_same_request_once_it_is_approved()
    {
        var product = await shop.AddProductAsync(10_000, "{}");
        var agent = await shop.GrantAsync("\"approval_above\":9999");
        var session = await agent.OpenSessionAsync(product);

        var (status, waiting) = await agent.CompleteAsync(session, key: "wait-1");
        var (again, same) = await agent.CompleteAsync(session, key: "wait-1");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (status, again));
        Assert.Equal("pending", waiting.GetProperty("state").GetString());
        Assert.Equal(waiting.GetProperty("id").GetString(), same.GetProperty("id").GetString());
        Assert.Equal((0, 0), (await HeldAsync(agent), await shop.CountAsync("checkout.orders", "session_id = @session", new { session })));
        // The session waits as long as the approval: a person may be asleep.
        Assert.Equal(waiting.GetProperty("expires_at").GetDateTimeOffset(), (await agent.GetAsync($"/v1/checkout_sessions/{session}")).Body.GetProperty("expires_at").GetDateTimeOffset());
        await DecideAsync(waiting.GetProperty("id").GetString()!, "approved");
        var (paid, completed) = await agent.CompleteAsync(session, key: "wait-1");
        Assert.True(paid == HttpStatusCode.OK, completed.GetRawText());
        // The key keeps the order, and the approval is good for no other session of the same offer.
        Assert.Equal(completed.GetProperty("order").GetRawText(), (await agent.CompleteAsync(session, key: "wait-1")).Body.GetProperty("order").GetRawText());
        Assert.Equal(HttpStatusCode.Accepted, (await agent.CompleteAsync(await agent.OpenSessionAsync(product))).Status);
    }

    [Fact]
    public async Task Waiting_says_where_and_when_to_ask()
    {
        var product = await shop.AddProductAsync(10_000, "{}");
        var agent = await shop.GrantAsync("\"approval_above\":9999");
        var session = await agent.OpenSessionAsync(product);

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/checkout_sessions/{session}/complete")
        {
            Headers = { { "Authorization", "Bearer " + agent.Token } },
            Content = new StringContent("""{"payment":{"handler":"sandbox","token":"tok_visa"}}""", System.Text.Encoding.UTF8, "application/json"),
        };
        using var answer = await shop.Client.SendAsync(request);
        var id = (await Common.GatewayFixture.ReadJsonAsync(answer)).GetProperty("id").GetString();

        Assert.Equal("/v1/approvals/" + id, answer.Headers.Location?.OriginalString);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_session_is_ready_as_soon_as_the_person_approved_and_says_so_if_not()
    {
        var product = await shop.AddProductAsync(10_000, "{}");
        var agent = await shop.GrantAsync("\"approval_above\":9999");
        var (approved, denied) = (await agent.OpenSessionAsync(product), await agent.OpenSessionAsync(product));
        var (first, second) = ((await agent.CompleteAsync(approved)).Body.GetProperty("id").GetString()!, (await agent.CompleteAsync(denied)).Body.GetProperty("id").GetString()!);
        var (_, waiting) = await agent.GetAsync("/v1/checkout_sessions/" + approved);

        await DecideAsync(first, "approved");
        await DecideAsync(second, "denied");
        var (_, ready) = await agent.GetAsync("/v1/checkout_sessions/" + approved);
        var (_, refused) = await agent.GetAsync("/v1/checkout_sessions/" + denied);

        Assert.Equal(("requires_escalation", "approval_required"), (waiting.Status(), Assert.Single(waiting.Codes())));
        Assert.Equal("ready_for_complete", ready.Status());
        Assert.Empty(ready.Codes());
        Assert.Equal(("requires_escalation", "approval_denied"), (refused.Status(), Assert.Single(refused.Codes())));
    }

    [Fact]
    public async Task A_purchase_that_the_person_refused_is_refused()
    {
        var product = await shop.AddProductAsync(10_000, "{}");
        var agent = await shop.GrantAsync("\"approval_above\":9999");
        var session = await agent.OpenSessionAsync(product);
        var (_, waiting) = await agent.CompleteAsync(session);

        await DecideAsync(waiting.GetProperty("id").GetString()!, "denied");

        (await agent.CompleteAsync(session)).ShouldBe(403, "approval_denied");
    }

    [Fact]
    public async Task What_was_approved_stays_held_for_another_card()
    {
        var product = await shop.AddProductAsync(10_000, "{}");
        var agent = await shop.GrantAsync("\"approval_above\":9999");
        var session = await agent.OpenSessionAsync(product);
        await DecideAsync((await agent.CompleteAsync(session)).Body.GetProperty("id").GetString()!, "approved");

        (await agent.CompleteAsync(session, "tok_declined")).ShouldBe(422, "payment_declined");

        Assert.Equal(10_000, await HeldAsync(agent));
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(session)).Status);
        Assert.Equal(0, await HeldAsync(agent));
    }

    [Fact]
    public async Task Refusals_are_in_the_audit_trail()
    {
        var product = await shop.AddProductAsync(10_000, "{}");
        var agent = await shop.GrantAsync("\"limits\":{\"per_order\":1}");

        await agent.CompleteAsync(await agent.OpenSessionAsync(product));

        var trail = (CustobotGateway.Identity.AuditTrail)shop.App.Services.GetService(typeof(CustobotGateway.Identity.AuditTrail))!;
        Assert.True(await trail.WhenWrittenAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(1, await shop.CountAsync("identity.audit", "kind = 'purchase' and code = 'mandate_exceeded' and detail->>'grant_id' = @GrantId", new { agent.GrantId }));
    }

    private static async Task<long> HeldAsync(Agent agent) => (await agent.RemainingAsync()).GetProperty("held").GetInt64();

    private async Task DecideAsync(string approval, string state)
    {
        await using var connection = await shop.OpenDatabaseAsync();
        Assert.Equal(1, await connection.ExecuteAsync("update identity.approvals set state = @state, decided_at = now(), decided_by = 'test' where id = @approval", new { approval, state }));
    }
}
