using System.Text;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests.Tokens;

public sealed class AccessTokenTests
{
    private static readonly SigningKey Key = SigningKey.Create();
    private static readonly VerificationKeys Keys = Forge.Keys(Key.Public);
    private static readonly TokenProfile Own = new() { Issuer = A.Issuer, IsOwn = true, Algorithms = ["ES256"], DetailTypes = [A.Mandate] };
    private static readonly AccessTokenReader Reader = new(Own);

    private static readonly AccessToken Full = A.Token with
    {
        Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
        Actor = new Actor("client:b", new Actor("client:a")),
        MayAct = "client:c",
        AuthenticatedAt = A.Now.AddMinutes(-1),
        AuthenticationContext = "pwd",
        Details = A.Details.With(0, "mandate_id", "m-1"),
    };

    [Fact]
    public void A_token_is_read_as_it_was_signed()
    {
        Assert.Equal(Full, Reader.Read(Full.Sign(Key), Keys, A.Api, A.Now).Value);
        Assert.Equal(Full, Reader.Read(Full.Sign(Key), Keys, null, A.Now).Value);
        Assert.Equal(A.Token with { Details = null, GrantId = null }, Reader.Read((A.Token with { Details = null, GrantId = null }).Sign(Key), Keys, A.Api, A.Now).Value);
    }

    // RFC 9068 §2.2.
    [Fact]
    public void A_token_has_the_claims_of_RFC_9068()
    {
        Assert.True(CompactJws.TryParse(Full.Sign(Key), 10_000, out var jws, out _));

        Assert.Equal("at+jwt", jws.Type);
        Assert.All(new[] { "iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope", "cnf", "act", "authorization_details", "auth_time", "acr" }, name => Assert.True(jws.Payload.TryGetProperty(name, out _)));
        Assert.Equal("client:a", jws.Payload.GetProperty("act").GetProperty("act").GetProperty("sub").GetString());
    }

    [Fact]
    public void A_token_of_another_kind_issuer_audience_time_or_key_is_refused()
    {
        using var other = SigningKey.Create();

        Refused(Key.Sign("JWT", Full.ToClaims()));
        Refused(Key.Sign("dpop+jwt", Full.ToClaims()));
        Refused((Full with { Issuer = A.Issuer + "/" }).Sign(Key));
        Refused((Full with { Audience = A.Api + "/" }).Sign(Key));
        Refused((Full with { Audience = A.Graph }).Sign(Key));
        Refused((Full with { ExpiresAt = A.Now.AddSeconds(-10) }).Sign(Key));
        Refused((Full with { IssuedAt = A.Now.AddSeconds(11) }).Sign(Key));
        Refused(Full.Sign(other));
        Refused("opaque");
        Refused(new IdToken
        {
            Issuer = A.Issuer,
            Subject = "p-1",
            ClientId = A.Api,
            IssuedAt = A.Now,
            ExpiresAt = A.Now.AddMinutes(5),
            AuthenticatedAt = A.Now,
        }.Sign(Key));
    }

    [Theory]
    [InlineData("\"sub\":\"p-1\",", "")]
    [InlineData("\"client_id\":\"s6BhdRkqt3\",", "")]
    [InlineData("\"jti\":\"t-1\",", "")]
    [InlineData("\"scope\":\"buy search\"", "\"scope\":[\"buy\"]")]
    [InlineData("\"scope\":\"buy search\"", "\"scope\":\"buy  search\"")]
    [InlineData("\"cnf\":{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}", "\"cnf\":{\"x5t#S256\":\"A\"}")]
    [InlineData("\"act\":{", "\"act\":{\"act\":{\"sub\":\"x\"},")]
    [InlineData("{\"sub\":\"client:a\"}", "{\"sub\":1}")]
    [InlineData("{\"sub\":\"client:a\"}", "{\"sub\":\"a\",\"act\":{\"sub\":\"b\",\"act\":{\"sub\":\"c\",\"act\":{\"sub\":\"d\"}}}}")]
    [InlineData("\"type\":\"purchase_mandate\"", "\"type\":\"other\"")]
    public void A_claim_that_cannot_be_understood_refuses_the_token(string claim, string changed)
    {
        var claims = Encoding.UTF8.GetString(Full.ToClaims());
        Assert.Contains(claim, claims, StringComparison.Ordinal);

        Refused(Key.Sign("at+jwt", Encoding.UTF8.GetBytes(claims.Replace(claim, changed, StringComparison.Ordinal))));
    }

