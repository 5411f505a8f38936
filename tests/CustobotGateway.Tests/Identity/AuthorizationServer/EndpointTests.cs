using System.Net;
using System.Text.Json;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>What each endpoint is there for.</summary>
public sealed class EndpointTests(OAuthFixture gateway) : IClassFixture<OAuthFixture>
{
    private const string Mandate = """
        [{"type":"purchase_mandate","actions":["quote","purchase"],"currency":"EUR","limits":{"per_order":15000,"total":100000},"not_after":"2036-12-31T23:59:59Z"}]
        """;

    [Fact]
    public async Task Metadata_are_the_same_bytes_at_both_addresses_and_name_what_is_offered()
    {
        var one = await gateway.Client.GetByteArrayAsync("/.well-known/oauth-authorization-server");
        var other = await gateway.Client.GetByteArrayAsync("/.well-known/openid-configuration");

        Assert.Equal(one, other);
        var metadata = JsonElement.Parse(one);
        Assert.Equal("https://shop.example", metadata.GetProperty("issuer").GetString());
        foreach (var (member, path) in new[]
        {
            ("authorization_endpoint", "/oauth/authorize"), ("token_endpoint", "/oauth/token"), ("pushed_authorization_request_endpoint", "/oauth/par"),
            ("introspection_endpoint", "/oauth/introspect"), ("revocation_endpoint", "/oauth/revoke"), ("device_authorization_endpoint", "/oauth/device_authorization"),
            ("registration_endpoint", "/oauth/register"), ("jwks_uri", "/oauth/jwks"), ("userinfo_endpoint", "/oauth/userinfo"),
        })
        {
            Assert.Equal("https://shop.example" + path, metadata.GetProperty(member).GetString());
        }
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/oauth/jwks")]
    public async Task Published_documents_may_be_read_by_any_page_and_kept_for_a_while(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Origin", "https://app.example" }, { "Host", "evil.example" } } };
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.True(answer.Headers.CacheControl is { Public: true, MaxAge: { } age } && age > TimeSpan.Zero);
        Assert.DoesNotContain("evil.example", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AuthMethods.SecretBasic)]
    [InlineData(AuthMethods.SecretPost)]
    [InlineData(AuthMethods.PrivateKeyJwt)]
    public async Task Client_gets_a_token_of_its_own_in_the_way_it_is_registered_for(string method)
    {
        using var key = new TestKey();
        var client = await gateway.AddClientAsync(client => client with
        {
            AuthMethod = method,
            Secrets = AuthMethods.UsesSecret(method) ? client.Secrets : [],
            Keys = method == AuthMethods.PrivateKeyJwt ? new([key.Public]) : null,
        });
        (string, string)[] form = [("grant_type", "client_credentials"), ("scope", "catalog:read")];
        if (method == AuthMethods.PrivateKeyJwt)
        {
            form = [.. form, ("client_assertion_type", PresentedClient.AssertionType), ("client_assertion", key.Assertion(client.ClientId, OAuthFixture.Issuer, gateway.Clock.GetUtcNow()))];
        }

        var answer = (await gateway.PostAsync("/oauth/token", client, form)).ShouldSucceed();

        Assert.Equal(("Bearer", "catalog:read", 600), (answer.Text("token_type"), answer.Text("scope"), answer.Body.GetProperty("expires_in").GetInt32()));
        Assert.False(answer.Body.TryGetProperty("refresh_token", out _));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var token = gateway.Read(answer.Text("access_token"));
        Assert.Equal(("client:" + client.ClientId, client.ClientId, "https://shop.example/v1"), (token.Subject, token.ClientId, token.Audience));
    }

    [Fact]
    public async Task Code_becomes_tokens_with_what_the_person_granted()
    {
        var client = await gateway.AddClientAsync();
        var code = await gateway.ConsentAsync(client, "openid catalog:read checkout", details: Mandate, nonce: "n-1");

        var answer = (await gateway.RedeemAsync(client, code)).ShouldSucceed();

        var token = gateway.Read(answer.Text("access_token"));
        Assert.Equal(("usr_test", client.ClientId, "catalog:read checkout openid"), (token.Subject, token.ClientId, token.Scopes.ToString()));
        Assert.StartsWith("grt_", token.GrantId, StringComparison.Ordinal);
        var mandate = answer.Body.GetProperty("authorization_details")[0];
        Assert.StartsWith("mdt_", mandate.GetProperty("mandate_id").GetString(), StringComparison.Ordinal);
        Assert.Equal(15_000, mandate.GetProperty("limits").GetProperty("per_order").GetInt32());
        Assert.Equal(mandate.GetRawText(), token.Details!.Elements[0].GetRawText());
        var claims = JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(answer.Text("id_token").Split('.')[1]));
        Assert.Equal(("usr_test", client.ClientId, "n-1"), (claims.GetProperty("sub").GetString(), claims.GetProperty("aud").GetString(), claims.GetProperty("nonce").GetString()));
    }

