using System.Security.Cryptography;
using System.Text;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tests.Jose;

public sealed class CompactJwsTests
{
    private const string Header = """{"alg":"ES256","typ":"JWT"}""";

    // RFC 7515 appendix A.3.
    private const string Rfc7515 = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private const string Rfc7515Key =
        """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";

    [Fact]
    public void The_example_of_RFC_7515_verifies_and_one_changed_letter_does_not()
    {
        using var key = VerificationKey.Create(Jwk.Read(A.Json(Rfc7515Key), out _)!)!;

        Assert.True(CompactJws.TryParse(Rfc7515, 1_000, out var jws, out _));
        Assert.True(jws.IsSignedBy(key));
        Assert.Equal("joe", jws.Payload.GetProperty("iss").GetString());

        Assert.True(CompactJws.TryParse(Rfc7515.Replace(".eyJpc3MiOiJqb2UiLA0K", ".eyJpc3MiOiJqb2YiLA0K", StringComparison.Ordinal), 1_000, out var changed, out _));
        Assert.False(changed.IsSignedBy(key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("e30.e30.e30.e30")]
    [InlineData("e30=.e30.")]
    [InlineData(" e30.e30.e30")]
    [InlineData("e30.e30.e30\n")]
    [InlineData("e30.e3_.e30")]
    public void What_is_not_three_parts_of_base64url_is_refused(string text) => Assert.False(CompactJws.TryParse(text, 1_000, out _, out _));

    [Fact]
    public void A_part_has_one_spelling()
    {
        var token = Forge.Es256(Header, """{"a":1}""");
        // 64 bytes are 86 letters: the last one carries four bits that mean nothing.
        var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var other = token[..^1] + letters[letters.IndexOf(token[^1], StringComparison.Ordinal) + 1];

        Assert.True(CompactJws.TryParse(token, 1_000, out _, out _));
        Assert.False(CompactJws.TryParse(other, 1_000, out _, out _));
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"es256"}""")]
    [InlineData("""{"alg":"HS256"}""")]
    [InlineData("""{"alg":["ES256"]}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","crit":[]}""")]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    [InlineData("""{"alg":"ES256","zip":"DEF"}""")]
    [InlineData("""{"alg":"ES256","typ":1}""")]
    [InlineData("""{"alg":"ES256","kid":1}""")]
    [InlineData("""{"alg":"ES256","alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","\u0061lg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""")]
    [InlineData("""{"alg":"ES256"} """ + "x")]
    [InlineData("""["ES256"]""")]
    public void A_header_that_is_not_understood_is_refused(string header) =>
        Assert.False(CompactJws.TryParse(Forge.Es256(header, "{}"), 1_000, out _, out _));

    [Theory]
    [InlineData("""{"sub":"a","sub":"b"}""")]
    [InlineData("""{"cnf":{"jkt":"a","jkt":"b"}}""")]
    [InlineData("""{"sub":"\udfff"}""")]
    [InlineData("""{"a":[[[[[[[[[[[[[1]]]]]]]]]]]]]}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("{}/**/")]
    [InlineData("1")]
    public void A_payload_that_can_be_read_in_two_ways_is_refused(string payload) =>
        Assert.False(CompactJws.TryParse(Forge.Es256(Header, payload), 1_000, out _, out _));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        Assert.False(CompactJws.TryParse($"{Forge.Encode(Header)}.{Forge.Encode([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8])}.AAAA", 1_000, out _, out _));

    [Fact]
    public void Too_long_a_token_is_refused_unread()
    {
        var token = Forge.Es256(Header, "{}");

        Assert.True(CompactJws.TryParse(token, token.Length, out _, out _));
        Assert.False(CompactJws.TryParse(token, token.Length - 1, out _, out _));
    }

    [Fact]
    public void A_public_key_is_no_shared_secret()
    {
        var secret = Encoding.UTF8.GetBytes(Forge.Rsa.ExportSubjectPublicKeyInfoPem());

        Assert.False(CompactJws.TryParse(Forge.Hs256("""{"alg":"HS256"}""", "{}", secret), 10_000, out _, out _));
    }

    [Theory]
    [InlineData("RS256", "SHA256")]
    [InlineData("RS384", "SHA384")]
    [InlineData("RS512", "SHA512")]
    [InlineData("PS256", "SHA256")]
    [InlineData("PS384", "SHA384")]
    [InlineData("PS512", "SHA512")]
    public void Every_algorithm_of_RSA_verifies_its_own_signatures_alone(string algorithm, string hash)
    {
        var padding = algorithm[0] == 'R' ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        var token = Forge.WithRsa($$"""{"alg":"{{algorithm}}"}""", "{}", padding, new HashAlgorithmName(hash));
        var mislabelled = Forge.WithRsa($$"""{"alg":"{{(algorithm[0] == 'R' ? "PS256" : "RS256")}}"}""", "{}", padding, new HashAlgorithmName(hash));
        using var key = VerificationKey.Create(Forge.Jwk(Forge.Rsa))!;

        Assert.True(CompactJws.TryParse(token, 10_000, out var jws, out _) && jws.IsSignedBy(key));
        Assert.True(CompactJws.TryParse(mislabelled, 10_000, out var other, out _) && !other.IsSignedBy(key));
    }

    [Fact]
    public void An_algorithm_goes_with_one_kind_of_key()
    {
        var token = Forge.Es256("""{"alg":"RS256"}""", "{}");
        using var ec = VerificationKey.Create(Forge.Jwk(Forge.Ec))!;
        using var ps = VerificationKey.Create(Forge.Jwk(Forge.Rsa, ",\"alg\":\"PS256\""))!;
        var signed = Forge.WithRsa("""{"alg":"RS256"}""", "{}", RSASignaturePadding.Pkcs1, HashAlgorithmName.SHA256);

        Assert.True(CompactJws.TryParse(token, 1_000, out var jws, out _) && !jws.IsSignedBy(ec));
        Assert.True(CompactJws.TryParse(signed, 1_000, out var rsa, out _) && !rsa.IsSignedBy(ps));
    }

    [Theory]
    [InlineData("\"kid\":\"unknown\"")]
    [InlineData("\"kid\":\"../../dev/null\"")]
    [InlineData("\"jku\":\"https://evil.example/jwks\"")]
    [InlineData("\"x5u\":\"https://evil.example/cert\"")]
    [InlineData("\"x5c\":[\"MIIB\"]")]
    public void A_key_is_never_taken_from_the_token(string member)
    {
        var jwk = Forge.JwkOf(Forge.OtherEc, ",\"kid\":\"k\"");
        var token = Forge.Es256($$"""{"alg":"ES256",{{member}},"jwk":{{jwk}}}""", "{}", Forge.OtherEc);
        using var keys = Forge.Keys(Forge.Jwk(Forge.Ec, ",\"kid\":\"ours\""));

        Assert.True(CompactJws.TryParse(token, 10_000, out var jws, out _));
        Assert.False(keys.Verify(jws));
    }

    [Fact]
    public void A_kid_chooses_among_the_keys_and_without_one_each_is_tried()
    {
        using var keys = Forge.Keys(Forge.Jwk(Forge.OtherEc, ",\"kid\":\"a\""), Forge.Jwk(Forge.Ec, ",\"kid\":\"b\""));

        Assert.True(Verifies("""{"alg":"ES256"}"""));
        Assert.True(Verifies("""{"alg":"ES256","kid":"b"}"""));
        Assert.False(Verifies("""{"alg":"ES256","kid":"a"}"""));
        Assert.True(keys.Knows("a"));
        Assert.False(keys.Knows("c"));

        bool Verifies(string header) => CompactJws.TryParse(Forge.Es256(header, "{}"), 1_000, out var jws, out _) && keys.Verify(jws);
    }
}
