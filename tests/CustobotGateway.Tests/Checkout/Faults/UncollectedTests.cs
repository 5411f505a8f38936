using System.Net;

namespace CustobotGateway.Tests.Checkout.Faults;

/// <summary>A provider that held the money and does not take it.</summary>
public sealed class UncollectedTests(FaultFixture shop) : IClassFixture<FaultFixture>
{
    [Fact]
    public async Task An_order_that_is_not_charged_is_canceled_and_everything_goes_back()
    {
        var product = await shop.AddProductAsync(price: 20_000, stock: 5);
        var agent = await shop.GrantAsync(perOrder: 50_000, total: 50_000);
        var session = await agent.OpenSessionAsync(product);

        var (status, completed) = await FaultFixture.CompleteUntilKnownAsync(agent, session, "once", "tok_capture_fails");
        await shop.WaitUntilSettledAsync(session);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(0, await shop.ChargesOfAsync(session));
        Assert.Equal(5, await shop.StockOfAsync(product));
        Assert.Equal(50_000, (await agent.RemainingAsync()).GetProperty("remaining").GetInt64());
        var (_, order) = await agent.GetAsync("/v1/orders/" + completed.GetProperty("order").GetProperty("id").GetString());
        Assert.All(order.GetProperty("line_items").EnumerateArray(), line => Assert.Equal("removed", line.GetProperty("status").GetString()));
        Assert.Equal(1, await shop.CountAsync("checkout.cancellations", "reason = 'payment_failed'", new { }));
    }
}
