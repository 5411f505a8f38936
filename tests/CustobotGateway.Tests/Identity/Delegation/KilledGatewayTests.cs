using System.Net;
using System.Text;
using CustobotGateway.Tests.Checkout;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>Two gateways on one database, one of them a process of its own that is killed between holding the budget and charging.</summary>
public sealed class KilledGatewayTests(LedgerFixture shop) : IClassFixture<LedgerFixture>
{
    private const int HoldSeconds = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task What_a_killed_gateway_held_is_free_again_when_the_hold_expires()
    {
        var product = await shop.AddProductAsync(price: 100, stock: 5);
        var agent = await shop.GrantAsync("\"limits\":{\"total\":100}");
        var (killed, second) = (await agent.OpenSessionAsync(product), await agent.OpenSessionAsync(product));
        await using var gateway = await GatewayProcess.StartAsync(shop.ConnectionString, "hold_committed", new Dictionary<string, string>
        {
            ["Identity__Delegation__HoldSeconds"] = HoldSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Checkout__Payments__ProviderSeconds"] = "1",
            ["Checkout__Payments__LeaseSeconds"] = "20",
        });
        using var client = gateway.NewClient(agent.Token);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PostAsync($"/v1/checkout_sessions/{killed}/complete",
            new StringContent("""{"payment":{"handler":"sandbox","token":"tok_visa"}}""", Encoding.UTF8, "application/json")));

        await gateway.WaitUntilDeadAsync();
        var budget = await agent.RemainingAsync();
        Assert.Equal((100, 0, 0), (budget.GetProperty("held").GetInt64(), budget.GetProperty("spent").GetInt64(), budget.GetProperty("remaining").GetInt64()));
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.CompleteAsync(second)).Status);
        (await agent.CompleteAsync(killed)).ShouldBe(409, "payment_in_progress");

        shop.Clock.Advance(TimeSpan.FromSeconds(HoldSeconds));

        Assert.Equal(100, (await agent.RemainingAsync()).GetProperty("remaining").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(second)).Status);
        // Once nobody can be at work on it any more, what became of the payment is found out: nothing.
        using var patience = new CancellationTokenSource(Patience);
        while ((await agent.CompleteAsync(killed)).Status != HttpStatusCode.Forbidden)
        {
            await Task.Delay(100, patience.Token);
        }
        Assert.Equal(4, await shop.StockOfAsync(product));
        Assert.Equal(0, await shop.CountAsync("catalog.stock_holds", "reservation = @killed", new { killed }));
    }
}
