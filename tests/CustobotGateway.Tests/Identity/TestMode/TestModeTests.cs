using System.Net;
using System.Text.Json;
using CustobotGateway.Checkout;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.TestMode;

/// <summary>Whoever tries out does everything that is done for real, apart from it: with data, stock and time of its own.</summary>
public sealed class TestModeTests(TestModeFixture shop) : IClassFixture<TestModeFixture>
{
    [Fact]
    public async Task A_test_purchase_leaves_everything_that_is_real_alone()
    {
        var client = await shop.TestClientAsync("tester-one", "staff", "checkout");
        var agent = await shop.TestGrantAsync(client);
        var product = await shop.AddProductAsync(price: 1_000, stock: 3);

        var session = await agent.OpenSessionAsync(product, 2);
        var (status, completed) = await agent.CompleteAsync(session);
        var path = "/v1/orders/" + completed.GetProperty("order").GetProperty("id").GetString();
        var (_, order) = await agent.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, true), (status, order.GetProperty("is_test").GetBoolean()));
        Assert.Equal(3, await shop.StockOfAsync(product));
        Assert.Equal(0, await shop.CountAsync("catalog.stock", "held > 0", new { }));
        // One is left for those who try out, three for all others.
        (await agent.CompleteAsync(await agent.OpenSessionAsync(product, 2))).ShouldBe(409, "out_of_stock");
        var live = await shop.GrantAsync();
        Assert.Equal(HttpStatusCode.OK, (await live.CompleteAsync(await live.OpenSessionAsync(product, 2))).Status);
        // Neither sees the other's.
        Assert.Contains(path[11..], await OrdersAsync(client));
        Assert.DoesNotContain(path[11..], await OrdersAsync(GatewayFixture.AdminToken));
        (await shop.SendAsync(HttpMethod.Get, path, GatewayFixture.AdminToken)).ShouldBe(404, "not_found");
        (await shop.SendAsync(HttpMethod.Get, "/v1/checkout_sessions/" + session, GatewayFixture.AdminToken)).ShouldBe(404, "not_found");
        (await shop.SendAsync(HttpMethod.Post, path + "/shipments", GatewayFixture.AdminToken, "{}")).ShouldBe(404, "not_found");
        Assert.DoesNotContain(path[11..], (await shop.SendAsync(HttpMethod.Get, "/v1/order_feed", GatewayFixture.AdminToken)).Body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(path[11..], (await shop.SendAsync(HttpMethod.Get, "/v1/order_feed", client)).Body.GetRawText(), StringComparison.Ordinal);
        // The merchant's side is tried out by the same client; what comes back is for those who try out.
        Assert.Equal(HttpStatusCode.Created, (await shop.SendAsync(HttpMethod.Post, path + "/cancellations", client, """{"reason":"unwanted"}""")).Status);
        Assert.Equal(1, await shop.StockOfAsync(product));
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(await agent.OpenSessionAsync(product))).Status);
    }

    [Fact]
    public async Task Only_the_sandbox_takes_test_payments()
    {
        var agent = await shop.TestGrantAsync(await shop.TestClientAsync("tester-pays"));
        var session = await agent.OpenSessionAsync(await shop.AddProductAsync(price: 1_000));
        var (_, handlers) = await agent.GetAsync("/v1/payment_handlers");

        Assert.Equal(["sandbox"], handlers.GetProperty("payment_handlers").EnumerateArray().Select(handler => handler.GetProperty("handler").GetString()));
        (await agent.PostAsync($"/v1/checkout_sessions/{session}/complete", """{"payment":{"handler":"invoice","token":"PO-1"}}""")).ShouldBe(422, "payment_handler_unknown");
    }

    [Fact]
    public async Task The_test_clock_moves_sessions_grants_approvals_and_tokens_of_its_client_alone()
    {
        var client = await shop.TestClientAsync("tester-time", "checkout", "grants:read");
        var other = await shop.TestGrantAsync(await shop.TestClientAsync("tester-other"));
        var agent = await shop.TestGrantAsync(client, more: ",\"approval_above\":9999");
        var product = await shop.AddProductAsync(price: 10_000, stock: 5);
        var (session, theirs) = (await agent.OpenSessionAsync(product), await other.OpenSessionAsync(product));
        var live = await shop.GrantAsync();
        var real = await live.OpenSessionAsync(product);
        var waiting = (await agent.CompleteAsync(await agent.OpenSessionAsync(product))).Body.GetProperty("id").GetString();

        // Tokens say in whole seconds when they were issued.
        shop.Clock.Advance(TimeSpan.FromSeconds(2));
        var moved = await shop.AdvanceAsync(agent.Token, "PT16M");
        Assert.Equal("PT16M", moved.GetProperty("ahead").GetString());
        Assert.Equal("canceled", (await agent.GetAsync("/v1/checkout_sessions/" + session)).Body.Status());
        (await agent.CompleteAsync(session)).ShouldBe(409, "session_expired");
        Assert.Equal("ready_for_complete", (await other.GetAsync("/v1/checkout_sessions/" + theirs)).Body.Status());
        Assert.Equal("ready_for_complete", (await live.GetAsync("/v1/checkout_sessions/" + real)).Body.Status());
        // Written down by the sweep, too.
        await shop.App.Services.GetRequiredService<ExpireSessions>().SweepAsync(CancellationToken.None);
        Assert.Equal(1, await shop.CountAsync("checkout.sessions", "id = @session and status = 'canceled'", new { session }));
        Assert.Equal(2, await shop.CountAsync("checkout.sessions", "id = any(@open) and status = 'ready_for_complete'", new { open = new[] { theirs, real } }));

        Assert.Equal("pending", (await agent.GetAsync("/v1/approvals/" + waiting)).Body.GetProperty("state").GetString());
        await shop.AdvanceAsync(agent.Token, "P1D");
        Assert.Equal("expired", (await agent.GetAsync("/v1/approvals/" + waiting)).Body.GetProperty("state").GetString());
        // The client's own token was issued a day ago by its clock; a new one is good.
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.SendAsync(HttpMethod.Get, "/v1/checkout_sessions/" + session, client)).Status);
        // What is opened now is of tomorrow and can be bought.
        var tomorrow = await agent.OpenSessionAsync(await shop.AddProductAsync(price: 1_000));
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(tomorrow)).Status);
    }

    [Fact]
    public async Task The_clock_goes_forwards_and_by_a_year_at_most()
    {
        var client = await shop.TestClientAsync("tester-year");

        await shop.AdvanceAsync(client, "PT1S");
        (await shop.SendAsync(HttpMethod.Post, "/v1/test/clock", client, """{"advance":"P366D"}""")).ShouldBe(400, "invalid_request");
        foreach (var wrong in new[] { "-PT30M", "PT0S", "P400D", "30 minutes", "" })
        {
            (await shop.SendAsync(HttpMethod.Post, "/v1/test/clock", client, $$"""{"advance":"{{wrong}}"}""")).ShouldBe(400, "invalid_request");
        }
    }

    [Fact]
    public async Task A_test_client_decides_what_waits_for_the_persons_of_its_own_grants()
    {
        var client = await shop.TestClientAsync("tester-approves");
        var stranger = await shop.TestClientAsync("tester-stranger");
        var agent = await shop.TestGrantAsync(client, more: ",\"approval_above\":9999");
        var product = await shop.AddProductAsync(price: 10_000);
        var (first, second) = (await agent.OpenSessionAsync(product), await agent.OpenSessionAsync(product));
        var approval = (await agent.CompleteAsync(first)).Body.GetProperty("id").GetString();
        var refused = (await agent.CompleteAsync(second)).Body.GetProperty("id").GetString();

        (await shop.SendAsync(HttpMethod.Post, $"/v1/test/approvals/{approval}/approve", stranger)).ShouldBe(404, "not_found");
        var (status, decided) = await shop.SendAsync(HttpMethod.Post, $"/v1/test/approvals/{approval}/approve", client);
        var (_, denied) = await shop.SendAsync(HttpMethod.Post, $"/v1/test/approvals/{refused}/deny", agent.Token);

        Assert.Equal((HttpStatusCode.OK, "approved", "denied"), (status, decided.GetProperty("state").GetString(), denied.GetProperty("state").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(first)).Status);
        (await agent.CompleteAsync(second)).ShouldBe(403, "approval_denied");
    }

    [Theory]
    [InlineData("/v1/test/clock", """{"advance":"PT30M"}""")]
    [InlineData("/v1/test/grants", """{"authorization_details":[{"type":"purchase_mandate","actions":["purchase"],"currency":"USD","limits":{"per_order":1,"total":1}}]}""")]
    [InlineData("/v1/test/approvals/apr_1/approve", null)]
    [InlineData("/v1/test/approvals/apr_1/deny", null)]
    public async Task Live_credentials_try_nothing_out(string path, string? body)
    {
        var live = await shop.GrantAsync();

        (await shop.SendAsync(HttpMethod.Post, path, live.Token, body)).ShouldBe(403, "test_mode_only");
        (await shop.SendAsync(HttpMethod.Post, path, GatewayFixture.AdminToken, body)).ShouldBe(403, "test_mode_only");
    }

    [Fact]
    public async Task A_test_client_changes_nothing_of_the_catalogue_or_the_shop()
    {
        var client = await shop.TestClientAsync("tester-staff", "staff", "checkout");

        (await shop.SendAsync(HttpMethod.Put, "/v1/shop", client, "{}")).ShouldBe(403, "forbidden");
        (await shop.SendAsync(HttpMethod.Post, "/v1/grants", client, "{}")).ShouldBe(403, "forbidden");
    }

    [Fact]
    public async Task A_client_that_registers_itself_for_tests_needs_no_person()
    {
        using var content = new StringContent("""{"client_name":"Try","test_mode":true,"grant_types":["client_credentials"],"scope":"catalog:read checkout"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await shop.Client.PostAsync(new Uri("/oauth/register", UriKind.Relative), content);
        var registered = await GatewayFixture.ReadJsonAsync(answer);

        Assert.True(answer.StatusCode == HttpStatusCode.Created, registered.GetRawText());
        Assert.True(registered.GetProperty("test_mode").GetBoolean());
        var token = await shop.TokenOfAsync(registered.GetProperty("client_id").GetString()!, registered.GetProperty("client_secret").GetString()!, "catalog:read");
        var claims = JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));
        Assert.True(claims.GetProperty("test_mode").GetBoolean());
        var agent = await shop.TestGrantAsync(token);
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(await agent.OpenSessionAsync(await shop.AddProductAsync(price: 1_000)))).Status);
    }

    [Fact]
    public async Task Test_purchases_are_no_demand()
    {
        var agent = await shop.TestGrantAsync(await shop.TestClientAsync("tester-demand"));
        var product = await shop.AddProductAsync(price: 1_000);

        await agent.CompleteAsync(await agent.OpenSessionAsync(product));
        var live = await shop.GrantAsync();
        await live.CompleteAsync(await live.OpenSessionAsync(product));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await shop.CountAsync("telemetry.demand_events", "product_id = @product", new { product }) == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        // The test order came first.
        Assert.Equal(1, await shop.CountAsync("telemetry.demand_events", "product_id = @product", new { product }));
    }

    private async Task<IReadOnlyList<string>> OrdersAsync(string token) =>
        [.. (await shop.SendAsync(HttpMethod.Get, "/v1/orders?size=100", token)).Body.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("id").GetString()!)];
}
