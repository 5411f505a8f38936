using System.Net;
using CustobotGateway.Common;
using CustobotGateway.Identity;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Tests.Checkout;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>A purchase above the threshold waits for the person, who decides about exactly what is shown, once.</summary>
public sealed class ApprovalTests(DelegationFixture shop) : IClassFixture<DelegationFixture>
{
    [Fact]
    public async Task Approved_offer_is_bought_once()
    {
        var agent = await shop.GrantAsync();
        var asked = await shop.AskAsync(agent);
        Assert.Equal((ApprovalState.Pending, asked.Id), ((await shop.AskAsync(agent)).State, (await shop.AskAsync(agent)).Id));

        var (status, approved) = await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/approve");

        Assert.Equal((HttpStatusCode.OK, "approved", DelegationFixture.Manager), (status, approved.GetProperty("state").GetString(), approved.GetProperty("decided_by").GetString()));
        Assert.Equal((ApprovalState.Used, asked.Id), await StateOf(shop.AskAsync(agent)));
        // The same offer again is another purchase, and waits for another word.
        var next = await shop.AskAsync(agent);
        Assert.Equal(ApprovalState.Pending, next.State);
        Assert.NotEqual(asked.Id, next.Id);
        Assert.Equal(["grant.issued", "approval.asked", "approval.approved", "approval.used", "approval.asked"], await shop.HistoryAsync(agent.GrantId));
    }

    [Fact]
    public async Task Denied_offer_stays_denied_and_another_offer_is_another_question()
    {
        var agent = await shop.GrantAsync();
        var asked = await shop.AskAsync(agent);

        var (status, denied) = await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/deny");

        Assert.Equal((HttpStatusCode.OK, "denied"), (status, denied.GetProperty("state").GetString()));
        var again = await shop.AskAsync(agent);
        Assert.Equal((ApprovalState.Denied, asked.Id), (again.State, again.Id));
        Assert.Equal("approval_denied", Approvals.RefusalOf(again)!.Type.Code);
        Assert.Equal(ApprovalState.Pending, (await shop.AskAsync(agent, note: " in black")).State);
    }

