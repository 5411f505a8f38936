using System.Net;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Tests.Checkout.Orders;

/// <summary>A shop in which something was bought, and the merchant's own system.</summary>
public class OrderFixture : ShopFixture
{
    /// <summary>Buys, and answers what was bought.</summary>
    public async Task<Bought> BuyAsync(int quantity = 1, long price = 20_000, int stock = 100, Agent? by = null)
    {
        var product = await AddProductAsync(price: price, stock: stock);
        return await BuyAsync(by ?? await GrantAsync(perOrder: 50_000_000, total: 500_000_000), (product, quantity));
    }

    /// <summary>Buys several products in one order.</summary>
    public async Task<Bought> BuyAsync(Agent agent, params (string Product, int Quantity)[] lines)
    {
        var items = string.Join(",", lines.Select(line => $$"""{"product_id":"{{line.Product}}","quantity":{{line.Quantity}}}"""));
        var (_, session) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{{items}}]}""");
        var sessionId = session.GetProperty("id").GetString()!;
        var (status, completed) = await agent.CompleteAsync(sessionId);
        Assert.True(status == HttpStatusCode.OK, completed.GetRawText());
        return new Bought(this, agent, completed.GetProperty("order").GetProperty("id").GetString()!, sessionId, lines[0].Product);
    }

    /// <summary>The merchant's system writes.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> WriteAsync(string path, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        using var answer = await Admin.SendAsync(request);
        return (answer.StatusCode, await ReadJsonAsync(answer));
    }

    /// <summary>The merchant's system reads.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ReadAsync(string path)
    {
        using var answer = await Admin.GetAsync(path);
        return (answer.StatusCode, await ReadJsonAsync(answer));
    }
}

/// <summary>An order in a test.</summary>
public sealed record Bought(OrderFixture Shop, Agent Agent, string Id, string SessionId, string Product)
{
    public string Path => "/v1/orders/" + Id;

    public async Task<JsonElement> ReadAsync()
    {
        var (status, order) = await Agent.GetAsync(Path);
        Assert.Equal(HttpStatusCode.OK, status);
        return order;
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> ShipAsync(string body = "{}", string? key = null) => Shop.WriteAsync(Path + "/shipments", body, key);

    public Task<(HttpStatusCode Status, JsonElement Body)> TellAsync(string shipment, string body) => Shop.WriteAsync($"{Path}/shipments/{shipment}/events", body);

    /// <summary>Ships and delivers; the shipment's id.</summary>
    public async Task<string> DeliverAsync(string body = "{}")
    {
        var (status, shipment) = await ShipAsync(body);
        Assert.True(status == HttpStatusCode.Created, shipment.GetRawText());
        var id = shipment.GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await TellAsync(id, """{"type":"delivered"}""")).Status);
        return id;
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> RefundAsync(string body, string? key = null) => Shop.WriteAsync(Path + "/refunds", body, key);

    /// <summary>What is left of the budget.</summary>
    public async Task<long> SpentAsync() => (await Agent.RemainingAsync()).GetProperty("spent").GetInt64();

    /// <summary>Wanted, shipped, delivered, canceled and returned pieces of a line, and its status.</summary>
    public static (int Total, int Fulfilled, int Delivered, int Canceled, int Returned, string Status) LineOf(JsonElement order, int index = 0)
    {
        var line = order.GetProperty("line_items")[index];
        int Of(string name) => line.GetProperty("quantities").GetProperty(name).GetInt32();
        return (Of("total"), Of("fulfilled"), Of("delivered"), Of("canceled"), Of("returned"), line.GetProperty("status").GetString()!);
    }
}
