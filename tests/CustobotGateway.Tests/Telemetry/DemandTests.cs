using System.Net;
using System.Text.Json;
using CustobotGateway.Tests.Checkout;

namespace CustobotGateway.Tests.Telemetry;

/// <summary>What was wanted reaches the merchant within a second of the commit.</summary>
public sealed class DemandTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task An_order_of_two_products_is_two_events_each_once()
    {
        var monitor = await shop.AddProductAsync(price: 20_000);
        var cable = await shop.AddProductAsync(price: 999);
        var agent = await shop.GrantAsync();
        var (_, session) = await agent.PostAsync("/v1/checkout_sessions",
            $$"""{"line_items":[{"product_id":"{{monitor}}","quantity":1},{"product_id":"{{cable}}","quantity":3}]}""");
        await agent.CompleteAsync(session.GetProperty("id").GetString()!);

        var events = await DemandLog.WaitForAsync(shop.Admin, 2, demand => demand.GetProperty("product_id").GetString() is { } id && (id == monitor || id == cable));

        Assert.Equal([("demand.order", monitor, 1, 20_000), ("demand.order", cable, 3, 2_997)], events.Select(demand => (
            demand.GetProperty("type").GetString()!, demand.GetProperty("product_id").GetString()!,
            demand.GetProperty("quantity").GetInt32(), demand.GetProperty("value").GetProperty("amount").GetInt32())));
        Assert.All(events, demand => Assert.True(
            demand.GetProperty("recorded_at").GetDateTimeOffset() - demand.GetProperty("at").GetDateTimeOffset() < TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task The_list_is_paged_by_a_cursor_that_goes_on_later()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        await agent.OfferAsync(product, 18_500);
        await agent.OfferAsync(product, 18_600);
        await DemandLog.WaitForAsync(shop.Admin, 2, demand => demand.GetProperty("product_id").GetString() == product);

        var ids = new List<string>();
        string? after = null;
        for (var page = 0; page < 100; page++)
        {
            var body = await shop.Admin.GetStringAsync($"/v1/demand/events?size=1{(after is null ? "" : "&after=" + after)}");
            var read = JsonElement.Parse(body);
            after = read.GetProperty("page").GetProperty("next").GetString();
            if (read.GetProperty("events").GetArrayLength() == 0)
            {
                break;
            }
            ids.Add(read.GetProperty("events")[0].GetProperty("id").GetString()!);
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal).Distinct(), ids);
        Assert.Equal(ids[^1], after);
    }

    [Theory]
    [InlineData("?after=17", "?after")]
    [InlineData("?size=0", "?size")]
    [InlineData("?size=501", "?size")]
    [InlineData("?size=many", "?size")]
    public async Task A_wrong_parameter_is_named(string query, string pointer)
    {
        using var answer = await shop.Admin.GetAsync("/v1/demand/events" + query);
        var problem = await Common.GatewayFixture.ReadJsonAsync(answer);

        (answer.StatusCode, problem).ShouldBe(400, "invalid_request");
        Assert.Equal(pointer, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Demand_is_for_the_administrator_only()
    {
        using var anonymous = await shop.Client.GetAsync("/v1/demand/events");
        var agent = await shop.GrantAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        (await agent.GetAsync("/v1/demand/events")).ShouldBe(403, "insufficient_scope");
    }
}

/// <summary>Reads the demand log as a purchasing system would: from a cursor, until what is waited for has come.</summary>
public static class DemandLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<JsonElement>> WaitForAsync(HttpClient administrator, int count, Func<JsonElement, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var page = JsonElement.Parse(await administrator.GetStringAsync("/v1/demand/events?size=500", patience.Token));
            var found = page.GetProperty("events").EnumerateArray().Where(wanted).ToList();
            if (found.Count >= count)
            {
                return found;
            }
            await Task.Delay(20, patience.Token);
        }
    }
}
