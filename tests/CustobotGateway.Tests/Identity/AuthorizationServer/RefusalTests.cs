using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CustobotGateway.Identity.Clients;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>What the endpoints refuse: each test starts from a request that passes and changes one thing.</summary>
public sealed class RefusalTests(OAuthFixture gateway) : IClassFixture<OAuthFixture>
{
    private static readonly string[] Endpoints = ["/oauth/token", "/oauth/par", "/oauth/introspect", "/oauth/revoke", "/oauth/device_authorization"];

    public static TheoryData<string> Paths => [.. Endpoints];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Anything_but_POST_is_refused_with_the_methods_that_are_offered(string path)
    {
        using var answer = await gateway.Client.GetAsync(path + "?grant_type=client_credentials");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Body_that_is_no_form_is_refused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };

        (await gateway.SendAsync(request)).ShouldBe(400, "invalid_request");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Body_that_is_too_large_is_refused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes("token=" + new string('a', 70_000))) { Headers = { ContentType = new("application/x-www-form-urlencoded") } },
        };

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await gateway.SendAsync(request)).Status);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Form_with_a_charset_is_read_and_unknown_clients_hear_no_more_than_wrong_secrets(string path)
    {
        var client = await gateway.AddClientAsync();
        var answers = new List<Answer>();
        foreach (var (id, secret) in new[] { (client.ClientId, "wrong"), ("nobody", "wrong"), ("nobody", "") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new ByteArrayContent("token=x&grant_type=client_credentials"u8.ToArray()) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded; charset=UTF-8") } },
                Headers = { Authorization = OAuthFixture.BasicOf(id, secret) },
            };
            answers.Add(await gateway.SendAsync(request));
        }

        Assert.All(answers, answer => answer.ShouldBe(401, "invalid_client"));
        Assert.All(answers, answer => Assert.Equal("Basic", answer.Headers.WwwAuthenticate.Single().Scheme));
        Assert.Equal(answers[0].Text("error_description"), answers[1].Text("error_description"));
    }

    [Theory]
    [InlineData("client_secret")]
    [InlineData("client_assertion")]
    [InlineData("refresh_token")]
    public async Task Credentials_in_the_address_are_refused(string name)
    {
        var client = await gateway.AddClientAsync();

        (await gateway.PostAsync($"/oauth/token?{name}=x", client, [("grant_type", "client_credentials")])).ShouldBe(400, "invalid_request");
    }

    [Fact]
    public async Task Client_that_authenticates_twice_or_in_another_way_is_refused()
    {
        var client = await gateway.AddClientAsync();
        (string, string)[] form = [("grant_type", "client_credentials"), ("client_id", client.ClientId), ("client_secret", OAuthFixture.Secret)];

        (await gateway.PostAsync("/oauth/token", form, OAuthFixture.BasicOf(client.ClientId, OAuthFixture.Secret))).ShouldBe(400, "invalid_request");
        (await gateway.PostAsync("/oauth/token", form)).ShouldBe(401, "invalid_client");
    }

    [Theory]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials", "invalid_request")]
    [InlineData("scope=catalog:read", "invalid_request")]
    [InlineData("grant_type=", "invalid_request")]
    [InlineData("grant_type=password&username=a&password=b", "unsupported_grant_type")]
    [InlineData("grant_type=implicit", "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials&scope=staff", "invalid_scope")]
    [InlineData("grant_type=client_credentials&scope=openid", "invalid_scope")]
    [InlineData("grant_type=client_credentials&scope=a%00b", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=catalog:read%20%20checkout", "invalid_scope")]
    [InlineData("grant_type=client_credentials&resource=https://elsewhere.example/v1", "invalid_target")]
    [InlineData("grant_type=client_credentials&resource=https://shop.example/v1/", "invalid_target")]
    [InlineData("grant_type=client_credentials&resource=https://shop.example/v1%23a", "invalid_target")]
    [InlineData("grant_type=client_credentials&resource=https://shop.example/v1&resource=https://shop.example/graphql", "invalid_target")]
    [InlineData("grant_type=client_credentials&authorization_details=[]", "invalid_authorization_details")]
    [InlineData("grant_type=client_credentials&authorization_details=[{%22type%22:%22purchase_mandate%22,%22actions%22:[%22quote%22],%22currency%22:%22EUR%22}]", "invalid_authorization_details")]
    [InlineData("grant_type=authorization_code", "invalid_request")]
    [InlineData("grant_type=authorization_code&code=unknown&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "invalid_grant")]
    [InlineData("grant_type=refresh_token", "invalid_request")]
    [InlineData("grant_type=refresh_token&refresh_token=unknown", "invalid_grant")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:device_code", "invalid_request")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=unknown", "invalid_grant")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:token-exchange", "invalid_request")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=x&subject_token_type=urn:ietf:params:oauth:token-type:access_token", "invalid_request")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=x&subject_token_type=urn:ietf:params:oauth:token-type:id_token", "invalid_request")]
    public async Task Token_request_is_refused_in_the_words_of_the_standards(string form, string error)
    {
        var client = await gateway.AddClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token")
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(form)) { Headers = { ContentType = new("application/x-www-form-urlencoded") } },
            Headers = { Authorization = OAuthFixture.BasicOf(client.ClientId, OAuthFixture.Secret) },
        };

        var answer = await gateway.SendAsync(request);

        answer.ShouldBe(400, error);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Grant_that_the_client_may_not_use_is_refused()
    {
        var client = await gateway.AddClientAsync(client => client with { GrantTypes = [GrantTypes.AuthorizationCode] });
        var open = await gateway.AddPublicClientAsync();

        (await gateway.PostAsync("/oauth/token", client, [("grant_type", "client_credentials")])).ShouldBe(400, "unauthorized_client");
        (await gateway.PostAsync("/oauth/token", open, [("grant_type", "client_credentials")])).ShouldBe(400, "unauthorized_client");
        Assert.False((await gateway.TokensAsync(client)).Body.TryGetProperty("refresh_token", out _));
    }

    [Theory]
    [InlineData("redirect_uri", "https://client.example/callback/")]
    [InlineData("redirect_uri", "")]
    [InlineData("code_verifier", "another-verifier-another-verifier-another-verifier")]
    [InlineData("code_verifier", "")]
    public async Task Code_with_anything_wrong_about_it_is_refused_and_stays_good(string name, string value)
    {
        var client = await gateway.AddClientAsync();
        var code = await gateway.ConsentAsync(client);
        (string Name, string Value)[] form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", OAuthFixture.RedirectUri), ("code_verifier", OAuthFixture.Verifier)];

        (await gateway.PostAsync("/oauth/token", client, [.. form.Where(pair => pair.Name != name), (name, value)])).ShouldBe(400, "invalid_grant");

        (await gateway.PostAsync("/oauth/token", client, form)).ShouldSucceed();
    }

    [Fact]
    public async Task Code_of_another_client_is_unknown_and_stays_good()
    {
        var (client, thief) = (await gateway.AddClientAsync(), await gateway.AddClientAsync());
        var code = await gateway.ConsentAsync(client);

        (await gateway.RedeemAsync(thief, code)).ShouldBe(400, "invalid_grant");

        (await gateway.RedeemAsync(client, code)).ShouldSucceed();
    }

    [Fact]
    public async Task Code_expires_after_a_minute()
    {
        var client = await gateway.AddClientAsync();
        var code = await gateway.ConsentAsync(client);

        gateway.Clock.Advance(TimeSpan.FromSeconds(61));

        (await gateway.RedeemAsync(client, code)).ShouldBe(400, "invalid_grant");
    }

    [Fact]
    public async Task Refresh_token_gives_no_more_than_was_granted_and_not_to_another()
    {
        var (client, thief) = (await gateway.AddClientAsync(), await gateway.AddClientAsync());
        var tokens = await gateway.TokensAsync(client, "catalog:read checkout");
        var refresh = tokens.Text("refresh_token");

        (await gateway.RefreshAsync(thief, refresh)).ShouldBe(400, "invalid_grant");
        (await gateway.RefreshAsync(client, refresh, more: ("scope", "catalog:read negotiations"))).ShouldBe(400, "invalid_scope");
        (await gateway.RefreshAsync(client, refresh, more: ("resource", "https://shop.example/graphql"))).ShouldBe(400, "invalid_target");
        var narrow = (await gateway.RefreshAsync(client, refresh, more: ("scope", "catalog:read"))).ShouldSucceed();
        Assert.Equal("catalog:read", narrow.Text("scope"));
        // The narrowing was of that access token alone.
        Assert.Equal("catalog:read checkout", (await gateway.RefreshAsync(client, narrow.Text("refresh_token"))).ShouldSucceed().Text("scope"));
    }

    [Fact]
    public async Task Details_are_narrowed_and_never_widened()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, details: """[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"per_order":5000,"total":5000}}]""");
        static string Of(int perOrder) => $$"""[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"per_order":{{perOrder}},"total":5000} }]""";

        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"), more: ("authorization_details", Of(5_001)))).ShouldBe(400, "invalid_authorization_details");
        var narrow = (await gateway.RefreshAsync(client, tokens.Text("refresh_token"), more: ("authorization_details", Of(100)))).ShouldSucceed();

        var mandate = narrow.Body.GetProperty("authorization_details")[0];
        Assert.Equal(100, mandate.GetProperty("limits").GetProperty("per_order").GetInt32());
        Assert.Equal(tokens.Body.GetProperty("authorization_details")[0].GetProperty("mandate_id").GetString(), mandate.GetProperty("mandate_id").GetString());
    }

    [Fact]
    public async Task Client_that_was_disabled_between_code_and_token_gets_nothing()
    {
        var client = await gateway.AddClientAsync();
        var (code, tokens) = (await gateway.ConsentAsync(client), await gateway.TokensAsync(client));

        // As another gateway does it: this one hears of it within half a second.
        await using (var connection = await gateway.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync("update identity.clients set enabled = false where client_id = @ClientId", new { client.ClientId });
        }

        (await gateway.RedeemAsync(client, code)).ShouldBe(400, "invalid_grant");
        (await gateway.RefreshAsync(client, tokens.Text("refresh_token"))).ShouldBe(400, "invalid_grant");
        await gateway.App.Services.GetRequiredService<ClientStore>().DisableAsync(client.ClientId, "test", CancellationToken.None);
        (await gateway.PostAsync("/oauth/token", client, [("grant_type", "client_credentials")])).ShouldBe(401, "invalid_client");
    }

    [Theory]
    [InlineData("https://shop.example/oauth/token")]
    [InlineData("https://shop.example/")]
    [InlineData("https://shop.example/oauth/par")]
    public async Task Assertion_for_another_audience_than_the_issuer_is_refused(string audience)
    {
        using var key = new TestKey();
        var client = await gateway.AddClientAsync(client => client with { AuthMethod = AuthMethods.PrivateKeyJwt, Secrets = [], Keys = new([key.Public]) });
        Task<Answer> AskAsync(System.Text.Json.Nodes.JsonNode aud, int seconds = 60) => gateway.PostAsync("/oauth/token", client,
            [("grant_type", "client_credentials"), ("client_assertion_type", PresentedClient.AssertionType), ("client_assertion", key.Assertion(client.ClientId, aud, gateway.Clock.GetUtcNow(), seconds))]);

        (await AskAsync(audience)).ShouldBe(401, "invalid_client");
        (await AskAsync(new System.Text.Json.Nodes.JsonArray(OAuthFixture.Issuer))).ShouldBe(401, "invalid_client");
        (await AskAsync(OAuthFixture.Issuer, 3_600)).ShouldBe(401, "invalid_client");
        (await AskAsync(OAuthFixture.Issuer)).ShouldSucceed();
    }

    [Theory]
    [InlineData("""{"redirect_uris":["javascript:alert(1)"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["http://app.example/cb"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["https://app.example/*"]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":[]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://app.example/cb"],"grant_types":["client_credentials"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://app.example/cb"],"scope":"staff"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://app.example/cb"],"token_endpoint_auth_method":"private_key_jwt"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://app.example/cb"],"software_statement":"x"}""", "invalid_software_statement")]
    [InlineData("""{"redirect_uris":["https://app.example/cb"],"redirect_uris":["https://evil.example/cb"]}""", "invalid_client_metadata")]
    [InlineData("[]", "invalid_client_metadata")]
    [InlineData("nonsense", "invalid_client_metadata")]
    public async Task Registration_is_refused(string json, string error)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/register") { Content = new StringContent(json, Encoding.UTF8, "application/json") };

        (await gateway.SendAsync(request)).ShouldBe(400, error);
    }

    [Fact]
    public async Task Exchange_is_for_who_is_named_and_never_for_more()
    {
        var (client, stranger) = (await gateway.AddClientAsync(), await gateway.AddClientAsync());
        var denied = await gateway.AddClientAsync(client => client with { ExchangeResources = null });
        var tokens = await gateway.TokensAsync(client, "catalog:read");
        Task<Answer> ExchangeAsync(ClientRecord caller, string subject, params (string, string)[] more) => gateway.PostAsync("/oauth/token", caller,
            [("grant_type", GrantTypes.TokenExchange), ("subject_token", subject), ("subject_token_type", ExchangeTokenRequest.AccessTokenType), .. more]);

        (await ExchangeAsync(stranger, tokens.Text("access_token"))).ShouldBe(400, "invalid_request");
        (await ExchangeAsync(denied, tokens.Text("access_token"))).ShouldBe(400, "unauthorized_client");
        (await ExchangeAsync(client, tokens.Text("access_token"), ("scope", "catalog:read checkout"))).ShouldBe(400, "invalid_scope");
        (await ExchangeAsync(client, tokens.Text("access_token"), ("resource", "https://elsewhere.example"))).ShouldBe(400, "invalid_target");
        (await ExchangeAsync(client, tokens.Text("refresh_token"))).ShouldBe(400, "invalid_request");
    }

    [Fact]
    public async Task Revoked_token_is_not_exchanged()
    {
        var client = await gateway.AddClientAsync();
        var tokens = await gateway.TokensAsync(client, "catalog:read");
        (await gateway.PostAsync("/oauth/revoke", client, [("token", tokens.Text("access_token"))])).ShouldSucceed();

        (await gateway.PostAsync("/oauth/token", client,
        [
            ("grant_type", GrantTypes.TokenExchange), ("subject_token", tokens.Text("access_token")), ("subject_token_type", ExchangeTokenRequest.AccessTokenType),
        ])).ShouldBe(400, "invalid_request");
    }

    [Fact]
    public async Task Another_client_cannot_revoke()
    {
        var (client, stranger) = (await gateway.AddClientAsync(), await gateway.AddClientAsync());
        var tokens = await gateway.TokensAsync(client);

        (await gateway.PostAsync("/oauth/revoke", stranger, [("token", tokens.Text("refresh_token"))])).ShouldSucceed();
        (await gateway.PostAsync("/oauth/revoke", stranger, [("token", tokens.Text("access_token"))])).ShouldSucceed();

        Assert.True(await gateway.IsActiveAsync(client, tokens.Text("access_token")));
        Assert.True(await gateway.IsActiveAsync(client, tokens.Text("refresh_token")));
    }

    [Fact]
    public async Task Public_client_cannot_introspect()
    {
        var client = await gateway.AddPublicClientAsync();

        (await gateway.PostAsync("/oauth/introspect", client, [("token", "x")])).ShouldBe(401, "invalid_client");
    }

    [Theory]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request")]
    [InlineData("request", "e30.e30.", "request_not_supported")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("redirect_uri", "https://client.example/callback?x", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("scope", "staff", "invalid_scope")]
    [InlineData("authorization_details", """[{"type":"purchase_mandate","actions":["quote"],"currency":"EUR","limits":{"total":-1}}]""", "invalid_authorization_details")]
    [InlineData("authorization_details", """[{"type":"purchase_mandate","actions":["quote"],"currency":"EUR","colour":"red"}]""", "invalid_authorization_details")]
    [InlineData("authorization_details", """[{"type":"purchase_mandate","actions":["quote"],"currency":"EUR","mandate_id":"mdt_1"}]""", "invalid_authorization_details")]
    public async Task Pushed_request_is_checked_when_it_comes(string name, string value, string error)
    {
        var client = await gateway.AddClientAsync();
        (string Name, string Value)[] form =
        [
            ("response_type", "code"), ("redirect_uri", OAuthFixture.RedirectUri), ("code_challenge", Pkce.Challenge(OAuthFixture.Verifier)), ("code_challenge_method", "S256"),
        ];

        (await gateway.PostAsync("/oauth/par", client, [.. form.Where(pair => pair.Name != name), (name, value)])).ShouldBe(400, error);
    }

    [Fact]
    public async Task Every_refusal_is_in_the_audit_trail_without_the_secret()
    {
        var client = await gateway.AddClientAsync();
        await gateway.PostAsync("/oauth/token", [("grant_type", "client_credentials")], OAuthFixture.BasicOf(client.ClientId, "a-guess-that-is-wrong"));
        (await gateway.PostAsync("/oauth/token", client, [("grant_type", "client_credentials"), ("scope", "staff")])).ShouldBe(400, "invalid_scope");
        (await gateway.PostAsync("/oauth/token", client, [("grant_type", "client_credentials")])).ShouldSucceed();

        Assert.True(await gateway.App.Services.GetRequiredService<CustobotGateway.Identity.AuditTrail>().WhenWrittenAsync(TimeSpan.FromSeconds(10)));

        await using var connection = await gateway.OpenDatabaseAsync();
        var rows = (await connection.QueryAsync<(string Kind, string? Code, string? Detail, string? Address)>(
            "select kind, code, detail::text, address::text from identity.audit where client_id = @ClientId order by id", new { client.ClientId })).AsList();
        Assert.Equal([null, "invalid_scope"], rows.Select(row => row.Code).Order());
        Assert.All(rows, row => Assert.StartsWith("127.0.0.1", row.Address, StringComparison.Ordinal));
        Assert.Equal(0, await connection.QuerySingleAsync<long>("select count(*) from identity.audit where detail::text like '%a-guess%' or detail::text like '%' || @Secret || '%'", new { OAuthFixture.Secret }));
        Assert.NotEqual(0, await connection.QuerySingleAsync<long>("select count(*) from identity.audit where code = 'invalid_client' and kind = 'token'"));
    }
}
