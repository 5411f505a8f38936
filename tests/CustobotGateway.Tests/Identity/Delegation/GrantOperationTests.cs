using System.Net;
using CustobotGateway.Common;
using CustobotGateway.Common.Preferences;
using CustobotGateway.Tests.Checkout;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>A person sees what was delegated, stops it for a while, ends it; staff help; the agent looks on.</summary>
public sealed class GrantOperationTests(DelegationFixture shop) : IClassFixture<DelegationFixture>
{
    [Fact]
    public async Task Grant_tells_who_may_do_what_for_whom()
    {
        var agent = await shop.GrantAsync();

        var (status, grant) = await agent.GetAsync($"/v1/grants/{agent.GrantId}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((agent.GrantId, "active", DelegationFixture.Person, "UTC"),
            (grant.GetProperty("id").GetString(), grant.GetProperty("status").GetString(), grant.GetProperty("person").GetString(), grant.GetProperty("time_zone").GetString()));
        Assert.Equal("purchasing-bot", grant.GetProperty("client").GetProperty("name").GetString());
        Assert.Equal("purchase_mandate", grant.GetProperty("authorization_details")[0].GetProperty("type").GetString());
        Assert.Equal("{}", grant.GetProperty("preferences").GetRawText());
    }

    [Fact]
    public async Task Paused_grant_reads_on_and_is_resumed_as_it_was()
    {
        var agent = await shop.GrantAsync();

        var (_, paused) = await shop.ManageAsync(HttpMethod.Post, $"/v1/grants/{agent.GrantId}/pause");
        var (_, again) = await shop.ManageAsync(HttpMethod.Post, $"/v1/grants/{agent.GrantId}/pause");

        Assert.Equal("paused", paused.GetProperty("status").GetString());
        Assert.Equal(paused.GetProperty("paused_at").GetString(), again.GetProperty("paused_at").GetString());
        Assert.Equal("paused", (await agent.GetAsync($"/v1/grants/{agent.GrantId}")).Body.GetProperty("status").GetString());
        Assert.Equal("active", (await shop.ManageAsync(HttpMethod.Post, $"/v1/grants/{agent.GrantId}/resume")).Body.GetProperty("status").GetString());
        Assert.Equal(["grant.issued", "grant.paused", "grant.resumed"], await shop.HistoryAsync(agent.GrantId));
    }

