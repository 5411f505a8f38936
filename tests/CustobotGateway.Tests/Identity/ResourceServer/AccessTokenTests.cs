using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Tokens;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>Which access tokens open a route, and which only look as if (RFC 9068 §4, RFC 8725).</summary>
public sealed class AccessTokenTests(TokenFixture gateway) : IClassFixture<TokenFixture>
{
    private const string Guarded = "/v1/demand/events";

    private static readonly ECDsa Stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    [Fact]
    public async Task Token_of_the_gateway_opens_what_its_scope_names_and_opens_it_again()
    {
        var token = gateway.Signed(Scopes.DemandRead);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(token), await StatusAsync(token)));
    }

    [Fact]
    public async Task Scheme_is_read_in_any_case_of_letters()
    {
        using var answer = await gateway.GetAsync(Guarded, gateway.Signed(Scopes.DemandRead), "bEARER");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public static TheoryData<string, Action<JsonObject, TokenFixture>> Tampered => new()
    {
        { "for the other resource", (claims, gateway) => claims["aud"] = gateway.Issuer + "/graphql" },
        { "for the issuer", (claims, gateway) => claims["aud"] = gateway.Issuer },
        { "for the resource with a slash at its end", (claims, gateway) => claims["aud"] = gateway.Rest + "/" },
        { "for the resource in other letters", (claims, gateway) => claims["aud"] = gateway.Rest.ToUpperInvariant() },
        { "for a resource that begins alike", (claims, gateway) => claims["aud"] = gateway.Rest + "0" },
        { "for the other resource, in a list", (claims, gateway) => claims["aud"] = new JsonArray(gateway.Issuer + "/graphql", "https://other.example") },
        { "for a list with a number in it", (claims, gateway) => claims["aud"] = new JsonArray(gateway.Rest, 1) },
        { "for nobody", (claims, _) => claims.Remove("aud") },
        { "for null", (claims, _) => claims["aud"] = null },
        { "of another issuer", (claims, _) => claims["iss"] = "https://other.example" },
        { "of the issuer with a slash at its end", (claims, gateway) => claims["iss"] = gateway.Issuer + "/" },
        { "of no issuer", (claims, _) => claims.Remove("iss") },
        { "of a list of issuers", (claims, gateway) => claims["iss"] = new JsonArray(gateway.Issuer) },
        { "expired eleven seconds ago", (claims, _) => (claims["exp"], claims["iat"]) = (Now - 11, Now - 600) },
        { "without an end", (claims, _) => claims.Remove("exp") },
        { "with an end that is a text", (claims, _) => claims["exp"] = "tomorrow" },
        { "with an end before its beginning", (claims, _) => claims["exp"] = Now - 5 },
        { "that lives longer than any", (claims, _) => claims["exp"] = Now + 90_000 },
        { "issued in the future", (claims, _) => claims["iat"] = Now + 20 },
        { "not valid yet", (claims, _) => claims["nbf"] = Now + 20 },
        { "without a time of issue", (claims, _) => claims.Remove("iat") },
        { "of no subject", (claims, _) => claims.Remove("sub") },
        { "of no client", (claims, _) => claims.Remove("client_id") },
        { "without an id", (claims, _) => claims.Remove("jti") },
        { "bound to a certificate", (claims, _) => claims["cnf"] = new JsonObject { ["x5t#S256"] = "abc" } },
        { "with an act that is no object", (claims, _) => claims["act"] = "me" },
        { "with an act too deep", (claims, _) => claims["act"] = JsonNode.Parse("""{"sub":"1","act":{"sub":"2","act":{"sub":"3","act":{"sub":"4","act":{"sub":"5"}}}}}""") },
        { "with a scope that is a list", (claims, _) => claims["scope"] = new JsonArray("demand:read") },
        { "with unknown authorization details", (claims, _) => claims["authorization_details"] = new JsonArray(new JsonObject { ["type"] = "unheard_of" }) },
    };

    [Theory]
    [MemberData(nameof(Tampered))]
    public async Task Token_is_refused(string what, Action<JsonObject, TokenFixture> change)
    {
        using var answer = await gateway.GetAsync(Guarded, gateway.SignedWith(claims => change(claims, gateway), scopes: Scopes.DemandRead));

        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"A token {what} was answered {(int)answer.StatusCode}");
        Assert.Contains("error=\"invalid_token\"", TokenFixture.ChallengesOf(answer)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skew_of_ten_seconds_is_forgiven()
    {
        var late = gateway.SignedWith(claims => (claims["iat"], claims["exp"]) = (Now - 600, Now - 5), scopes: Scopes.DemandRead);
        var early = gateway.SignedWith(claims => (claims["iat"], claims["nbf"]) = (Now + 5, Now + 5), scopes: Scopes.DemandRead);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(late), await StatusAsync(early)));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("dpop+jwt")]
    [InlineData("client-authentication+jwt")]
    [InlineData("")]
    public async Task Token_of_another_kind_is_no_access_token(string type) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway.SignedWith(_ => { }, type, Scopes.DemandRead)));

    [Theory]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    public async Task Type_counts_in_any_case_and_with_its_prefix(string type) =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway.SignedWith(_ => { }, type, Scopes.DemandRead)));

    [Fact]
    public async Task Signature_of_a_stranger_is_refused_whatever_the_header_says()
    {
        var payload = Encoding.UTF8.GetString(gateway.Token(Scopes.DemandRead).ToClaims());
        var kid = gateway.Ring.Current().Public.KeyId;
        string[] headers =
        [
            $$"""{"alg":"ES256","typ":"at+jwt","kid":"{{kid}}"}""",
            """{"alg":"ES256","typ":"at+jwt"}""",
            """{"alg":"ES256","typ":"at+jwt","kid":"../../dev/null"}""",
            """{"alg":"ES256","typ":"at+jwt","kid":"' or 1=1 --"}""",
            $$"""{"alg":"ES256","typ":"at+jwt","jwk":{{Jose.JwkOf(Stranger)}}}""",
            """{"alg":"ES256","typ":"at+jwt","jku":"https://evil.example/keys"}""",
            """{"alg":"ES256","typ":"at+jwt","x5u":"https://evil.example/certificate"}""",
            $$"""{"alg":"ES256","typ":"at+jwt","kid":"{{kid}}","crit":["exp"]}""",
        ];

        foreach (var header in headers)
        {
            Assert.Equal((header, HttpStatusCode.Unauthorized), (header, await StatusAsync(Jose.Es256(header, payload, Stranger))));
        }
    }

    [Fact]
    public async Task Algorithms_are_not_confused()
    {
        var payload = Encoding.UTF8.GetString(gateway.Token(Scopes.DemandRead).ToClaims());
        var key = gateway.Ring.Published.ToJson();
        using var rsa = RSA.Create(2048);
        string[] tokens =
        [
            $"{Jose.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{Jose.Encode(payload)}.",
            $"{Jose.Encode("""{"alg":"None","typ":"at+jwt"}""")}.{Jose.Encode(payload)}.{Jose.Encode("x")}",
            Jose.Hs256("""{"alg":"HS256","typ":"at+jwt"}""", payload, key),
            Jose.Rs256("""{"alg":"RS256","typ":"at+jwt"}""", payload, rsa),
            Jose.Es256("""{"alg":"ES384","typ":"at+jwt"}""", payload, Stranger),
            // The neutral point as a signature, which some verifiers took for valid.
            $"{Jose.Encode("""{"alg":"ES256","typ":"at+jwt"}""")}.{Jose.Encode(payload)}.{Jose.Encode(new byte[64])}",
        ];

        foreach (var token in tokens)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
        }
    }

    [Fact]
    public async Task Token_with_one_letter_changed_is_refused_after_the_right_one_was_accepted()
    {
        var token = gateway.Signed(Scopes.DemandRead);
        await StatusAsync(token);
        var parts = token.Split('.');
        var claims = Encoding.UTF8.GetString(Jose.Decode(parts[1]));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{parts[0]}.{Jose.Encode(claims.Replace("demand:read", "demand:read staff", StringComparison.Ordinal))}.{parts[2]}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{parts[0]}.{parts[1]}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token + ".x"));
    }

    [Fact]
    public async Task Member_that_stands_twice_refuses_the_token()
    {
        var claims = Encoding.UTF8.GetString(gateway.Token(Scopes.DemandRead).ToClaims());
        var twice = gateway.Ring.Current().Sign(AccessToken.Type, Encoding.UTF8.GetBytes(claims[..^1] + ",\"scope\":\"staff\"}"));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(twice));
    }

    [Fact]
    public async Task Token_remembered_for_one_resource_opens_no_other()
    {
        var rest = gateway.Signed(Scopes.DemandRead);
        var graph = gateway.Signed(gateway.Token(Scopes.DemandRead) with { Audience = gateway.Issuer + "/graphql" });
        await StatusAsync(rest);
        using var own = await gateway.GetAsync("/graphql?query={__typename}", graph);
        using var foreign = await gateway.GetAsync("/graphql?query={__typename}", rest);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (own.StatusCode, foreign.StatusCode, await StatusAsync(graph)));
    }

    [Fact]
    public async Task Oversized_token_is_refused_unread()
    {
        using var answer = await gateway.GetAsync(Guarded, string.Join('.', new string('a', 9_000), new string('b', 9_000), "c"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Person_delegates_no_more_of_the_merchants_own_scopes_than_its_role_has()
    {
        await using (var connection = await gateway.OpenDatabaseAsync())
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, """
                insert into identity.people (id, email, email_key, password_hash, roles, created_at) values
                    ('usr_buyer', 'buyer@example.com', 'buyer@example.com', '', '{}', now()),
                    ('usr_viewer', 'viewer@example.com', 'viewer@example.com', '', '{viewer}', now()),
                    ('usr_admin', 'admin@example.com', 'admin@example.com', '', '{administrator}', now())
                """);
        }
        string Of(string person) => gateway.Signed(gateway.Token(Scopes.DemandRead, Scopes.CatalogWrite, Scopes.Staff) with { Subject = person });

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(Of("usr_buyer")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(Of("usr_nobody")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Of("usr_viewer")));
        using var viewer = await gateway.SendAsync(HttpMethod.Delete, "/v1/products/prd_0000000000001", Of("usr_viewer"));
        using var administrator = await gateway.SendAsync(HttpMethod.Delete, "/v1/products/prd_0000000000001", Of("usr_admin"));
        using var revoker = await gateway.SendAsync(HttpMethod.Delete, "/v1/grants/grt_none", Of("usr_viewer"));
        using var grants = await gateway.SendAsync(HttpMethod.Delete, "/v1/grants/grt_none", Of("usr_admin"));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (viewer.StatusCode, administrator.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (revoker.StatusCode, grants.StatusCode));
        // A grant operator may, and a person's own program with grants:manage; the scope is what either could ask for.
        Assert.Equal("insufficient_scope", (await GatewayFixture.ReadJsonAsync(revoker)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Refusal_is_in_the_audit_trail()
    {
        await StatusAsync(gateway.SignedWith(claims => claims["aud"] = "https://other.example", scopes: Scopes.DemandRead));

        await gateway.App.Services.GetRequiredService<CustobotGateway.Identity.AuditTrail>().WhenWrittenAsync(TimeSpan.FromSeconds(5));
        await using var connection = await gateway.OpenDatabaseAsync();
        Assert.True(await Dapper.SqlMapper.QuerySingleAsync<bool>(connection, "select exists (select from identity.audit where kind = 'access' and code = 'invalid_token')"));
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var answer = await gateway.GetAsync(Guarded, token);
        return answer.StatusCode;
    }
}
