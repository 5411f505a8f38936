using System.Net;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>PostgreSQL goes away and comes back: what has to be durable is refused for the time being, in the standards' form, and nothing is used up by it.</summary>
public sealed class OutageTests(OutageTests.Gateway gateway) : IClassFixture<OutageTests.Gateway>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public sealed class Gateway : OAuthFixture, IAsyncLifetime
    {
        public CutWire Wire { get; private set; } = null!;

        protected override GatewaySettings Configure(GatewaySettings settings) =>
            base.Configure(settings) with { ConnectionString = (Wire ??= new CutWire(settings.ConnectionString)).ConnectionString };

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            Wire.Dispose();
        }
    }

    [Fact]
    public async Task What_has_to_be_durable_waits_and_nothing_is_lost()
    {
        using var key = new TestKey();
        var client = await gateway.AddClientAsync();
        var prover = await gateway.AddClientAsync(other => other with { AuthMethod = AuthMethods.PrivateKeyJwt, Secrets = [], Keys = new JwkSet([key.Public]) });
        var code = await gateway.ConsentAsync(client, "offline_access catalog:read");
        var refresh = (await gateway.TokensAsync(client, "offline_access catalog:read")).Text("refresh_token");
        (await AskAsync(prover, key)).ShouldSucceed();

        gateway.Wire.Cut();

        await UnavailableAsync(() => gateway.RedeemAsync(client, code));
        await UnavailableAsync(() => gateway.RefreshAsync(client, refresh));
        await UnavailableAsync(() => AskAsync(prover, key));
        await UnavailableAsync(() => gateway.PostAsync("/oauth/par", client,
            [("response_type", "code"), ("redirect_uri", OAuthFixture.RedirectUri), ("code_challenge", Pkce.Challenge(OAuthFixture.Verifier)), ("code_challenge_method", "S256")]));
        await UnavailableAsync(() => gateway.PostAsync("/oauth/device_authorization", client, [("scope", "catalog:read")]));
        await UnavailableAsync(() => gateway.PostAsync("/oauth/revoke", client, [("token", refresh)]));
        using var keys = await gateway.Client.GetAsync("/oauth/jwks");
        using var metadata = await gateway.Client.GetAsync("/.well-known/oauth-authorization-server");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (keys.StatusCode, metadata.StatusCode));

        gateway.Wire.Mend();

        await UntilAsync(async () => (await AskAsync(prover, key)).Status == HttpStatusCode.OK);
        (await gateway.RedeemAsync(client, code)).ShouldSucceed();
        (await gateway.RefreshAsync(client, refresh)).ShouldSucceed();
    }

    private async Task<Answer> AskAsync(CustobotGateway.Identity.Clients.ClientRecord client, TestKey key) => await gateway.PostAsync("/oauth/token",
        [("grant_type", "client_credentials"), ("client_assertion_type", PresentedClient.AssertionType),
         ("client_assertion", key.Assertion(client.ClientId, OAuthFixture.Issuer, gateway.Clock.GetUtcNow()))]);

    private static async Task UnavailableAsync(Func<Task<Answer>> ask)
    {
        var answer = await ask();
        answer.ShouldBe(503, "temporarily_unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
