using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>Tokens that are bound to a key (RFC 9449), from the first request to the last.</summary>
public sealed class DpopTests(OAuthFixture gateway) : IClassFixture<OAuthFixture>, IDisposable
{
    private const string Token = OAuthFixture.Issuer + "/oauth/token";

    private readonly TestKey _key = new();
    private readonly TestKey _other = new();

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Client_that_has_to_prove_a_key_is_asked_for_a_nonce_and_then_gets_its_token()
    {
        var client = await gateway.AddClientAsync(client => client with { RequireDpop = true });
        (string, string)[] form = [("grant_type", "client_credentials")];

        (await gateway.PostAsync("/oauth/token", client, form)).ShouldBe(400, "invalid_dpop_proof");
        var asked = await gateway.PostAsync("/oauth/token", client, form, Proof(_key));
        asked.ShouldBe(400, "use_dpop_nonce");
        var nonce = asked.Headers.GetValues("DPoP-Nonce").Single();
        var answer = (await gateway.PostAsync("/oauth/token", client, form, Proof(_key, nonce))).ShouldSucceed();

        Assert.Equal("DPoP", answer.Text("token_type"));
        Assert.Equal(_key.Thumbprint, gateway.Read(answer.Text("access_token")).Thumbprint);
    }

    [Fact]
    public async Task Nonce_is_sent_anew_when_it_is_near_its_end_and_refused_when_it_is_over()
    {
        var client = await gateway.AddClientAsync(client => client with { RequireDpop = true });
        (string, string)[] form = [("grant_type", "client_credentials")];
        var nonce = (await gateway.PostAsync("/oauth/token", client, form, Proof(_key))).Headers.GetValues("DPoP-Nonce").Single();
        Assert.False((await gateway.PostAsync("/oauth/token", client, form, Proof(_key, nonce))).ShouldSucceed().Headers.Contains("DPoP-Nonce"));

        gateway.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.True((await gateway.PostAsync("/oauth/token", client, form, Proof(_key, nonce))).ShouldSucceed().Headers.Contains("DPoP-Nonce"));

        gateway.Clock.Advance(TimeSpan.FromMinutes(2));
        (await gateway.PostAsync("/oauth/token", client, form, Proof(_key, nonce))).ShouldBe(400, "use_dpop_nonce");
    }

    [Theory]
    [InlineData(-61, false)]
    [InlineData(-50, true)]
    [InlineData(9, true)]
    [InlineData(30, false)]
    public async Task Proof_is_for_now(int seconds, bool isGood)
    {
        var client = await gateway.AddClientAsync();
        var proof = _key.Proof("POST", Token, gateway.Clock.GetUtcNow().AddSeconds(seconds));

        var answer = await gateway.PostAsync("/oauth/token", client, [("grant_type", "client_credentials")], proof);

        Assert.Equal(isGood ? null : "invalid_dpop_proof", answer.Error);
    }

    [Theory]
    [InlineData("GET", Token)]
    [InlineData("POST", "https://shop.example/oauth/par")]
    [InlineData("POST", "https://other.example/oauth/token")]
    [InlineData("POST", "http://127.0.0.1/oauth/token")]
    public async Task Proof_of_something_else_is_refused_and_burns_nothing(string method, string uri)
    {
        var client = await gateway.AddClientAsync();
        var code = await gateway.ConsentAsync(client);

        (await gateway.RedeemAsync(client, code, _key.Proof(method, uri, gateway.Clock.GetUtcNow()))).ShouldBe(400, "invalid_dpop_proof");

        (await gateway.RedeemAsync(client, code, Proof(_key))).ShouldSucceed();
    }

    [Fact]
    public async Task Refused_request_does_not_use_the_proof_up()
    {
        var client = await gateway.AddClientAsync();
        var proof = Proof(_key);

        (await gateway.RedeemAsync(client, "unknown", proof)).ShouldBe(400, "invalid_grant");

        (await gateway.RedeemAsync(client, await gateway.ConsentAsync(client), proof)).ShouldSucceed();
    }

    [Fact]
    public async Task Code_that_is_bound_to_a_key_is_for_that_key_alone()
    {
        var client = await gateway.AddClientAsync();
        var code = await gateway.ConsentAsync(client, thumbprint: _key.Thumbprint);

        (await gateway.RedeemAsync(client, code)).ShouldBe(400, "invalid_grant");
        (await gateway.RedeemAsync(client, code, Proof(_other))).ShouldBe(400, "invalid_grant");
        (await gateway.RedeemAsync(client, code, Proof(_key))).ShouldSucceed();
    }

    [Fact]
    public async Task Refresh_token_of_a_public_client_is_bound_to_its_key()
    {
        var client = await gateway.AddPublicClientAsync();
        var refresh = (await gateway.TokensAsync(client, proof: Proof(_key))).Text("refresh_token");

        (await gateway.RefreshAsync(client, refresh)).ShouldBe(400, "invalid_grant");
        (await gateway.RefreshAsync(client, refresh, Proof(_other))).ShouldBe(400, "invalid_grant");
        Assert.Equal("DPoP", (await gateway.RefreshAsync(client, refresh, Proof(_key))).ShouldSucceed().Text("token_type"));
    }

    [Fact]
    public async Task Static_refresh_token_stays_the_same()
    {
        var client = await gateway.AddClientAsync(client => client with { Refresh = OAuth.Clients.RefreshPolicy.Static });
        var refresh = (await gateway.TokensAsync(client, proof: Proof(_key))).Text("refresh_token");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(refresh, (await gateway.RefreshAsync(client, refresh, Proof(_key))).ShouldSucceed().Text("refresh_token"));
        }
    }

    [Fact]
    public async Task Bound_token_is_exchanged_only_with_its_key()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, proof: Proof(_key));
        (string, string)[] form =
        [
            ("grant_type", GrantTypes.TokenExchange), ("subject_token", tokens.Text("access_token")), ("subject_token_type", ExchangeTokenRequest.AccessTokenType), ("scope", "catalog:read"),
        ];

        (await gateway.PostAsync("/oauth/token", client, form)).ShouldBe(400, "invalid_dpop_proof");
        (await gateway.PostAsync("/oauth/token", client, form, Proof(_key))).ShouldSucceed();
    }

    [Fact]
    public async Task Pushed_request_is_bound_to_the_key_of_its_proof()
    {
        var client = await gateway.AddClientAsync();
        (string, string)[] form =
        [
            ("response_type", "code"), ("redirect_uri", OAuthFixture.RedirectUri), ("code_challenge", Pkce.Challenge(OAuthFixture.Verifier)), ("code_challenge_method", "S256"),
        ];
        string OfPar() => _key.Proof("POST", OAuthFixture.Issuer + "/oauth/par", gateway.Clock.GetUtcNow());

        (await gateway.PostAsync("/oauth/par", client, [.. form, ("dpop_jkt", _other.Thumbprint)], OfPar())).ShouldBe(400, "invalid_dpop_proof");
        (await gateway.PostAsync("/oauth/par", client, [.. form, ("dpop_jkt", _key.Thumbprint)], OfPar())).ShouldSucceed(System.Net.HttpStatusCode.Created);
    }

    private string Proof(TestKey key, string? nonce = null) => key.Proof("POST", Token, gateway.Clock.GetUtcNow(), nonce);
}
