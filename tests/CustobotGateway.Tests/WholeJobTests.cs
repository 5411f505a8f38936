using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Console;
using CustobotGateway.Tests.Telemetry;

namespace CustobotGateway.Tests;

/// <summary>
/// What the gateway is for, once from end to end: every step over HTTP, with PostgreSQL behind it. Each step may become richer;
/// none may break this.
/// </summary>
public sealed class WholeJobTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Whole_job()
    {
        await gateway.WaitUntilReadyAsync();
        // A merchant has three monitors, of which one is what the agent will ask for.
        var wanted = await PutMonitorAsync("mon-fast", "Aster 27 Fast", hertz: 165, panel: "IPS", price: 24_900);
        await PutMonitorAsync("mon-slow", "Aster 27 Office", hertz: 60, panel: "IPS", price: 15_900);
        await PutMonitorAsync("mon-dear", "Aster 27 Studio", hertz: 165, panel: "IPS", price: 74_900);
        await SetStockAsync(wanted, 10);

        // An agent that has never seen this shop searches.
        var found = await SearchUntilAsync(wanted, """
            { "query": "aster",
              "must": [ {"attribute":"refresh_rate","op":"gte","value":144,"unit":"Hz"},
                        {"attribute":"panel_type","op":"in","values":["IPS","OLED"]},
                        {"attribute":"price","op":"lte","value":{"amount":30000,"currency":"USD"}} ],
              "select": ["name","price"] }
            """);
        Assert.Equal(24_900, found.GetProperty("attributes").GetProperty("price").GetProperty("amount").GetInt64());
        Assert.Equal("Aster 27 Fast", found.GetProperty("attributes").GetProperty("name").GetString());

        // A person's mandate, held by a token: 600.00 an order, 1,000.00 in all.
        var agent = await GrantAsync(perOrder: 60_000, total: 100_000);

        // One round of bargaining about two of them.
        var (opened, negotiation) = await agent.OfferAsync(found.GetProperty("id").GetString()!, 23_000, quantity: 2);
        Assert.Equal(HttpStatusCode.Created, opened);
        var offered = negotiation.GetProperty("standing_offer").GetProperty("terms").GetProperty("unit_price").GetInt64();
        Assert.InRange(offered, 23_000, 24_899);
        var (accepted, agreed) = await agent.AcceptAsync(negotiation);
        Assert.Equal(HttpStatusCode.OK, accepted);
        Assert.Equal("agreed", agreed.GetProperty("state").GetString());
        var quote = agreed.GetProperty("quote").GetProperty("id").GetString()!;

        // The quote is paid at the agreed price, once, however often the agent asks.
        var (_, session) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"quote_id":"{{quote}}"}""", key: "session");
        var sessionId = session.GetProperty("id").GetString()!;
        Assert.Equal("ready_for_complete", session.GetProperty("status").GetString());
        var (paid, completed) = await agent.CompleteAsync(sessionId, "tok_visa", key: "payment");
        var (_, repeated) = await agent.CompleteAsync(sessionId, "tok_visa", key: "payment");
        Assert.Equal(HttpStatusCode.OK, paid);
        Assert.Equal("completed", completed.GetProperty("status").GetString());
        var order = completed.GetProperty("order").GetProperty("id").GetString()!;
        Assert.StartsWith("ord_", order, StringComparison.Ordinal);
        Assert.Equal(order, repeated.GetProperty("order").GetProperty("id").GetString());
        var (_, read) = await agent.GetAsync($"/v1/orders/{order}");
        Assert.Equal(2 * offered, TotalOf(read));

        // The budget and the order agree to the cent.
        var (_, budget) = await agent.GetAsync($"/v1/grants/{agent.GrantId}/remaining");
        Assert.Equal(100_000 - (2 * offered), budget.GetProperty("remaining").GetInt64());

        // The merchant's purchasing learns of it.
        var demand = Assert.Single(await DemandLog.WaitForAsync(gateway.Admin, 1, entry =>
            entry.GetProperty("type").GetString() == "demand.order" && entry.GetProperty("source").GetString() == order));
        Assert.Equal((wanted, 2), (demand.GetProperty("product_id").GetString(), demand.GetProperty("quantity").GetInt32()));

        // Staff see the order, the negotiation and the demand on one page.
        using var browser = new StaffBrowser(gateway.BaseUrl);
        using var login = await browser.LogInAsync(GatewayFixture.AdminToken);
        var page = await browser.Http.GetStringAsync("/staff");
        Assert.Contains(order, page, StringComparison.Ordinal);
        Assert.Contains(negotiation.GetProperty("id").GetString()!, page, StringComparison.Ordinal);
        Assert.Contains("Aster 27 Fast", page, StringComparison.Ordinal);
        Assert.Contains("demand.order", page, StringComparison.Ordinal);

        // The delegation ends, and with it everything.
        using var revoked = await gateway.Admin.DeleteAsync($"/v1/grants/{agent.GrantId}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await agent.OfferAsync(wanted, 23_000)).Status);
    }

    private async Task<string> PutMonitorAsync(string key, string name, int hertz, string panel, long price)
    {
        using var answer = await gateway.Admin.PutAsJsonAsync($"/v1/products/external_id:{key}", new
        {
            attributes = new
            {
                name,
                brand = "Aster",
                category = "monitor",
                price = new { amount = price, currency = "USD" },
                unit_cost = new { amount = price * 7 / 10, currency = "USD" },
                refresh_rate = new { value = hertz, unit = "Hz" },
                panel_type = panel,
            },
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("id").GetString()!;
    }

    private async Task SetStockAsync(string product, int onHand)
    {
        using var answer = await gateway.Admin.PostAsJsonAsync("/v1/inventory:batch", new { stock = new[] { new { product_id = product, location = "main", on_hand = onHand } } });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>The only hit, once the index has followed the catalogue.</summary>
    private async Task<JsonElement> SearchUntilAsync(string product, string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var answer = await gateway.Client.PostAsync("/v1/products/search", new StringContent(request, System.Text.Encoding.UTF8, "application/json"), patience.Token);
            var result = await GatewayFixture.ReadJsonAsync(answer);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (result.GetProperty("total").GetInt32() > 0)
            {
                var hit = Assert.Single(result.GetProperty("products").EnumerateArray());
                Assert.Equal(product, hit.GetProperty("id").GetString());
                return hit;
            }
            await Task.Delay(20, patience.Token);
        }
    }

    private async Task<Agent> GrantAsync(long perOrder, long total)
    {
        using var answer = await gateway.Admin.PostAsJsonAsync("/v1/grants", new
        {
            client_id = "purchasing-bot",
            person = "buyer@example.com",
            authorization_details = new[] { new { type = "purchase_mandate", actions = new[] { "quote", "purchase" }, currency = "USD", limits = new { per_order = perOrder, total } } },
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var grant = await GatewayFixture.ReadJsonAsync(answer);
        return new Agent(gateway, grant.GetProperty("id").GetString()!, grant.GetProperty("token").GetString()!);
    }

    private static long TotalOf(JsonElement order) => order.GetProperty("totals").EnumerateArray()
        .Single(total => total.GetProperty("type").GetString() == "total").GetProperty("amount").GetInt64();
}