    [Fact]
    public async Task Paused_grant_neither_bargains_nor_prepares_orders()
    {
        var (agent, product) = (await shop.GrantAsync(), await shop.AddProductAsync());
        var (_, open) = await agent.OfferAsync(product, 15_000);
        await shop.ManageAsync(HttpMethod.Post, $"/v1/grants/{agent.GrantId}/pause");

        (await agent.OfferAsync(product, 18_000)).ShouldBe(403, "grant_paused");
        (await agent.AcceptAsync(open)).ShouldBe(403, "grant_paused");
        (await agent.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":1}]}""")).ShouldBe(403, "grant_paused");
        Assert.Equal(HttpStatusCode.OK, (await agent.GetAsync($"/v1/negotiations/{open.GetProperty("id").GetString()}")).Status);
        await shop.ManageAsync(HttpMethod.Post, $"/v1/grants/{agent.GrantId}/resume");
        Assert.Equal(HttpStatusCode.OK, (await agent.AcceptAsync(open)).Status);
    }

    [Fact]
    public async Task Revoked_grant_is_neither_paused_nor_changed()
    {
        var agent = await shop.GrantAsync();
        await shop.ManageAsync(HttpMethod.Delete, $"/v1/grants/{agent.GrantId}");

        (await shop.ManageAsync(HttpMethod.Post, $"/v1/grants/{agent.GrantId}/pause")).ShouldBe(409, "grant_ended");
        (await shop.ManageAsync(HttpMethod.Put, $"/v1/grants/{agent.GrantId}/preferences", "{}")).ShouldBe(409, "grant_ended");
        Assert.Equal("revoked", (await shop.ManageAsync(HttpMethod.Get, $"/v1/grants/{agent.GrantId}")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Agent_neither_pauses_nor_audits_its_grant()
    {
        var agent = await shop.GrantAsync();

        foreach (var path in new[] { "pause", "resume" })
        {
            (await agent.PostAsync($"/v1/grants/{agent.GrantId}/{path}", "")).ShouldBe(403, "insufficient_scope");
            var token = shop.TokenOf("purchasing-bot", DelegationFixture.Person, [Scopes.GrantsManage], agent.GrantId);
            (await shop.SendAsync(HttpMethod.Post, $"/v1/grants/{agent.GrantId}/{path}", token)).ShouldBe(403, "forbidden");
        }
        (await agent.GetAsync($"/v1/grants/{agent.GrantId}/events")).ShouldBe(403, "insufficient_scope");
        (await agent.GetAsync($"/v1/grants/{agent.GrantId}/revocation")).ShouldBe(403, "insufficient_scope");
    }

    [Fact]
    public async Task List_holds_what_the_caller_may_see()
    {
        var (mine, others) = (await shop.GrantAsync(clientId: "bot-a"), await shop.GrantAsync(clientId: "bot-b"));
        await shop.ManageAsync(HttpMethod.Post, $"/v1/grants/{others.GrantId}/pause");

        Assert.Equal([mine.GrantId], IdsOf((await mine.GetAsync("/v1/grants")).Body));
        Assert.Contains(others.GrantId, IdsOf((await shop.ManageAsync(HttpMethod.Get, "/v1/grants?size=100")).Body));
        Assert.DoesNotContain(mine.GrantId, IdsOf((await shop.ManageAsync(HttpMethod.Get, "/v1/grants?size=100&status=paused")).Body));
        // Not those of its own client.
        var own = shop.TokenOf("bot-a", DelegationFixture.Person, [Scopes.GrantsManage]);
        Assert.DoesNotContain(mine.GrantId, IdsOf((await shop.SendAsync(HttpMethod.Get, "/v1/grants?size=100", own)).Body));
        Assert.Empty(IdsOf((await shop.SendAsync(HttpMethod.Get, "/v1/grants", shop.TokenOf("app", "somebody@example.com", [Scopes.GrantsManage]))).Body));
        (await mine.GetAsync("/v1/grants?status=gone")).ShouldBe(400, "invalid_request");
    }

    [Fact]
    public async Task Preferences_are_set_by_the_person_and_read_by_the_agent()
    {
        var agent = await shop.GrantAsync();
        const string Wishes = """
            {"weights":[{"attribute":"repairability_index","direction":"higher","weight":0.8,"value":7},{"attribute":"color","direction":"is","weight":0.2,"value":"black"}],
             "brands":{"prefer":["Acme"],"avoid":["Bodge"]},"delivery":{"max_days":3},"sustainability":{"weight":0.5,"repairable":true},"budget_stance":"frugal"}
            """;

        var (status, kept) = await shop.ManageAsync(HttpMethod.Put, $"/v1/grants/{agent.GrantId}/preferences", Wishes);

        Assert.True(status == HttpStatusCode.OK, kept.ToString());
        Assert.Equal("frugal", (await agent.GetAsync($"/v1/grants/{agent.GrantId}/preferences")).Body.GetProperty("budget_stance").GetString());
        (await agent.SendAsync(HttpMethod.Put, $"/v1/grants/{agent.GrantId}/preferences", "{}")).ShouldBe(403, "insufficient_scope");
    }

    [Theory]
    [InlineData("""{"weights":[{"attribute":"repairability","direction":"higher","weight":0.8}]}""", 422, "preference_unknown", "/weights/0/attribute")]
    [InlineData("""{"weights":[{"attribute":"unit_cost","direction":"lower","weight":0.8}]}""", 422, "preference_unknown", "/weights/0/attribute")]
    [InlineData("""{"weights":[{"attribute":"color","direction":"higher","weight":0.8}]}""", 422, "preference_unknown", "/weights/0/direction")]
    [InlineData("""{"weights":[{"attribute":"color","direction":"is","weight":0.8,"value":7}]}""", 422, "preference_unknown", "/weights/0/value")]
    [InlineData("""{"weights":[{"attribute":"color","direction":"is","weight":0.8}]}""", 400, "invalid_request", "/weights/0/value")]
    [InlineData("""{"weights":[{"attribute":"color","direction":"is","weight":1.5,"value":"black"}]}""", 400, "invalid_request", "/weights/0/weight")]
    [InlineData("""{"brands":{"prefer":["Acme"],"avoid":["ACME"]}}""", 400, "invalid_request", "/brands/avoid")]
    [InlineData("""{"delivery":{"max_days":-1}}""", 400, "invalid_request", "/delivery/max_days")]
    [InlineData("""{"budget_stance":"reckless"}""", 400, "invalid_request", "/budget_stance")]
    [InlineData("""{"mood":"good"}""", 400, "invalid_request", "/mood")]
    public async Task Preferences_that_cannot_be_kept_are_refused_with_the_place(string wishes, int status, string code, string pointer)
    {
        var agent = await shop.GrantAsync();

        var answer = await shop.ManageAsync(HttpMethod.Put, $"/v1/grants/{agent.GrantId}/preferences", wishes);

        answer.ShouldBe(status, code);
        Assert.Equal(pointer, answer.Body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal("{}", (await agent.GetAsync($"/v1/grants/{agent.GrantId}/preferences")).Body.GetRawText());
    }

    [Fact]
    public async Task Caller_without_a_grant_has_no_preferences()
    {
        var preferences = shop.App.Services.GetRequiredService<IPreferencesOfAgent>();

        Assert.Equal("grant_required", (await preferences.FindAsync(AgentPrincipal.Anonymous, CancellationToken.None)).Problem!.Type.Code);
    }

    private static IReadOnlyList<string> IdsOf(System.Text.Json.JsonElement list) => [.. list.GetProperty("grants").EnumerateArray().Select(grant => grant.GetProperty("id").GetString()!)];
}