    [Fact]
    public void The_issuer_is_looked_at_to_choose_the_keys_and_nothing_else()
    {
        Assert.Equal(A.Issuer, AccessTokenReader.IssuerOf(Full.Sign(Key)));
        Assert.Null(AccessTokenReader.IssuerOf("opaque"));
    }

    [Fact]
    public void The_type_may_be_a_whole_media_type_in_any_case()
    {
        Assert.Null(Reader.Read(Key.Sign("application/AT+jwt", Full.ToClaims()), Keys, A.Api, A.Now).Error);
    }

    [Theory]
    [InlineData("\"client_id\":\"c\",\"scope\":\"search\"", false)]
    [InlineData("\"azp\":\"c\",\"scp\":\"search\"", true)]
    [InlineData("\"azp\":\"c\",\"scp\":[\"search\"]", true)]
    [InlineData("\"client_id\":\"c\",\"azp\":\"evil\",\"scope\":\"search\",\"scp\":\"buy\"", true)]
    [InlineData("\"azp\":\"c\",\"scope\":[\"search\"]", false)]
    [InlineData("\"azp\":1,\"scp\":\"search\"", false)]
    public void Another_issuer_s_tokens_are_mapped_as_they_are_configured(string members, bool passes)
    {
        var reader = new AccessTokenReader(new TokenProfile
        {
            Issuer = "https://idp.example",
            Types = ["JWT"],
            ClientClaims = ["client_id", "azp"],
            ScopeClaims = ["scope", "scp"],
            RequiresTokenId = members.Contains("\"client_id\":\"c\",\"scope\":\"search\"", StringComparison.Ordinal),
        });
        var claims = $$"""{"iss":"https://idp.example","sub":"p-1","aud":["x","{{A.Api}}"],"iat":{{A.Now.ToUnixTimeSeconds()}},"exp":{{A.Now.ToUnixTimeSeconds() + 60}},{{members}},"grant_id":"g-1","may_act":{"sub":"client:c"},"authorization_details":[{"type":"other"}]}""";

        var read = reader.Read(Key.Sign("JWT", Encoding.UTF8.GetBytes(claims)), Keys, A.Api, A.Now);

        Assert.Equal(passes, read.Error is null);
        if (passes)
        {
            Assert.Equal(("c", "search", 43), (read.Value.ClientId, read.Value.Scopes.ToString(), read.Value.TokenId.Length));
            Assert.Null(read.Value.GrantId);
            Assert.Null(read.Value.MayAct);
            Assert.Null(read.Value.Details);
        }
    }

    [Fact]
    public void A_client_s_own_token_has_a_subject_that_no_person_has()
    {
        Assert.Equal("client:p-1", AccessToken.SubjectOf("p-1"));
        Assert.True((A.Token with { Subject = AccessToken.SubjectOf("p-1") }).IsOfClient);
        Assert.False(A.Token.IsOfClient);
    }

    [Fact]
    public void Introspection_tells_the_client_and_the_resource_and_nobody_else()
    {
        var other = A.Client with { ClientId = "other" };
        var active = A.Json(Introspection.Active(Full));

        Assert.Equal("""{"active":false}""", Encoding.UTF8.GetString(Introspection.Inactive));
        Assert.True(active.GetProperty("active").GetBoolean());
        Assert.Equal(("DPoP", "p-1", A.Api), (active.GetProperty("token_type").GetString(), active.GetProperty("sub").GetString(), active.GetProperty("aud").GetString()));
        Assert.Equal(Full.Thumbprint, active.GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.True(Introspection.MaySee(A.Client, Full, null));
        Assert.True(Introspection.MaySee(other, Full, A.Api));
        Assert.False(Introspection.MaySee(other, Full, A.Graph));
        Assert.False(Introspection.MaySee(other, Full, null));
        Assert.False(Introspection.MaySee(A.PublicClient, Full, null));
    }

    [Fact]
    public void A_hash_is_compared_by_its_bytes_and_shows_little()
    {
        var hash = SecretHash.Of("secret");

        Assert.Equal(hash, SecretHash.FromBytes(hash.Bytes));
        Assert.NotEqual(hash, SecretHash.Of("secres"));
        Assert.Equal(8, hash.ToString().Length);
        Assert.Throws<ArgumentException>(() => SecretHash.FromBytes(new byte[31]));
    }

    private static void Refused(string token) => Assert.Equal("invalid_token", Reader.Read(token, Keys, A.Api, A.Now).Error?.Code);
}
