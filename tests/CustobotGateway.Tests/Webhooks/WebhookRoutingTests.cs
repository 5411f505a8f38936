using System.Net.Http.Json;
using CustobotGateway.Common.Events;
using CustobotGateway.Webhooks;

namespace CustobotGateway.Tests.Webhooks;

/// <summary>Who is told of what.</summary>
public sealed class WebhookRoutingTests(WebhookFixture shop) : IClassFixture<WebhookFixture>
{
    [Fact]
    public async Task Agent_is_told_of_its_own_order_and_the_merchant_of_everybodys()
    {
        await using var sink = await Sink.StartAsync();
        var product = await shop.AddProductAsync();
        var (agent, other) = (await shop.GrantAsync(), await shop.GrantAsync());
        await agent.PostAsync("/v1/webhook_endpoints", $$"""{"url":"{{sink.Url}}/agent","events":["order.*"]}""");
        await other.PostAsync("/v1/webhook_endpoints", $$"""{"url":"{{sink.Url}}/other","events":["order.*"]}""");
        await shop.CreateAsync(sink.Url + "/merchant", ["order.placed"]);

        var (_, mine) = await agent.CompleteAsync(await agent.OpenSessionAsync(product));
        var (_, theirs) = await other.CompleteAsync(await other.OpenSessionAsync(product));

        await sink.WaitForTakenAsync(2, one => one.Path == "/merchant");
        await sink.WaitForTakenAsync(1, one => one.Path == "/agent");
        await sink.WaitForTakenAsync(1, one => one.Path == "/other");
        var told = sink.Taken.ToLookup(one => one.Path, one => (one.Type, one.Subject));
        Assert.Single(told["/agent"]);
        Assert.Single(told["/other"]);
        Assert.Contains(told["/agent"].Single().Subject, mine.ToString(), StringComparison.Ordinal);
        Assert.Contains(told["/other"].Single().Subject, theirs.ToString(), StringComparison.Ordinal);
        Assert.Equal(told["/agent"].Concat(told["/other"]).Order(), told["/merchant"].Order());
        Assert.All(sink.Taken, one => Assert.Equal("order.placed", one.Type));
    }

    [Fact]
    public async Task What_is_tried_out_is_told_to_those_who_try_out_and_to_nobody_else()
    {
        await using var sink = await Sink.StartAsync();
        using var made = await shop.Admin.PostAsJsonAsync("/v1/clients", new { client_id = "tester-hooks", test_mode = true });
        Assert.True(made.IsSuccessStatusCode);
        var product = await shop.AddProductAsync();
        var (tester, live) = (await shop.GrantAsync(clientId: "tester-hooks"), await shop.GrantAsync());
        await tester.PostAsync("/v1/webhook_endpoints", $$"""{"url":"{{sink.Url}}/test","events":["order.placed"]}""");
        await shop.CreateAsync(sink.Url + "/merchant", ["order.placed"]);

        var (_, tried) = await tester.CompleteAsync(await tester.OpenSessionAsync(product));
        var (_, real) = await live.CompleteAsync(await live.OpenSessionAsync(product));

        await sink.WaitForTakenAsync(1, one => one.Path == "/test");
        await sink.WaitForTakenAsync(1, one => one.Path == "/merchant");
        Assert.Contains(Assert.Single(sink.Taken, one => one.Path == "/test").Subject, tried.ToString(), StringComparison.Ordinal);
        Assert.Contains(Assert.Single(sink.Taken, one => one.Path == "/merchant").Subject, real.ToString(), StringComparison.Ordinal);
        using var listed = await shop.Admin.GetAsync("/v1/webhook_endpoints");
        Assert.DoesNotContain("/test\"", await listed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happened_before_there_was_an_endpoint_is_not_told()
    {
        await using var sink = await Sink.StartAsync();
        await shop.HappenAsync("ord_before", 3);
        await shop.CreateAsync(sink.Url);
        await shop.HappenAsync("ord_after", 1);

        await sink.WaitForTakenAsync(1, one => one.Subject == "ord_after");

        Assert.DoesNotContain(sink.Arrived, one => one.Subject == "ord_before");
    }

    [Fact]
    public async Task Ended_grant_is_told_nothing_more()
    {
        await using var sink = await Sink.StartAsync();
        var agent = await shop.GrantAsync();
        var (_, created) = await agent.PostAsync("/v1/webhook_endpoints", $$"""{"url":"{{sink.Url}}","events":["*"]}""");
        var id = created.GetProperty("id").GetString()!;
        await shop.HappenAsync("ord_granted", 1, "purchasing-bot", agent.GrantId);
        await sink.WaitForTakenAsync(1);

        using var revoked = await shop.Admin.DeleteAsync("/v1/grants/" + agent.GrantId);
        Assert.True(revoked.IsSuccessStatusCode);
        await shop.WaitUntilFollowedAsync();
        await shop.HappenAsync("ord_granted_2", 1, "purchasing-bot", agent.GrantId);
        await shop.WaitUntilFollowedAsync();

        Assert.Equal("grant_ended", (await shop.EndpointAsync(id)).GetProperty("disabled_reason").GetString());
        Assert.Single(await shop.LogAsync(id));
    }

    [Theory]
    [InlineData("order.placed", "bot", "grt_1", false, true)]
    [InlineData("order.placed", "bot", "grt_2", false, false)]
    [InlineData("order.placed", "other", "grt_1", false, false)]
    [InlineData("order.placed", null, null, false, false)]
    [InlineData("order.placed", "bot", "grt_1", true, false)]
    [InlineData("negotiation.opened", "bot", "grt_1", false, false)]
    [InlineData("grant.issued", "bot", "grt_1", false, false)]
    public void Grants_endpoint_is_told_of_that_grant_alone(string type, string? client, string? grant, bool isTest, bool told) =>
        Assert.Equal(told, EventFilter.Wants(new Subscriber("whe_1", "bot", "grt_1", ["*"], 10, false), new EventFacts(11, type, client, grant, isTest)));

    [Theory]
    [InlineData("order.placed", 11, true)]
    [InlineData("order.placed", 10, false)]
    [InlineData("negotiation.opened", 11, true)]
    [InlineData("person.created", 11, false)]
    [InlineData("client.saved", 11, false)]
    [InlineData("decision.labelled", 11, false)]
    public void Merchant_is_told_of_what_leaves_the_house(string type, long position, bool told) =>
        Assert.Equal(told, EventFilter.Wants(new Subscriber("whe_1", null, null, ["*"], 10, false), new EventFacts(position, type, "bot", "grt_1", false)));

    [Theory]
    [InlineData("*", true)]
    [InlineData("order.*", true)]
    [InlineData("order.placed", true)]
    [InlineData("order.shipped", false)]
    [InlineData("case.*", false)]
    public void Pattern_covers_what_it_says(string pattern, bool covers) => Assert.Equal(covers, EventFilter.Covers([pattern], "order.placed"));

    [Fact]
    public void Every_event_of_the_gateway_either_leaves_the_house_or_is_known_to_stay()
    {
        string[] stay = ["client", "decision", "lanes", "person", "rule", "trust", "trusted_agent"];
        var families = typeof(IEventData).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IEventData)))
            .Select(type => EventFilter.FamilyOf((string)type.GetProperty("Type")!.GetValue(null)!)).Distinct();

        Assert.Empty(families.Except(EventFilter.OfMerchant).Except(stay));
    }
}
