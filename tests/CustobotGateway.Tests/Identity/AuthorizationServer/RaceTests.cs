using System.Net;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>Each one-time artifact redeemed ten times at once, on two gateways over one database: one success.</summary>
public sealed class RaceTests(RaceTests.TwoGateways gateway) : IClassFixture<RaceTests.TwoGateways>
{
    private const int Callers = 10;

    public sealed class TwoGateways : OAuthFixture, IAsyncLifetime
    {
        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await StartSecondAsync();
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            await StopSecondAsync();
            await DisposeAsync();
        }
    }

    [Fact]
    public async Task Code_is_redeemed_once_and_its_reuse_ends_what_came_of_it()
    {
        var client = await gateway.AddClientAsync();
        var code = await gateway.ConsentAsync(client);

        var tokens = await OnceAsync(400, "invalid_grant", server => gateway.RedeemAsync(client, code, gateway: server));

        Assert.False(await gateway.IsActiveAsync(client, tokens.Text("access_token")));
    }

    [Fact]
    public async Task Refresh_token_is_redeemed_once_and_its_reuse_ends_the_family()
    {
        var client = await gateway.AddPublicClientAsync();
        var first = await gateway.TokensAsync(client);

        var second = await OnceAsync(400, "invalid_grant", server => gateway.RefreshAsync(client, first.Text("refresh_token"), gateway: server));

        (await gateway.RefreshAsync(client, second.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
    }

    [Fact]
    public async Task Device_code_is_redeemed_once()
    {
        var client = await gateway.AddPublicClientAsync();
        var started = (await gateway.PostAsync("/oauth/device_authorization", client, [("scope", "catalog:read")])).ShouldSucceed();
        await gateway.DecideAsync(started.Text("user_code"), allow: true);

        await OnceAsync(400, "invalid_grant", server => gateway.PostAsync(
            "/oauth/token", client, [("grant_type", GrantTypes.DeviceCode), ("device_code", started.Text("device_code"))], gateway: server));
    }

    [Fact]
    public async Task Assertion_is_good_once()
    {
        using var key = new TestKey();
        var client = await gateway.AddClientAsync(client => client with { AuthMethod = AuthMethods.PrivateKeyJwt, Secrets = [], Keys = new([key.Public]) });
        var assertion = key.Assertion(client.ClientId, OAuthFixture.Issuer, gateway.Clock.GetUtcNow());

        await OnceAsync(401, "invalid_client", server => gateway.PostAsync("/oauth/token", client,
            [("grant_type", "client_credentials"), ("client_assertion_type", PresentedClient.AssertionType), ("client_assertion", assertion)], gateway: server));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Proof_is_good_once(bool withCodes)
    {
        using var key = new TestKey();
        var client = await gateway.AddClientAsync();
        var proof = key.Proof("POST", OAuthFixture.Issuer + "/oauth/token", gateway.Clock.GetUtcNow());
        var codes = new Queue<string>();
        for (var i = 0; i < Callers; i++)
        {
            codes.Enqueue(await gateway.ConsentAsync(client));
        }

        var tokens = await OnceAsync(400, "invalid_dpop_proof", server => withCodes
            ? gateway.RedeemAsync(client, codes.Dequeue(), proof, server)
            : gateway.PostAsync("/oauth/token", client, [("grant_type", "client_credentials"), ("scope", "catalog:read")], proof, server));

        Assert.Equal(("DPoP", key.Thumbprint), (tokens.Text("token_type"), gateway.Read(tokens.Text("access_token")).Thumbprint));
    }

    [Fact]
    public async Task Pushed_request_becomes_one_code()
    {
        var client = await gateway.AddClientAsync();
        var pushed = (await gateway.PostAsync("/oauth/par", client,
        [
            ("response_type", "code"), ("redirect_uri", OAuthFixture.RedirectUri), ("code_challenge", Pkce.Challenge(OAuthFixture.Verifier)), ("code_challenge_method", "S256"),
        ])).ShouldSucceed(HttpStatusCode.Created);
        var hash = SecretHash.Of(pushed.Text("request_uri")[AuthorizationEntry.RequestUriPrefix.Length..]);
        await using var connection = await gateway.OpenDatabaseAsync();
        var kept = (await new PushedRequests(connection).FindAsync(hash, gateway.Clock.GetUtcNow(), CancellationToken.None))!;
        Assert.True(new AuthorizationRequestReader(gateway.Policy).TryRead(RequestParameters.FromJson(kept.Parameters).Value, client.ToClient(gateway.Policy, OAuth.Jose.JwkSet.Empty),
            isPushed: true, gateway.Clock.GetUtcNow(), out var request, out _));

        var codes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            await using var own = await gateway.OpenDatabaseAsync();
            await using var transaction = await own.BeginTransactionAsync();
            var code = await IssueCode.RunAsync(transaction, request!, gateway.GrantOf(client.ClientId, request!), hash, gateway.Policy, gateway.Clock, CancellationToken.None);
            await transaction.CommitAsync();
            return code;
        })));

        Assert.Single(codes.OfType<string>());
        Assert.Equal(1, await connection.QuerySingleAsync<long>("select count(*) from identity.grants where client_id = @ClientId", new { client.ClientId }));
    }

    [Fact]
    public async Task Code_is_not_redeemed_while_its_grant_is_revoked()
    {
        var client = await gateway.AddClientAsync();
        for (var round = 0; round < 10; round++)
        {
            var code = await gateway.ConsentAsync(client);
            await using var connection = await gateway.OpenDatabaseAsync();
            var grant = await connection.QuerySingleAsync<string>("select id from identity.grants where client_id = @ClientId order by created_at desc, id desc limit 1", new { client.ClientId });

            var redeeming = gateway.RedeemAsync(client, code, gateway: gateway.Other);
            await using (var transaction = await connection.BeginTransactionAsync())
            {
                await gateway.App.Services.GetRequiredService<GrantEnding>().RevokeAsync(transaction, grant, "usr_test", gateway.Clock.GetUtcNow(), CancellationToken.None);
                await transaction.CommitAsync();
            }
            var answer = await redeeming;

            // Either it was revoked first and nothing came of the code, or what came of it is revoked.
            if (answer.Status == HttpStatusCode.OK)
            {
                Assert.False(await gateway.IsActiveAsync(client, answer.Text("access_token")));
                (await gateway.RefreshAsync(client, answer.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
            }
            else
            {
                answer.ShouldBe(400, "invalid_grant");
            }
        }
    }

    private async Task<Answer> OnceAsync(int status, string error, Func<HttpClient, Task<Answer>> redeem)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => redeem(i % 2 == 0 ? gateway.Client : gateway.Other)));

        var success = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != success), answer => answer.ShouldBe(status, error));
        return success;
    }
}
