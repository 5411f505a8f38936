using System.Text.Json;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.GraphQLDoor.Operations;

/// <summary>What an agent does from the search to the return, once, through GraphQL alone.</summary>
public sealed class PurchaseTests(BuyingFixture shop) : IClassFixture<BuyingFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_agent_finds_buys_asks_and_sends_back()
    {
        await shop.AddProductAsync(price: 12_345, stock: 5, name: "Perigee telescope");
        var agent = await shop.GrantAsync(perOrder: 100_000, total: 200_000);
        var product = await FindAsync("perigee");

        var cart = await shop.DoOneAsync(agent.Token, "mutation($p: ID!) { createCart(input: { lineItems: [{ productId: $p, quantity: 2 }] }) { id totals { type amount } } }", new { p = product });
        var policy = await shop.DoOneAsync(agent.Token, "query($p: ID!) { returnPolicy(productId: $p) { windowDays reasons { code returnable } } }", new { p = product });
        var session = await shop.DoOneAsync(agent.Token, "mutation($c: ID!) { openCheckoutSession(input: { cartId: $c }) { id status } }", new { c = cart.GetProperty("id") });
        var id = session.GetProperty("id").GetString();
        var updated = await shop.DoOneAsync(agent.Token,
            """mutation($id: ID!) { updateCheckoutSession(id: $id, input: { buyer: { email: "a@example.com" }, attribution: { campaign_id: "spring" } }) { status buyer { email } attribution cartId } }""", new { id });
        var handlers = await shop.DoOneAsync(agent.Token, "{ paymentHandlers { paymentHandlers { handler isTest } } }");
        var completed = await shop.DoOneAsync(agent.Token, Documents.Complete, new { id });
        var order = completed.GetProperty("session").GetProperty("order").GetProperty("id").GetString()!;

        Assert.Equal("READY_FOR_COMPLETE", updated.GetProperty("status").GetString());
        Assert.Equal(("a@example.com", "spring"), (updated.GetProperty("buyer").GetProperty("email").GetString(), updated.GetProperty("attribution").GetProperty("campaign_id").GetString()));
        Assert.Contains("UNWANTED", policy.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("code").GetString()));
        Assert.Contains("sandbox", handlers.GetProperty("paymentHandlers").EnumerateArray().Select(handler => handler.GetProperty("handler").GetString()));
        Assert.Equal(("COMPLETED", JsonValueKind.Null), (completed.GetProperty("session").GetProperty("status").GetString(), completed.GetProperty("waiting").ValueKind));

        // The merchant's system ships and tells that it arrived.
        var shipment = await shop.DoOneAsync(GatewayFixture.AdminToken, """mutation($id: ID!) { shipOrder(id: $id, input: { carrier: "Parcel" }) { id state } }""", new { id = order });
        await shop.DoOneAsync(GatewayFixture.AdminToken, "mutation($id: ID!, $s: ID!) { addShipmentEvent(id: $id, shipmentId: $s, input: { type: DELIVERED }) { state } }",
            new { id = order, s = shipment.GetProperty("id") });
        var asked = await shop.DoOneAsync(agent.Token, """mutation($id: ID!) { openCase(id: $id, input: { subject: "It arrived broken", text: "The lens is cracked." }) { id kind state proposals { action } } }""", new { id = order });
        var back = await shop.DoOneAsync(agent.Token,
            """mutation($id: ID!) { requestReturn(id: $id, input: { lineItems: [{ id: "li_1", quantity: 1 }], reason: DAMAGED }) { id state decision { reasons { code } } } }""", new { id = order });
        await shop.DoOneAsync(GatewayFixture.AdminToken, "mutation($id: ID!, $r: ID!) { receiveReturn(id: $id, returnId: $r, input: {}) { state } }", new { id = order, r = back.GetProperty("id") });
        var closed = await shop.DoOneAsync(agent.Token, "mutation($id: ID!) { resolveCase(id: $id, input: { code: WITHDRAWN }) { state resolution { code by } } }", new { id = asked.GetProperty("id") });

        Assert.Equal(("DAMAGED", "OPEN"), (asked.GetProperty("kind").GetString(), asked.GetProperty("state").GetString()));
        Assert.Equal("APPROVED", back.GetProperty("state").GetString());
        Assert.Equal("CLOSED", closed.GetProperty("state").GetString());

        var (_, rest) = await agent.GetAsync($"/v1/orders/{order}");
        var end = await shop.DoAsync(agent.Token, """
            query($id: ID!, $grant: ID!) {
              order(id: $id) { id status placedAt lineItems { productId quantities { original delivered returned } } totals { type amount } adjustments { type status totals { amount } } fulfillment { events { type } } }
              orders(status: FULFILLED) { orders { id } page { next } } returns(orderId: $id) { returns { state } } cases(orderId: $id) { cases { state } } grant(id: $grant) { remaining }
            }
            """, new { id = order, grant = agent.GrantId });

        var read = end.GetProperty("order");
        Assert.Equal((2, 2, 1), (Quantity("original"), Quantity("delivered"), Quantity("returned")));
        Assert.Equal(rest.GetProperty("placed_at").GetString(), read.GetProperty("placedAt").GetString());
        Assert.Equal(24_690, read.GetProperty("totals").EnumerateArray().Single(total => total.GetProperty("type").GetString() == "TOTAL").GetProperty("amount").GetInt64());
        Assert.Contains(read.GetProperty("adjustments").EnumerateArray(), one => one.GetProperty("type").GetString() == "return" || one.GetProperty("type").GetString() == "refund");
        Assert.Equal(order, end.GetProperty("orders").GetProperty("orders")[0].GetProperty("id").GetString());
        Assert.Equal(1, end.GetProperty("returns").GetProperty("returns").GetArrayLength());
        Assert.Equal("CLOSED", end.GetProperty("cases").GetProperty("cases")[0].GetProperty("state").GetString());
        // One of two was paid back: 24,690 less 12,345.
        Assert.Equal(12_345, end.GetProperty("grant").GetProperty("remaining").GetProperty("spent").GetInt64());

        int Quantity(string name) => read.GetProperty("lineItems")[0].GetProperty("quantities").GetProperty(name).GetInt32();
    }

    private async Task<string> FindAsync(string word)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var found = (await shop.AskAsync(GatewayFixture.AdminToken, "query($w: String) { products(query: $w) { nodes { id } } }", new { w = word })).GetProperty("data").GetProperty("products").GetProperty("nodes");
            if (found.GetArrayLength() > 0)
            {
                return found[0].GetProperty("id").GetString()!;
            }
            await Task.Delay(20, patience.Token);
        }
    }
}
