using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Identity.ResourceServer;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>Whatever lives from a grant is named before it is revoked, ends with it, and is named afterwards.</summary>
public sealed class CascadeTests(DelegationFixture shop) : IClassFixture<DelegationFixture>
{
    [Fact]
    public async Task Everything_that_was_named_beforehand_has_ended_afterwards_here_and_on_another_gateway()
    {
        var product = await shop.AddProductAsync();
        var agent = await shop.GrantAsync();
        var (_, open) = await agent.OfferAsync(product, 15_000);
        var quote = await agent.AgreeAsync(product, 18_500);
        var session = await agent.OpenSessionAsync(product);
        var approval = await shop.AskAsync(agent, session);
        await using var second = new SecondGateway(shop);
        await second.StartAsync();

        var (_, before) = await shop.ManageAsync(HttpMethod.Get, $"/v1/grants/{agent.GrantId}/revocation");
        Assert.Equal(HttpStatusCode.NoContent, (await shop.ManageAsync(HttpMethod.Delete, $"/v1/grants/{agent.GrantId}")).Status);
        var (_, after) = await shop.ManageAsync(HttpMethod.Get, $"/v1/grants/{agent.GrantId}/revocation");

        var named = EndsOf(before);
        Assert.Equal(
            new[] { ("access_token", agent.GrantId), ("approval", approval.Id), ("checkout_session", session), ("negotiation", open.GetProperty("id").GetString()!), ("quote", quote) }.Order(),
            named.Order());
        Assert.Equal(named.Order(), EndsOf(after).Order());
        Assert.Equal(("active", "revoked"), (before.GetProperty("status").GetString(), after.GetProperty("status").GetString()));
        foreach (var gateway in new[] { shop.Client, second.Client })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/grants/{agent.GrantId}");
            request.Headers.Authorization = new("Bearer", agent.Token);
            using var answer = await gateway.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        Assert.Equal(1, await shop.CountAsync("negotiation.negotiations", "id = @id and state = 'ended' and ended_for = 'grant_revoked'", new { id = open.GetProperty("id").GetString() }));
        Assert.Equal(1, await shop.CountAsync("negotiation.quotes", "id = @quote and voided_at is not null", new { quote }));
        Assert.Equal(1, await shop.CountAsync("checkout.sessions", "id = @session and status = 'canceled'", new { session }));
        Assert.Equal("void", (await shop.ManageAsync(HttpMethod.Get, $"/v1/approvals/{approval.Id}")).Body.GetProperty("state").GetString());
        Assert.Equal("grant.revoked", (await shop.HistoryAsync(agent.GrantId))[^1]);
    }

    [Fact]
    public async Task Access_token_of_a_revoked_grant_is_refused_within_a_second_on_another_gateway()
    {
        var agent = await shop.GrantAsync();
        var token = shop.TokenOf("purchasing-bot", DelegationFixture.Person, [Scopes.GrantsRead], agent.GrantId);
        await using var second = new SecondGateway(shop);
        await second.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await shop.SendAsync(HttpMethod.Get, $"/v1/grants/{agent.GrantId}", token, gateway: second.Client)).Status);

        await shop.ManageAsync(HttpMethod.Delete, $"/v1/grants/{agent.GrantId}");

        var until = DateTime.UtcNow.AddSeconds(1);
        HttpStatusCode status;
        while ((status = (await shop.SendAsync(HttpMethod.Get, $"/v1/grants/{agent.GrantId}", token, gateway: second.Client)).Status) == HttpStatusCode.OK && DateTime.UtcNow < until)
        {
            await Task.Delay(20);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task Purchase_and_revocation_at_once_are_one_or_the_other()
    {
        var product = await shop.AddProductAsync(stock: 1_000);
        for (var i = 0; i < 20; i++)
        {
            var agent = await shop.GrantAsync();
            var session = await agent.OpenSessionAsync(product);

            var purchase = agent.CompleteAsync(session);
            var revocation = shop.ManageAsync(HttpMethod.Delete, $"/v1/grants/{agent.GrantId}");
            await Task.WhenAll(purchase, revocation);

            Assert.Equal(HttpStatusCode.NoContent, (await revocation).Status);
            var (status, body) = await purchase;
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.Conflict, $"{(int)status} {body}");
            var orders = await shop.CountAsync("checkout.orders", "session_id = @session", new { session });
            var canceled = await shop.CountAsync("checkout.sessions", "id = @session and status = 'canceled'", new { session });
            Assert.Equal((status == HttpStatusCode.OK ? 1 : 0, 1), (orders, orders + canceled));
        }
    }

    [Fact]
    public async Task Client_that_is_deleted_takes_what_lives_from_its_grants_with_it()
    {
        using var created = await shop.Admin.PostAsJsonAsync("/v1/clients", new { client_id = "bot-to-go", token_endpoint_auth_method = "client_secret_basic", grant_types = new[] { "client_credentials" } });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var client = (await Tests.Common.GatewayFixture.ReadJsonAsync(created)).GetProperty("client_id").GetString()!;
        var (agent, product) = (await shop.GrantAsync(clientId: client), await shop.AddProductAsync());
        var (session, approval) = (await agent.OpenSessionAsync(product), await shop.AskAsync(agent));

        using var deleted = await shop.Admin.DeleteAsync($"/v1/clients/{client}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(1, await shop.CountAsync("checkout.sessions", "id = @session and status = 'canceled'", new { session }));
        Assert.Equal(1, await shop.CountAsync("identity.approvals", "id = @Id and state = 'void'", new { approval.Id }));
        (await agent.CompleteAsync(session)).ShouldBe(401, "invalid_token");
    }

    [Fact]
    public async Task Approval_of_a_session_that_is_over_is_void()
    {
        var agent = await shop.GrantAsync();
        var approval = await shop.AskAsync(agent, await agent.OpenSessionAsync(await shop.AddProductAsync()));
        shop.Clock.Advance(TimeSpan.FromMinutes(16));

        (await shop.ManageAsync(HttpMethod.Post, $"/v1/approvals/{approval.Id}/approve")).ShouldBe(409, "approval_void");
    }

    [Fact]
    public async Task Revoking_again_names_what_ended_the_first_time()
    {
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(await shop.AddProductAsync());
        var staff = new GrantActor.Staff(AgentPrincipal.Administrator);

        var first = await RevokeGrant.RunAsync(shop.Grants, staff, agent.GrantId, CancellationToken.None);
        var again = await RevokeGrant.RunAsync(shop.Grants, staff, agent.GrantId, CancellationToken.None);

        Assert.Contains(first.Value.Ends, end => end.Kind == "checkout_session" && end.Id == session);
        Assert.Equal(first.Value.Ends.Select(end => end.Id), again.Value.Ends.Select(end => end.Id));
    }

    private static (string, string)[] EndsOf(JsonElement preview) =>
        [.. preview.GetProperty("ends").EnumerateArray().Select(end => (end.GetProperty("kind").GetString()!, end.GetProperty("id").GetString()!))];
}
