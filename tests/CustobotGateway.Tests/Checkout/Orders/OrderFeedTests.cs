using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Tests.Checkout.Orders;

/// <summary>A back office reads all that happens, loses nothing, and goes on where it was.</summary>
public sealed class OrderFeedTests(OrderFeedTests.Shop shop) : IClassFixture<OrderFeedTests.Shop>
{
    public sealed class Shop : OrderFixture;

    [Fact]
    public async Task The_feed_tells_what_happened_and_goes_on_where_it_was_acknowledged()
    {
        var order = await shop.BuyAsync();
        await order.DeliverAsync();

        var seen = new List<JsonElement>();
        string? after = null;
        for (var more = true; more;)
        {
            var (status, page) = await shop.ReadAsync("/v1/order_feed?limit=1" + (after is null ? "" : "&after=" + after));
            Assert.Equal(HttpStatusCode.OK, status);
            seen.AddRange(page.GetProperty("entries").EnumerateArray());
            (after, more) = (page.GetProperty("next").GetString(), page.GetProperty("more").GetBoolean());
        }

        var mine = seen.Where(entry => entry.GetProperty("order").GetProperty("id").GetString() == order.Id).ToList();
        Assert.Equal(["order.placed", "order.shipped", "order.delivered"], mine.Select(entry => entry.GetProperty("type").GetString()));
        Assert.Equal([1, 2, 3], mine.Select(entry => entry.GetProperty("version").GetInt32()));
        Assert.All(mine, entry => Assert.Equal("fulfilled", entry.GetProperty("order").GetProperty("status").GetString()));

        var (acknowledged, _) = await shop.WriteAsync("/v1/order_feed/acknowledgements", $$"""{"cursor":"{{after}}"}""");
        Assert.Equal(HttpStatusCode.OK, acknowledged);
        Assert.Empty((await shop.ReadAsync("/v1/order_feed")).Body.GetProperty("entries").EnumerateArray());
        var next = await shop.BuyAsync();
        var (_, rest) = await shop.ReadAsync("/v1/order_feed");
        Assert.Equal([next.Id], rest.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("order").GetProperty("id").GetString()));

        // Back to the middle: an entry's own cursor goes on right after it.
        var (_, behind) = await shop.ReadAsync("/v1/order_feed?after=" + mine[1].GetProperty("cursor").GetString());
        Assert.Equal("order.delivered", behind.GetProperty("entries")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task An_order_that_commits_late_is_not_lost()
    {
        var first = await shop.BuyAsync();
        string cursor;
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            // Its position is handed out now, and it commits after others have been read.
            await using var transaction = await connection.BeginTransactionAsync();
            await CustobotGateway.Common.Events.EventLog.AppendAsync(transaction, first.Id, "test", DateTimeOffset.UnixEpoch,
                new CustobotGateway.Checkout.Orders.OrderRefundFailed("late", "grt", "ref", new(1, "USD"), "late"), CancellationToken.None);
            await shop.BuyAsync();
            cursor = (await shop.ReadAsync("/v1/order_feed?limit=100")).Body.GetProperty("next").GetString()!;
            await transaction.CommitAsync();
        }

        var (_, page) = await shop.ReadAsync("/v1/order_feed?after=" + cursor);

        Assert.Contains(page.GetProperty("entries").EnumerateArray(), entry => entry.GetProperty("actor").GetString() == "test");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%00")]
    [InlineData("{}")]
    [InlineData("""{"f":"1:1:","p":-1}""")]
    [InlineData("""{"f":"5:1:","p":0}""")]
    [InlineData("""{"f":"1:9:3,2","p":0}""")]
    [InlineData("""{"f":"1:9:10","p":0}""")]
    [InlineData("""{"f":"1:9:'","p":0}""")]
    [InlineData("""{"f":"99999999999999999999:99999999999999999999:","p":0}""")]
    [InlineData("""{"f":"1:1:","u":"2","p":0}""")]
    public async Task A_cursor_that_is_none_is_refused(string text)
    {
        var cursor = text.StartsWith('{') ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text)) : text;

        (await shop.ReadAsync("/v1/order_feed?after=" + cursor)).ShouldBe(400, "invalid_request");
        (await shop.WriteAsync("/v1/order_feed/acknowledgements", JsonSerializer.Serialize(new { cursor }))).ShouldBe(400, "invalid_request");
    }

    [Fact]
    public async Task The_feed_is_the_merchants()
    {
        var agent = await shop.GrantAsync();

        (await agent.GetAsync("/v1/order_feed")).ShouldBe(403, "insufficient_scope");
        (await agent.PostAsync("/v1/order_feed/acknowledgements", """{"cursor":"x"}""")).ShouldBe(403, "insufficient_scope");
        (await shop.ReadAsync("/v1/order_feed?limit=0")).ShouldBe(400, "invalid_request");
        (await shop.ReadAsync("/v1/order_feed?limit=101")).ShouldBe(400, "invalid_request");
    }
}
