using System.Net;
using System.Text.Json;
using CustobotGateway.Common.Events;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Checkout.Orders;

/// <summary>What has left, what has arrived, and that nothing leaves twice.</summary>
public sealed class ShipmentTests(OrderFixture shop) : IClassFixture<OrderFixture>
{
    [Fact]
    public async Task An_order_tells_what_of_it_was_shipped_and_delivered()
    {
        var order = await shop.BuyAsync(quantity: 5);

        Assert.Equal((5, 0, 0, 0, 0, "processing"), Bought.LineOf(await order.ReadAsync()));
        var (status, shipment) = await order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":2}],"carrier":"Parcel Service","tracking_number":"PS1","tracking_url":"https://parcels.example/PS1","promise":{"latest":"2040-01-02T00:00:00Z"}}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal((5, 2, 0, 0, 0, "partial"), Bought.LineOf(await order.ReadAsync()));
        await order.TellAsync(shipment.GetProperty("id").GetString()!, """{"type":"in_transit","description":"On the road"}""");
        await order.TellAsync(shipment.GetProperty("id").GetString()!, """{"type":"delivered"}""");
        await order.ShipAsync();

        var whole = await order.ReadAsync();
        Assert.Equal((5, 5, 2, 0, 0, "fulfilled"), Bought.LineOf(whole));
        Assert.Equal("fulfilled", whole.GetProperty("status").GetString());
        var events = whole.GetProperty("fulfillment").GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(["shipped", "in_transit", "delivered", "shipped"], events.Select(one => one.GetProperty("type").GetString()));
        Assert.All(events.Take(3), one => Assert.Equal(("PS1", 2), (one.GetProperty("tracking_number").GetString(), one.GetProperty("line_items")[0].GetProperty("quantity").GetInt32())));
        var promise = Assert.Single(whole.GetProperty("fulfillment").GetProperty("expectations").EnumerateArray());
        Assert.Equal(new DateTimeOffset(2040, 1, 2, 0, 0, 0, TimeSpan.Zero), promise.GetProperty("latest").GetDateTimeOffset());
    }

    [Fact]
    public async Task What_the_members_of_an_order_meant_before_they_still_mean()
    {
        var order = await (await shop.BuyAsync(quantity: 3, price: 1_000)).ReadAsync();

        Assert.Equal((3, 1_000, 3_000), (order.GetProperty("line_items")[0].GetProperty("quantity").GetInt32(), order.GetProperty("line_items")[0].GetProperty("unit_price").GetInt32(),
            order.GetProperty("totals").EnumerateArray().Last().GetProperty("amount").GetInt32()));
        Assert.Empty(order.GetProperty("adjustments").EnumerateArray());
    }

    [Fact]
    public async Task Never_more_is_shipped_than_was_ordered()
    {
        var order = await shop.BuyAsync(quantity: 3);
        await order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":2}]}""");

