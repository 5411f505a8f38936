using System.Net;
using System.Text.Json.Nodes;
using CustobotGateway.Identity.Clients;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.Tests.Identity.AuthorizationServer;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.Clients;

/// <summary>What lies at addresses that clients name: their keys, and their metadata where the address is their id.</summary>
public sealed class ClientDocumentTests(ClientDocumentTests.Gateway gateway) : IClassFixture<ClientDocumentTests.Gateway>
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(31);

    public sealed class Gateway : OAuthFixture, IAsyncLifetime
    {
        public Publisher Publisher { get; private set; } = null!;

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddSingleton(_ => Publisher.Fetch());
        }

        async Task IAsyncLifetime.InitializeAsync()
        {
            Publisher = await Publisher.StartAsync();
            await InitializeAsync();
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            await Publisher.DisposeAsync();
        }
    }

    [Fact]
    public async Task Keys_at_an_address_are_fetched_once_and_again_when_one_is_not_known()
    {
        using var first = new TestKey();
        using var second = new TestKey();
        gateway.Publisher.Documents["/keys"] = SetOf((first, "one"));
        var client = await gateway.AddClientAsync(client => client with { AuthMethod = AuthMethods.PrivateKeyJwt, Secrets = [], JwksUri = gateway.Publisher.Url + "/keys" });

        (await AskAsync(client, first, "one")).ShouldSucceed();
        (await AskAsync(client, first, "one")).ShouldSucceed();
        Assert.Equal(1, gateway.Publisher.Asked("/keys"));

        // The client rotates. Whoever names a key that nobody knows cannot make the gateway ask again and again.
        gateway.Publisher.Documents["/keys"] = SetOf((first, "one"), (second, "two"));
        (await AskAsync(client, second, "two")).ShouldBe(401, "invalid_client");
        (await AskAsync(client, second, "two")).ShouldBe(401, "invalid_client");
        Assert.Equal(1, gateway.Publisher.Asked("/keys"));
        gateway.Clock.Advance(HalfAMinute);
        (await AskAsync(client, second, "two")).ShouldSucceed();
        (await AskAsync(client, first, "one")).ShouldSucceed();
        Assert.Equal(2, gateway.Publisher.Asked("/keys"));
    }

    [Fact]
    public async Task Keys_that_cannot_be_had_prove_nothing()
    {
        using var key = new TestKey();
        var client = await gateway.AddClientAsync(client => client with { AuthMethod = AuthMethods.PrivateKeyJwt, Secrets = [], JwksUri = gateway.Publisher.Url + "/missing" });

        (await AskAsync(client, key, null)).ShouldBe(401, "invalid_client");
        gateway.Publisher.Documents["/missing"] = "no keys";
        gateway.Clock.Advance(HalfAMinute);
        (await AskAsync(client, key, null)).ShouldBe(401, "invalid_client");
    }

    [Fact]
    public async Task Client_whose_id_is_an_address_is_what_its_document_says()
    {
        using var key = new TestKey();
        var id = gateway.Publisher.Url + "/client";
        gateway.Publisher.Documents["/client"] = new JsonObject
        {
            ["client_id"] = id,
            ["client_name"] = "Agent of the tests",
            ["redirect_uris"] = new JsonArray(OAuthFixture.RedirectUri),
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["jwks"] = JsonNode.Parse(SetOf((key, "one"))),
        }.ToJsonString();

        // The person is to log in for it: the client and its address are known.
        using var asked = await gateway.Client.GetAsync(AuthorizeAddress(id, OAuthFixture.RedirectUri));
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Contains("Agent of the tests", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var elsewhere = await gateway.Client.GetAsync(AuthorizeAddress(id, "https://evil.example/callback"));
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);

        // Its code is redeemed with its key and with no other; nobody registered it, so it gets nothing for itself.
        var client = (await gateway.App.Services.GetRequiredService<ClientStore>().FindAsync(id, CancellationToken.None))!;
        Assert.False(client.IsVerified);
        var record = new ClientRecord { ClientId = id, CreatedBy = ClientOrigin.Document, AuthMethod = AuthMethods.PrivateKeyJwt };
        var code = await gateway.ConsentAsync(record, "catalog:read");
        (string, string)[] form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", OAuthFixture.RedirectUri), ("code_verifier", OAuthFixture.Verifier)];
        using var stranger = new TestKey();
        (await PostAsync(id, stranger, "one", form)).ShouldBe(401, "invalid_client");
        (await PostAsync(id, key, "one", form)).ShouldSucceed();
        (await PostAsync(id, key, "one", ("grant_type", "client_credentials"))).ShouldBe(400, "unauthorized_client");
        Assert.Equal(1, gateway.Publisher.Asked("/client"));
    }

    [Theory]
    [InlineData("/other-id", """{"client_id":"https://127.0.0.1/other","redirect_uris":["https://client.example/callback"]}""")]
    [InlineData("/secret", """{"client_id":"$ID","client_secret":"x","redirect_uris":["https://client.example/callback"]}""")]
    [InlineData("/secret-method", """{"client_id":"$ID","token_endpoint_auth_method":"client_secret_basic","redirect_uris":["https://client.example/callback"]}""")]
    [InlineData("/script", """{"client_id":"$ID","redirect_uris":["javascript:alert(1)"]}""")]
    [InlineData("/text", "no JSON")]
    [InlineData("/nothing", null)]
    public async Task Document_that_is_not_in_order_makes_no_client_and_nobody_is_redirected(string path, string? document)
    {
        var id = gateway.Publisher.Url + path;
        if (document is not null)
        {
            gateway.Publisher.Documents[path] = document.Replace("$ID", id, StringComparison.Ordinal);
        }

        using var answer = await gateway.Client.GetAsync(AuthorizeAddress(id, OAuthFixture.RedirectUri));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Equal(1, gateway.Publisher.Asked(path));
    }

    private static string AuthorizeAddress(string clientId, string redirectUri) =>
        $"/oauth/authorize?response_type=code&scope=catalog%3Aread&client_id={Uri.EscapeDataString(clientId)}&redirect_uri={Uri.EscapeDataString(redirectUri)}" +
        $"&code_challenge={Pkce.Challenge(OAuthFixture.Verifier)}&code_challenge_method=S256";

    private static string SetOf(params (TestKey Key, string Name)[] keys)
    {
        var set = new JsonArray();
        foreach (var (key, name) in keys)
        {
            var jwk = (JsonObject)key.Jwk.DeepClone();
            jwk["kid"] = name;
            set.Add(jwk);
        }
        return new JsonObject { ["keys"] = set }.ToJsonString();
    }

    private Task<Answer> AskAsync(ClientRecord client, TestKey key, string? keyId) => PostAsync(client.ClientId, key, keyId, ("grant_type", "client_credentials"), ("scope", "catalog:read"));

    private Task<Answer> PostAsync(string clientId, TestKey key, string? keyId, params (string, string)[] form)
    {
        var now = gateway.Clock.GetUtcNow().ToUnixTimeSeconds();
        var header = keyId is null ? new JsonObject() : new JsonObject { ["kid"] = keyId };
        var assertion = key.Sign(header, new JsonObject
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = OAuthFixture.Issuer,
            ["jti"] = Guid.NewGuid().ToString("n"),
            ["iat"] = now,
            ["exp"] = now + 60,
        });
        return gateway.PostAsync("/oauth/token", [.. form, ("client_assertion_type", PresentedClient.AssertionType), ("client_assertion", assertion)]);
    }
}
