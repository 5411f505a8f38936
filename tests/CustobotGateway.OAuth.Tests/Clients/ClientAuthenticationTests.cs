using System.Security.Cryptography;
using System.Text;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests.Clients;

public sealed class ClientAuthenticationTests
{
    private static readonly ClientAuthentication Authentication = new(A.Issuer);
    private static readonly long Now = A.Now.ToUnixTimeSeconds();

    private static readonly Client KeyClient = A.Client with
    {
        AuthMethod = AuthMethods.PrivateKeyJwt,
        Secrets = [],
        Keys = new JwkSet([Forge.Jwk(Forge.Ec, ",\"kid\":\"k\"")]),
    };

    // RFC 6749 §2.3.1.
    [Fact]
    public void The_example_of_RFC_6749_is_accepted()
    {
        var presented = PresentedClient.Read(["Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"], A.Parameters()).Value;

        Assert.Equal(A.Client.ClientId, Authentication.Verify(presented, A.Client, A.Now).Value.Client.ClientId);
    }

    [Fact]
    public void Id_and_secret_are_form_encoded_before_they_are_joined()
    {
        var header = "basic " + Convert.ToBase64String("https%3A%2F%2Fa.example%2Fc:p%3A+%C3%A4%2B"u8);

        var presented = PresentedClient.Read([header], A.Parameters()).Value;

        Assert.Equal(("https://a.example/c", "p: ä+"), (presented.ClientId, presented.Secret));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !")]
    [InlineData("Bearer abc")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Basic OnNlY3JldA==")]
    [InlineData("Basic aWQ6")]
    [InlineData("Basic aWQ6JXp6")]
    [InlineData("Basic aWQ6JWZm")]
    [InlineData("Basic aWQ6JTAw")]
    [InlineData("Basic aWQ6JTQ=")]
    public void A_header_that_cannot_be_read_is_no_client(string header) => Assert.Equal("invalid_client", PresentedClient.Read([header], A.Parameters()).Error?.Code);

    [Fact]
    public void Two_ways_at_once_are_refused()
    {
        const string Basic = "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3";

        Assert.Equal("invalid_request", PresentedClient.Read([Basic], A.Parameters(("client_secret", "x"))).Error?.Code);
        Assert.Equal("invalid_request", PresentedClient.Read([Basic, Basic], A.Parameters()).Error?.Code);
        Assert.Equal("invalid_request", PresentedClient.Read([Basic], A.Parameters(("client_assertion", "x"))).Error?.Code);
        Assert.Equal("invalid_request", PresentedClient.Read([], A.Parameters(("client_id", "a"), ("client_secret", "x"), ("client_assertion", "x"))).Error?.Code);
        Assert.Equal("invalid_request", PresentedClient.Read([Basic], A.Parameters(("client_id", "other"))).Error?.Code);
        Assert.Null(PresentedClient.Read([Basic], A.Parameters(("client_id", A.Client.ClientId))).Error);
        Assert.Equal("invalid_client", PresentedClient.Read([], A.Parameters()).Error?.Code);
    }

    [Fact]
    public void A_client_authenticates_as_it_is_registered_and_no_refusal_tells_why()
    {
        var secret = Post(A.Secret);
        var post = A.Client with { AuthMethod = AuthMethods.SecretPost };
        var refusals = new[]
        {
            Authentication.Verify(secret, null, A.Now),
            Authentication.Verify(Post("wrong"), post, A.Now),
            Authentication.Verify(secret, A.Client, A.Now),
            Authentication.Verify(secret, post with { IsEnabled = false }, A.Now),
            Authentication.Verify(secret, post with { ClientId = "other" }, A.Now),
            Authentication.Verify(secret, A.PublicClient, A.Now),
            Authentication.Verify(secret, KeyClient, A.Now),
            Authentication.Verify(None, post, A.Now),
            Authentication.Verify(None, KeyClient, A.Now),
            Authentication.Verify(None, null, A.Now),
            Authentication.Verify(Post(""), null, A.Now),
        };

        Assert.Equal("invalid_client", Assert.Single(refusals.Select(refusal => refusal.Error).Distinct())?.Code);
        Assert.Null(Authentication.Verify(secret, post, A.Now).Error);
        Assert.Null(Authentication.Verify(secret, post with { Secrets = [SecretHash.Of("next"), SecretHash.Of(A.Secret)] }, A.Now).Error);
        Assert.Null(Authentication.Verify(None, A.PublicClient, A.Now).Error);
    }

    [Fact]
    public void An_assertion_is_accepted_and_its_use_is_to_be_claimed()
    {
        var result = Verify(Assertion()).Value;

        Assert.Equal(KeyClient, result.Client);
        Assert.Equal("client-assertion", result.Assertion!.Purpose);
        Assert.True(result.Assertion.Expires >= A.Now.AddSeconds(60));
        Assert.Equal(result.Assertion.Key, Verify(Assertion(more: ",\"extra\":1")).Value.Assertion!.Key);
        Assert.NotEqual(result.Assertion.Key, Verify(Assertion(jti: "\"other\"")).Value.Assertion!.Key);
    }

    [Theory]
    [InlineData("aud", "[\"https://gw.example\"]")]
    [InlineData("aud", "\"https://gw.example/\"")]
    [InlineData("aud", "\"https://gw.example/oauth/token\"")]
    [InlineData("aud", "\"https://gw.example/oauth/par\"")]
    [InlineData("aud", "[\"https://gw.example\",\"https://evil.example\"]")]
    [InlineData("iss", "\"other\"")]
    [InlineData("sub", "\"other\"")]
    [InlineData("jti", "\"\"")]
    [InlineData("jti", "1")]
    [InlineData("exp", "1")]
    [InlineData("exp", "99999999999")]
    public void One_wrong_claim_refuses_an_assertion(string claim, string value) =>
        Assert.Equal("invalid_client", Verify(claim switch
        {
            "aud" => Assertion(aud: value),
            "iss" => Assertion(iss: value),
            "sub" => Assertion(sub: value),
            "jti" => Assertion(jti: value),
            _ => Assertion(exp: value),
        }).Error?.Code);

    [Fact]
    public void An_assertion_has_the_client_s_key_type_and_algorithm()
    {
        Assert.Equal("invalid_client", Verify(Assertion(key: Forge.OtherEc)).Error?.Code);
        Assert.Equal("invalid_client", Verify(Assertion(header: """{"alg":"ES256","typ":"dpop+jwt"}""")).Error?.Code);
        Assert.Equal("invalid_client", Verify(Assertion(header: """{"alg":"ES256","typ":"at+jwt"}""")).Error?.Code);
        Assert.Null(Verify(Assertion(header: """{"alg":"ES256","typ":"client-authentication+jwt","kid":"k"}""")).Error);
        Assert.Equal("invalid_client", Verify(Assertion(header: """{"alg":"ES256","kid":"unknown"}""")).Error?.Code);
        var rs = Forge.WithRsa("""{"alg":"RS256"}""", Encoding.UTF8.GetString(Payload()), RSASignaturePadding.Pkcs1, HashAlgorithmName.SHA256);
        Assert.Equal("invalid_client", Verify(rs, KeyClient with { Keys = new JwkSet([Forge.Jwk(Forge.Rsa)]) }).Error?.Code);
    }

    [Fact]
    public void An_assertion_names_its_type_and_the_client()
    {
        var assertion = Assertion();

        Assert.Equal("invalid_client", PresentedClient.Read([], A.Parameters(("client_assertion", assertion))).Error?.Code);
        Assert.Equal("invalid_client", PresentedClient.Read([], A.Parameters(("client_assertion", assertion), ("client_assertion_type", "urn:other"))).Error?.Code);
        Assert.Equal("invalid_client", PresentedClient.Read([], A.Parameters(
            ("client_assertion", assertion), ("client_assertion_type", PresentedClient.AssertionType), ("client_id", "other"))).Error?.Code);
    }

    private static PresentedClient None => PresentedClient.Read([], A.Parameters(("client_id", A.Client.ClientId))).Value;

    private static PresentedClient Post(string secret) => new() { ClientId = A.Client.ClientId, Method = AuthMethods.SecretPost, Secret = secret };

    private static Checked<AuthenticatedClient> Verify(string assertion, Client? client = null)
    {
        var read = PresentedClient.Read([], A.Parameters(("client_assertion", assertion), ("client_assertion_type", PresentedClient.AssertionType)));
        return read.TryGet(out var presented, out var error) ? Authentication.Verify(presented, client ?? KeyClient, A.Now) : error;
    }

    private static string Assertion(
        string? header = null, string? aud = null, string? iss = null, string? sub = null, string? jti = null, string? exp = null, string more = "", ECDsa? key = null) =>
        Forge.Es256(header ?? """{"alg":"ES256","typ":"JWT"}""", Encoding.UTF8.GetString(Payload(aud, iss, sub, jti, exp, more)), key);

    private static byte[] Payload(string? aud = null, string? iss = null, string? sub = null, string? jti = null, string? exp = null, string more = "")
    {
        var id = $"\"{A.Client.ClientId}\"";
        return Encoding.UTF8.GetBytes(
            $$"""{"iss":{{iss ?? id}},"sub":{{sub ?? id}},"aud":{{aud ?? $"\"{A.Issuer}\""}},"jti":{{jti ?? "\"j\""}},"iat":{{Now}},"exp":{{exp ?? $"{Now + 60}"}}{{more}}}""");
    }
}
