using CustobotGateway.Common;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.People;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.Tests.Identity.AuthorizationServer;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Grant = CustobotGateway.OAuth.Grants.Grant;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>By whichever way a grant of the authorization server ends, what lives from it ends with it and is named.</summary>
public sealed class EndingTests(OAuthFixture gateway) : IClassFixture<OAuthFixture>
{
    [Fact]
    public async Task Refresh_token_that_is_given_back_ends_the_grant_with_its_approvals()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, "catalog:read checkout offline_access");
        var grant = await GrantOfAsync(client.ClientId);
        var approval = await AskAsync(grant, client.ClientId);

        await gateway.PostAsync("/oauth/revoke", client, [("token", tokens.Text("refresh_token"))]);

        var (state, ends) = await EndOfAsync(grant, approval);
        Assert.Equal("void", state);
        Assert.Contains($"approval {approval}", ends);
        Assert.Contains(ends, end => end.StartsWith("refresh_token rfm_", StringComparison.Ordinal));
        Assert.Contains($"access_token {grant}", ends);
    }

    [Fact]
    public async Task Code_that_is_used_twice_ends_the_grant_with_its_approvals()
    {
        var client = await gateway.AddClientAsync();
        var code = await gateway.ConsentAsync(client);
        (await gateway.RedeemAsync(client, code)).ShouldSucceed();
        var grant = await GrantOfAsync(client.ClientId);
        var approval = await AskAsync(grant, client.ClientId);

        (await gateway.RedeemAsync(client, code)).ShouldBe(400, "invalid_grant");

        Assert.Equal("void", (await EndOfAsync(grant, approval)).State);
    }

    [Fact]
    public async Task Account_that_is_closed_ends_its_grants_with_their_approvals()
    {
        var client = await gateway.AddClientAsync();
        var email = Guid.NewGuid().ToString("n") + "@example.com";
        await using var connection = await gateway.OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var person = (await CreatePerson.RunAsync(transaction, email, "no-password", [], "test", gateway.Clock, CancellationToken.None))!;
        var given = await Grants.CreateAsync(transaction,
            new Grant { GrantId = "", ClientId = client.ClientId, Subject = person.Id, Scopes = ScopeSet.Of("checkout"), Resources = [OAuthFixture.Issuer + "/v1"] }, person.Id, gateway.Clock, CancellationToken.None);
        await transaction.CommitAsync();
        var approval = await AskAsync(given.GrantId, client.ClientId);

        Assert.True(await gateway.App.Services.GetRequiredService<DisablePerson>().RunAsync(person.Id, disable: true, "test", CancellationToken.None));

        Assert.Equal("void", (await EndOfAsync(given.GrantId, approval)).State);
    }

    private async Task<string> GrantOfAsync(string clientId)
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        return await connection.QuerySingleAsync<string>("select id from identity.grants where client_id = @clientId", new { clientId });
    }

    private async Task<string> AskAsync(string grant, string clientId)
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select 1 from identity.grants where id = @grant for update", new { grant }, transaction);
        var offer = System.Text.Json.JsonElement.Parse("""{"currency":"EUR","line_items":[]}""");
        var approval = await Approvals.AskAsync(transaction, new AgentPrincipal(clientId, null, grant, false, []), new Purchase("cks_none", new Money(100, "EUR"), [], offer), grant,
            gateway.Clock.GetUtcNow(), CancellationToken.None);
        await transaction.CommitAsync();
        return approval.Id;
    }

    private async Task<(string State, IReadOnlyList<string> Ends)> EndOfAsync(string grant, string approval)
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        var state = await connection.QuerySingleAsync<string>("select state from identity.approvals where id = @approval", new { approval });
        var ends = await connection.QueryAsync<string>("""
            select (e->>'kind') || ' ' || (e->>'id') from common.events v, jsonb_array_elements(v.data->'ends') e where v.stream = @grant and v.type = 'grant.revoked'
            """, new { grant });
        return (state, ends.AsList());
    }
}