        var more = await order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":2}]}""");
        more.ShouldBe(409, "quantity_unavailable");
        Assert.Equal("/line_items/0/quantity", more.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        await order.ShipAsync();
        (await order.ShipAsync()).ShouldBe(409, "quantity_unavailable");
    }

    [Fact]
    public async Task Of_ten_shipments_at_once_only_as_many_leave_as_were_ordered()
    {
        var order = await shop.BuyAsync(quantity: 4);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":1}]}""")));

        Assert.Equal(4, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.ShouldBe(409, "quantity_unavailable"));
        Assert.Equal((4, 4, 0, 0, 0, "fulfilled"), Bought.LineOf(await order.ReadAsync()));
    }

    [Fact]
    public async Task The_same_shipment_under_the_merchants_own_name_is_made_once()
    {
        var order = await shop.BuyAsync(quantity: 4);
        const string body = """{"line_items":[{"id":"li_1","quantity":2}],"external_id":"DN-1"}""";

        var first = await order.ShipAsync(body);
        var second = await order.ShipAsync(body);

        Assert.Equal(first.Body.GetProperty("id").GetString(), second.Body.GetProperty("id").GetString());
        Assert.Equal(2, Bought.LineOf(await order.ReadAsync()).Fulfilled);
        (await order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":1}],"external_id":"DN-1"}""")).ShouldBe(409, "external_id_reused");
    }

    [Fact]
    public async Task A_key_that_is_repeated_ships_once()
    {
        var order = await shop.BuyAsync(quantity: 4);

        var first = await order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":1}]}""", key: "ship");
        var second = await order.ShipAsync("""{"line_items":[{"id":"li_1","quantity":1}]}""", key: "ship");

        Assert.Equal(first.Body.GetRawText(), second.Body.GetRawText());
        Assert.Equal(1, Bought.LineOf(await order.ReadAsync()).Fulfilled);
    }

    [Fact]
    public async Task What_came_back_to_the_merchant_can_be_shipped_again()
    {
        var order = await shop.BuyAsync(quantity: 2);
        var (_, shipment) = await order.ShipAsync();
        var id = shipment.GetProperty("id").GetString()!;

        Assert.Equal(HttpStatusCode.OK, (await order.TellAsync(id, """{"type":"returned_to_sender"}""")).Status);
        Assert.Equal((2, 0, 0, 0, 0, "processing"), Bought.LineOf(await order.ReadAsync()));
        (await order.TellAsync(id, """{"type":"delivered"}""")).ShouldBe(409, "shipment_closed");
        Assert.Equal(HttpStatusCode.Created, (await order.ShipAsync()).Status);
    }

    [Fact]
    public async Task A_delivered_shipment_stays_delivered()
    {
        var order = await shop.BuyAsync();
        var shipment = await order.DeliverAsync();

        (await order.TellAsync(shipment, """{"type":"returned_to_sender"}""")).ShouldBe(409, "shipment_closed");
        (await order.TellAsync(shipment, """{"type":"delivered"}""")).ShouldBe(409, "shipment_closed");
        Assert.Equal(1, Bought.LineOf(await order.ReadAsync()).Delivered);
    }

    [Theory]
    [InlineData("""{"line_items":[]}""", "/line_items")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":0}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":-1}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":1.5}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":99999999999}]}""", "/line_items/0/quantity")]
    [InlineData("""{"line_items":[{"id":"li_1","quantity":1},{"id":"li_1","quantity":1}]}""", "/line_items")]
    [InlineData("""{"line_items":[null]}""", "/line_items")]
    [InlineData("""{"tracking_url":"javascript:alert(1)"}""", "/tracking_url")]
    [InlineData("""{"tracking_url":"/relative"}""", "/tracking_url")]
    [InlineData("""{"carrier":""}""", "/carrier")]
    [InlineData("""{"promise":{"earliest":"2040-01-02T00:00:00Z","latest":"2040-01-01T00:00:00Z"}}""", "/promise")]
    [InlineData("""{"price":1}""", "/price")]
    public async Task A_malformed_shipment_names_the_member(string body, string pointer)
    {
        var order = await shop.BuyAsync();

        var answer = await order.ShipAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, pointer), (answer.Status, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString()));
    }

    [Theory]
    [InlineData("""{"type":"shipped"}""", "/type")]
    [InlineData("""{"type":"eaten"}""", "/type")]
    [InlineData("{}", "/type")]
    [InlineData("""{"type":"delivered","occurred_at":"2001-01-01T00:00:00Z"}""", "/occurred_at")]
    [InlineData("""{"type":"delivered","occurred_at":"2999-01-01T00:00:00Z"}""", "/occurred_at")]
    public async Task A_malformed_event_names_the_member(string body, string pointer)
    {
        var order = await shop.BuyAsync();
        var (_, shipment) = await order.ShipAsync();

        var answer = await order.TellAsync(shipment.GetProperty("id").GetString()!, body);

        Assert.Equal((HttpStatusCode.BadRequest, pointer), (answer.Status, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task A_line_order_or_shipment_that_is_not_there_is_refused()
    {
        var order = await shop.BuyAsync();

        (await order.ShipAsync("""{"line_items":[{"id":"li_9","quantity":1}]}""")).ShouldBe(422, "order_line_unknown");
        (await shop.WriteAsync("/v1/orders/ord_none/shipments", "{}")).ShouldBe(404, "not_found");
        (await order.TellAsync("shp_none", """{"type":"delivered"}""")).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task An_agent_ships_nothing_and_sees_no_order_of_another()
    {
        var order = await shop.BuyAsync();
        var stranger = await shop.GrantAsync();

        (await order.Agent.PostAsync(order.Path + "/shipments", "{}")).ShouldBe(403, "insufficient_scope");
        (await stranger.GetAsync(order.Path)).ShouldBe(404, "not_found");
        var (_, list) = await stranger.GetAsync("/v1/orders");
        Assert.Empty(list.GetProperty("orders").EnumerateArray());
    }

    [Fact]
    public async Task Orders_are_listed_page_by_page_and_filtered()
    {
        var agent = await shop.GrantAsync();
        var product = await shop.AddProductAsync(price: 100);
        var bought = new List<Bought>();
        for (var i = 0; i < 3; i++)
        {
            bought.Add(await shop.BuyAsync(agent, (product, 1)));
        }
        await bought[0].ShipAsync();

        var (_, first) = await agent.GetAsync("/v1/orders?size=2");
        var (_, second) = await agent.GetAsync("/v1/orders?size=2&after=" + first.GetProperty("page").GetProperty("next").GetString());
        var (_, shipped) = await agent.GetAsync("/v1/orders?status=fulfilled&size=1");
        var (_, ofGrant) = await shop.ReadAsync("/v1/orders?grant_id=" + agent.GrantId);

        Assert.Equal([bought[2].Id, bought[1].Id, bought[0].Id], IdsOf(first).Concat(IdsOf(second)));
        Assert.False(second.GetProperty("page").TryGetProperty("next", out _));
        // The oldest, found behind those that do not stand so.
        Assert.Equal([bought[0].Id], IdsOf(shipped));
        Assert.False(shipped.GetProperty("page").TryGetProperty("next", out _));
        Assert.Equal(3, ofGrant.GetProperty("orders").GetArrayLength());
        (await agent.GetAsync("/v1/orders?size=0")).ShouldBe(400, "invalid_request");
        (await agent.GetAsync("/v1/orders?after='")).ShouldBe(400, "invalid_request");
        (await agent.GetAsync("/v1/orders?status=eaten")).ShouldBe(400, "invalid_request");
        (await agent.GetAsync("/v1/orders?placed_from=yesterday")).ShouldBe(400, "invalid_request");
    }

    [Fact]
    public async Task Every_act_is_an_event_that_names_client_and_grant()
    {
        var order = await shop.BuyAsync();
        await order.DeliverAsync();

        var events = await EventLog.ReadStreamAsync(shop.App.Services.GetRequiredService<NpgsqlDataSource>(), order.Id, CancellationToken.None);

        Assert.Equal(["order.placed", "order.shipped", "order.delivered"], events.Select(entry => entry.Type));
        Assert.Null(EventChain.FirstBreak(events));
        Assert.All(events, entry => Assert.Equal((order.Agent.GrantId, "purchasing-bot"), (entry.Data.GetProperty("grant_id").GetString(), entry.Data.GetProperty("client_id").GetString())));
    }

    private static IEnumerable<string> IdsOf(JsonElement page) => page.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("id").GetString()!);
}