    [Fact]
    public async Task Refresh_token_is_replaced_and_its_reuse_ends_everything_from_the_grant()
    {
        var client = await gateway.AddPublicClientAsync();
        var first = await gateway.TokensAsync(client);
        var second = (await gateway.RefreshAsync(client, first.Text("refresh_token"))).ShouldSucceed();
        Assert.NotEqual(first.Text("refresh_token"), second.Text("refresh_token"));

        (await gateway.RefreshAsync(client, first.Text("refresh_token"))).ShouldBe(400, "invalid_grant");

        (await gateway.RefreshAsync(client, second.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
    }

    [Fact]
    public async Task Device_gets_its_tokens_once_the_person_has_agreed()
    {
        var client = await gateway.AddPublicClientAsync();
        var started = (await gateway.PostAsync("/oauth/device_authorization", client, [("scope", "catalog:read"), ("authorization_details", Mandate)])).ShouldSucceed();
        (string, string)[] poll = [("grant_type", GrantTypes.DeviceCode), ("device_code", started.Text("device_code"))];
        Assert.Equal("https://shop.example/device", started.Text("verification_uri"));
        (await gateway.PostAsync("/oauth/token", client, poll)).ShouldBe(400, "authorization_pending");
        (await gateway.PostAsync("/oauth/token", client, poll)).ShouldBe(400, "slow_down");

        await gateway.DecideAsync(started.Text("user_code"), allow: true);
        gateway.Clock.Advance(TimeSpan.FromSeconds(11));

        var tokens = (await gateway.PostAsync("/oauth/token", client, poll)).ShouldSucceed();
        Assert.Equal("usr_test", gateway.Read(tokens.Text("access_token")).Subject);
        Assert.Equal(15_000, tokens.Body.GetProperty("authorization_details")[0].GetProperty("limits").GetProperty("per_order").GetInt32());
        (await gateway.PostAsync("/oauth/token", client, poll)).ShouldBe(400, "invalid_grant");
    }

    [Fact]
    public async Task Token_is_exchanged_for_a_narrower_one_that_names_who_acts()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, "catalog:read checkout");

        var answer = (await gateway.PostAsync("/oauth/token", client,
        [
            ("grant_type", GrantTypes.TokenExchange), ("subject_token", tokens.Text("access_token")), ("subject_token_type", ExchangeTokenRequest.AccessTokenType),
            ("scope", "catalog:read"), ("resource", "https://shop.example/graphql"),
        ])).ShouldSucceed();

        Assert.Equal(ExchangeTokenRequest.AccessTokenType, answer.Text("issued_token_type"));
        var token = gateway.Read(answer.Text("access_token"), "https://shop.example/graphql");
        Assert.Equal(("usr_test", "catalog:read", "client:" + client.ClientId), (token.Subject, token.Scopes.ToString(), token.Actor!.Subject));
    }

    [Fact]
    public async Task Introspection_tells_the_client_and_the_resource_and_nobody_else()
    {
        var client = await gateway.AddClientAsync();
        var resource = await gateway.AddClientAsync(one => one with { GrantTypes = [], Resources = ["/v1"] });
        var stranger = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client);

        Assert.True(await gateway.IsActiveAsync(client, tokens.Text("access_token")));
        Assert.True(await gateway.IsActiveAsync(resource, tokens.Text("access_token")));
        Assert.False(await gateway.IsActiveAsync(stranger, tokens.Text("access_token")));
        Assert.True(await gateway.IsActiveAsync(client, tokens.Text("refresh_token")));
        Assert.False(await gateway.IsActiveAsync(stranger, tokens.Text("refresh_token")));
        Assert.False(await gateway.IsActiveAsync(client, "nonsense"));
    }

    [Fact]
    public async Task Revoking_the_refresh_token_ends_the_access_token_with_it()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client);
        var others = await gateway.TokensAsync(client);

        (await gateway.PostAsync("/oauth/revoke", client, [("token", tokens.Text("refresh_token")), ("token_type_hint", "access_token")])).ShouldSucceed();

        Assert.False(await gateway.IsActiveAsync(client, tokens.Text("access_token")));
        Assert.True(await gateway.IsActiveAsync(client, others.Text("access_token")));
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
    }

    [Fact]
    public async Task Revoking_an_access_token_ends_it_alone()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client);

        (await gateway.PostAsync("/oauth/revoke", client, [("token", tokens.Text("access_token"))])).ShouldSucceed();

        Assert.False(await gateway.IsActiveAsync(client, tokens.Text("access_token")));
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"))).ShouldSucceed();
    }

    [Fact]
    public async Task Request_is_pushed_and_gets_a_reference()
    {
        var client = await gateway.AddClientAsync();

        var answer = (await gateway.PostAsync("/oauth/par", client,
        [
            ("response_type", "code"), ("redirect_uri", OAuthFixture.RedirectUri), ("code_challenge", Pkce.Challenge(OAuthFixture.Verifier)), ("code_challenge_method", "S256"),
        ])).ShouldSucceed(HttpStatusCode.Created);

        Assert.StartsWith(AuthorizationEntry.RequestUriPrefix, answer.Text("request_uri"), StringComparison.Ordinal);
        Assert.InRange(answer.Body.GetProperty("expires_in").GetInt32(), 5, 599);
    }

    [Fact]
    public async Task Client_registers_itself_and_begins_a_device_flow()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/register")
        {
            Content = new StringContent("""
                {"client_name":"New","redirect_uris":["http://127.0.0.1/callback"],"token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token","urn:ietf:params:oauth:grant-type:device_code"]}
                """, System.Text.Encoding.UTF8, "application/json"),
        };

        var answer = (await gateway.SendAsync(request)).ShouldSucceed(HttpStatusCode.Created);

        Assert.False(answer.Body.TryGetProperty("client_secret", out _));
        Assert.DoesNotContain("staff", answer.Text("scope"), StringComparison.Ordinal);
        (await gateway.PostAsync("/oauth/device_authorization", [("client_id", answer.Text("client_id"))])).ShouldSucceed();
    }

    [Fact]
    public async Task Person_of_a_token_is_told_to_who_holds_it()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/oauth/userinfo") { Headers = { Authorization = new("Bearer", tokens.Text("access_token")) } };

        Assert.Equal("usr_test", (await gateway.SendAsync(request)).ShouldSucceed().Text("sub"));
    }
}