    [Fact]
    public async Task Approval_is_void_when_the_offer_changes()
    {
        var agent = await shop.GrantAsync();
        var asked = await shop.AskAsync(agent);
        await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/approve");

        var changed = await shop.AskAsync(agent, amount: 12_001);

        Assert.Equal(ApprovalState.Pending, changed.State);
        var (_, before) = await agent.GetAsync($"/v1/approvals/{asked.Id}");
        Assert.Equal(("void", "offer_changed"), (before.GetProperty("state").GetString(), before.GetProperty("voided_for").GetString()));
        (await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/approve")).ShouldBe(409, "approval_void");
    }

    [Theory]
    [InlineData("approve", "approve")]
    [InlineData("approve", "deny")]
    [InlineData("deny", "approve")]
    public async Task Decision_is_made_once(string first, string second)
    {
        var asked = await shop.AskAsync(await shop.GrantAsync());
        Assert.Equal(HttpStatusCode.OK, (await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/{first}")).Status);

        (await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/{second}")).ShouldBe(409, "approval_decided");
    }

    [Fact]
    public async Task Of_ten_decisions_at_once_one_counts()
    {
        var asked = await shop.AskAsync(await shop.GrantAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/{(i % 2 == 0 ? "approve" : "deny")}")));

        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.ShouldBe(409, "approval_decided"));
    }

    [Fact]
    public async Task Expired_approval_is_neither_decided_nor_used()
    {
        var agent = await shop.GrantAsync();
        var pending = await shop.AskAsync(agent, "cks_1", validity: TimeSpan.FromMinutes(1));
        var approved = await shop.AskAsync(agent, "cks_2", validity: TimeSpan.FromMinutes(1));
        await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{approved.Id}/approve");

        shop.Clock.Advance(TimeSpan.FromMinutes(2));

        (await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{pending.Id}/approve")).ShouldBe(409, "approval_expired");
        var again = await shop.AskAsync(agent, "cks_2");
        Assert.Equal(ApprovalState.Pending, again.State);
        Assert.NotEqual(approved.Id, again.Id);
    }

    [Fact]
    public async Task Agent_polls_its_approval_and_never_decides_it()
    {
        var agent = await shop.GrantAsync();
        var asked = await shop.AskAsync(agent);

        var (status, read) = await agent.GetAsync($"/v1/approvals/{asked.Id}");

        Assert.Equal((HttpStatusCode.OK, "pending", asked.OfferHash), (status, read.GetProperty("state").GetString(), read.GetProperty("offer_hash").GetString()));
        (await agent.PostAsync($"/v1/approvals/{asked.Id}/approve", "")).ShouldBe(403, "insufficient_scope");
        // With the scope, too: by the same client, by a client that it handed its token to, and on the grant itself.
        foreach (var token in new[]
        {
            shop.TokenOf("purchasing-bot", DelegationFixture.Person, [Scopes.GrantsManage]),
            shop.TokenOf(DelegationFixture.Manager, DelegationFixture.Person, [Scopes.GrantsManage], actor: new("purchasing-bot")),
            shop.TokenOf(DelegationFixture.Manager, DelegationFixture.Person, [Scopes.GrantsManage], agent.GrantId),
        })
        {
            (await shop.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/approve", token)).ShouldBe(403, "forbidden");
        }
        Assert.Equal("pending", (await agent.GetAsync($"/v1/approvals/{asked.Id}")).Body.GetProperty("state").GetString());
        // Each try is written down.
        Assert.True(await shop.App.Services.GetRequiredService<AuditTrail>().WhenWrittenAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(3, await shop.CountAsync("identity.audit", "kind = 'approval.decide' and code = 'forbidden' and detail->>'id' = @Id", new { asked.Id }));
    }

    [Fact]
    public async Task Strangers_do_not_learn_that_there_is_an_approval()
    {
        var asked = await shop.AskAsync(await shop.GrantAsync());
        var other = await shop.GrantAsync(clientId: "another-bot");

        (await other.GetAsync($"/v1/approvals/{asked.Id}")).ShouldBe(404, "not_found");
        (await shop.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/approve", shop.TokenOf("app", "somebody@example.com", [Scopes.GrantsManage]))).ShouldBe(404, "not_found");
        (await shop.ManageAsync(HttpMethod.Post, "/v1/approvals/apr_none/approve")).ShouldBe(404, "not_found");
    }

    [Fact]
    public async Task Staff_see_approvals_and_decide_none()
    {
        var asked = await shop.AskAsync(await shop.GrantAsync());

        Assert.Equal(HttpStatusCode.OK, (await shop.Admin.GetAsync($"/v1/approvals/{asked.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await shop.Admin.PostAsync($"/v1/approvals/{asked.Id}/approve", null)).StatusCode);
    }

    [Fact]
    public async Task Approval_of_a_revoked_grant_is_void()
    {
        var agent = await shop.GrantAsync();
        var asked = await shop.AskAsync(agent);

        Assert.Equal(HttpStatusCode.NoContent, (await shop.ManageAsync(HttpMethod.Delete, $"/v1/grants/{agent.GrantId}")).Status);

        (await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{asked.Id}/approve")).ShouldBe(409, "approval_void");
        Assert.Equal(["grant.issued", "approval.asked", "approval.void", "grant.revoked"], await shop.HistoryAsync(agent.GrantId));
    }

    [Fact]
    public async Task Lists_are_the_callers_own_and_cut_into_pages()
    {
        var agent = await shop.GrantAsync();
        for (var i = 0; i < 3; i++)
        {
            await shop.AskAsync(agent, "cks_" + i);
            // Ids of one millisecond are in no order.
            shop.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        var (_, first) = await agent.GetAsync("/v1/approvals?size=2&state=pending");
        var (_, second) = await agent.GetAsync($"/v1/approvals?size=2&after={first.GetProperty("page").GetProperty("next").GetString()}");

        Assert.Equal(2, first.GetProperty("approvals").GetArrayLength());
        Assert.Equal("cks_0", second.GetProperty("approvals")[0].GetProperty("reservation").GetString());
        Assert.False(second.GetProperty("page").TryGetProperty("next", out _));
        Assert.Equal(3, (await shop.ManageAsync(HttpMethod.Get, $"/v1/approvals?grant_id={agent.GrantId}")).Body.GetProperty("approvals").GetArrayLength());
        (await agent.GetAsync("/v1/approvals?state=gone")).ShouldBe(400, "invalid_request");
        (await agent.GetAsync("/v1/approvals?size=101")).ShouldBe(400, "invalid_request");
        (await agent.GetAsync("/v1/approvals?after=';--")).ShouldBe(400, "invalid_request");
    }

    private static async Task<(ApprovalState, string)> StateOf(Task<Approval> asked) => ((await asked).State, (await asked).Id);
}
