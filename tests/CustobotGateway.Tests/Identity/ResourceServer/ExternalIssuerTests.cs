using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.ResourceServer;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>Tokens of issuers elsewhere, by configuration.</summary>
public sealed class ExternalIssuerTests(ExternalIssuerTests.Gateway gateway) : IClassFixture<ExternalIssuerTests.Gateway>
{
    private const string Guarded = "/v1/demand/events";

    /// <summary>An issuer that publishes metadata and keys, and counts who asks.</summary>
    public sealed class Publisher : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Publisher()
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }
            _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port { get; }

        public string Issuer => $"http://127.0.0.1:{Port}/tenant";

        public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string KeyId { get; set; } = "k1";

        public int Asked { get; private set; }

        public string Token(string audience, Action<JsonObject>? change = null, ECDsa? key = null, string? keyId = null, string type = "JWT")
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var claims = new JsonObject
            {
                ["iss"] = Issuer,
                ["sub"] = "person-1",
                ["aud"] = audience,
                ["azp"] = "app-1",
                ["iat"] = now,
                ["exp"] = now + 300,
                ["scp"] = "Demand.Read Staff.All checkout",
            };
            change?.Invoke(claims);
            return Jose.Es256($$"""{"alg":"ES256","typ":"{{type}}","kid":"{{keyId ?? KeyId}}"}""", claims.ToJsonString(), key ?? Key);
        }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var body = context.Request.Url!.AbsolutePath switch
                    {
                        "/tenant/.well-known/openid-configuration" => $$"""{"issuer":"{{Issuer}}","jwks_uri":"http://127.0.0.1:{{Port}}/keys"}""",
                        "/keys" => $$"""{"keys":[{{Jose.JwkOf(Key, KeyId)}}]}""",
                        _ => null,
                    };
                    Asked += context.Request.Url.AbsolutePath == "/keys" ? 1 : 0;
                    context.Response.StatusCode = body is null ? 404 : 200;
                    context.Response.Close(Encoding.UTF8.GetBytes(body ?? ""), true);
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }

    public sealed class Gateway : TokenFixture
    {
        public Publisher External { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            services.AddSingleton(new FetchOptions { AllowedHosts = $"127.0.0.1:{External.Port}" });
            services.AddSingleton(new AuthOptions
            {
                Mode = AuthMode.Both,
                Issuers =
                [
                    new ExternalIssuerOptions
                    {
                        Issuer = External.Issuer,
                        Audience = "api://gateway",
                        Types = ["JWT"],
                        RequireTokenId = false,
                        ScopeMap = new Dictionary<string, string> { ["Demand.Read"] = "demand:read orders:read", ["checkout"] = "checkout" },
                    },
                ],
            }.Check());
        }

        protected override void MapTestRoutes(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder routes) =>
            Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(routes, "/v1/test/who", (AgentPrincipal agent) => new { agent.ClientId, agent.OnBehalfOf, agent.Scopes, agent.IsAdministrator, agent.GrantId }).AllowPublicRead();
    }

    [Fact]
    public async Task Token_is_accepted_by_the_mapping()
    {
        using var answer = await gateway.GetAsync(Guarded, gateway.External.Token("api://gateway"));
        using var who = await gateway.GetAsync("/v1/test/who", gateway.External.Token("api://gateway"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var agent = await GatewayFixture.ReadJsonAsync(who);
        Assert.Equal(gateway.External.Issuer + " app-1", agent.GetProperty("client_id").GetString());
        Assert.Equal(gateway.External.Issuer + " person-1", agent.GetProperty("on_behalf_of").GetString());
        Assert.Equal(["checkout", "demand:read", "orders:read"], agent.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()!));
        Assert.False(agent.GetProperty("is_administrator").GetBoolean());
    }

    [Fact]
    public async Task Claims_that_point_into_this_gateways_store_are_not_believed()
    {
        using var who = await gateway.GetAsync("/v1/test/who", gateway.External.Token("api://gateway", claims => claims["grant_id"] = "grt_of_somebody"));

        Assert.DoesNotContain("grt_of_somebody", await who.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, who.StatusCode);
    }

    [Fact]
    public async Task Key_signs_for_its_own_issuer_alone()
    {
        var claims = JsonNode.Parse(gateway.Token(Scopes.DemandRead).ToClaims())!.AsObject();
        var ofOurs = Jose.Es256("""{"alg":"ES256","typ":"at+jwt","kid":"k1"}""", claims.ToJsonString(), gateway.External.Key);
        var ofTheirs = gateway.SignedWith(own => (own["iss"], own["aud"]) = (gateway.External.Issuer, "api://gateway"), "JWT", Scopes.DemandRead);

        using var ours = await gateway.GetAsync(Guarded, ofOurs);
        using var theirs = await gateway.GetAsync(Guarded, ofTheirs);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (ours.StatusCode, theirs.StatusCode));
    }

    [Fact]
    public async Task Issuer_that_is_not_configured_is_refused_and_asked_nothing()
    {
        using var stranger = new Publisher();

        using var answer = await gateway.GetAsync(Guarded, stranger.Token("api://gateway"));

        Assert.Equal((HttpStatusCode.Unauthorized, 0), (answer.StatusCode, stranger.Asked));
    }

    [Theory]
    [InlineData("aud", "\"https://other.example\"")]
    [InlineData("aud", "\"api://gateway/\"")]
    [InlineData("exp", "1")]
    [InlineData("azp", "null")]
    public async Task Token_is_refused(string claim, string value)
    {
        using var answer = await gateway.GetAsync(Guarded, gateway.External.Token("api://gateway", claims => claims[claim] = JsonNode.Parse(value)));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Flood_of_unknown_keys_fetches_nothing_more()
    {
        using var first = await gateway.GetAsync(Guarded, gateway.External.Token("api://gateway"));
        var asked = gateway.External.Asked;

        for (var i = 0; i < 20; i++)
        {
            using var answer = await gateway.GetAsync(Guarded, gateway.External.Token("api://gateway", keyId: "made-up-" + i));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(asked, gateway.External.Asked);
    }

    [Fact]
    public async Task Revocation_by_the_issuers_own_names_reaches_its_tokens()
    {
        var token = gateway.External.Token("api://gateway", claims => (claims["sub"], claims["iat"]) = ("person-revoked", DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 30));
        using var before = await gateway.GetAsync(Guarded, token);
        await using (var connection = await gateway.OpenDatabaseAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await Revocations.AddAsync(transaction, RevocationKind.Person, Revocations.IdOf(gateway.External.Issuer, "person-revoked"), DateTimeOffset.UtcNow, CancellationToken.None);
            await transaction.CommitAsync();
        }

        await Task.Delay(1_000);
        using var after = await gateway.GetAsync(Guarded, token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task Metadata_name_every_issuer_that_is_accepted()
    {
        using var answer = await gateway.Client.GetAsync("/.well-known/oauth-protected-resource/v1");

        Assert.Equal([gateway.Issuer, gateway.External.Issuer], (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("authorization_servers").EnumerateArray().Select(one => one.GetString()!));
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks = 1_000_000_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }

    [Fact]
    public async Task Keys_that_the_issuer_changed_are_found_after_half_a_minute_and_the_old_ones_go_on_while_it_is_away()
    {
        var publisher = new Publisher();
        var clock = new SteppedClock();
        using var fetch = new GuardedFetch(new FetchOptions { AllowedHosts = $"127.0.0.1:{publisher.Port}" });
        using var keys = new ExternalKeys(new ExternalIssuerOptions { Issuer = publisher.Issuer }, fetch, clock, NullLogger.Instance);
        Assert.True((await keys.FindAsync("k1", CancellationToken.None))!.Knows("k1"));
        (publisher.Key, publisher.KeyId) = (ECDsa.Create(ECCurve.NamedCurves.nistP256), "k2");

        Assert.False((await keys.FindAsync("k2", CancellationToken.None))!.Knows("k2"));
        clock.Advance(ExternalKeys.Floor);
        Assert.True((await keys.FindAsync("k2", CancellationToken.None))!.Knows("k2"));

        publisher.Dispose();
        clock.Advance(TimeSpan.FromHours(2));
        Assert.True((await keys.FindAsync("k2", CancellationToken.None))!.Knows("k2"));
        clock.Advance(TimeSpan.FromHours(23));
        Assert.Null(await keys.FindAsync("k2", CancellationToken.None));
    }

    [Fact]
    public async Task Metadata_of_somebody_else_bring_no_keys()
    {
        using var publisher = new Publisher();
        using var fetch = new GuardedFetch(new FetchOptions { AllowedHosts = $"127.0.0.1:{publisher.Port}" });
        using var keys = new ExternalKeys(
            new ExternalIssuerOptions { Issuer = "https://other.example", Metadata = publisher.Issuer + "/.well-known/openid-configuration" }, fetch, TimeProvider.System, NullLogger.Instance);

        Assert.Null(await keys.FindAsync("k1", CancellationToken.None));
        Assert.Equal(0, publisher.Asked);
    }
}
