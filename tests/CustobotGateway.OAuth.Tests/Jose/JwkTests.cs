using System.Text;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tests.Jose;

public sealed class JwkTests
{
    private const string Rfc7638Modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_"
        + "RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    // RFC 7638 §3.1 and RFC 9449 §6.1.
    [Theory]
    [InlineData($$"""{"kty":"RSA","n":"{{Rfc7638Modulus}}","e":"AQAB","alg":"RS256","kid":"2011-04-29"}""", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")]
    [InlineData("""{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}""", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")]
    public void Thumbprints_are_those_of_the_standards(string json, string thumbprint) => Assert.Equal(thumbprint, Jwk.Read(A.Json(json), out _)!.Thumbprint);

    [Theory]
    [InlineData(",\"d\":\"AAAA\"")]
    [InlineData(",\"k\":\"AAAA\"")]
    [InlineData(",\"use\":\"enc\"")]
    [InlineData(",\"key_ops\":[\"sign\"]")]
    [InlineData(",\"alg\":\"RS256\"")]
    [InlineData(",\"alg\":\"ES384\"")]
    [InlineData(",\"alg\":\"HS256\"")]
    [InlineData(",\"kid\":7")]
    [InlineData(",\"kid\":\"\"")]
    public void A_key_that_is_private_or_for_something_else_is_refused(string member)
    {
        Assert.NotNull(Jwk.Read(A.Json(Forge.JwkOf(Forge.Ec)), out _));
        Assert.Null(Jwk.Read(A.Json(Forge.JwkOf(Forge.Ec, member)), out var fault));
        Assert.NotNull(fault);
    }

    [Theory]
    [InlineData("""{"kty":"oct","k":"AAAA"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"EC","crv":"secp256k1","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-384","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFt","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}""")]
    [InlineData($$"""{"kty":"RSA","n":"{{Rfc7638Modulus}}","e":"AQ"}""")]
    [InlineData($$"""{"kty":"RSA","n":"{{Rfc7638Modulus}}","e":"AQAC"}""")]
    [InlineData($$"""{"kty":"RSA","n":"AAAA{{Rfc7638Modulus}}","e":"AQAB"}""")]
    [InlineData("""{"kty":"RSA","e":"AQAB"}""")]
    [InlineData("[]")]
    public void A_key_of_another_kind_or_in_another_spelling_is_refused(string json) => Assert.Null(Jwk.Read(A.Json(json), out _));

    [Fact]
    public void An_RSA_key_below_2048_bits_is_refused()
    {
        Assert.Null(Jwk.Read(A.Json(Forge.JwkOf(Forge.WeakRsa)), out var fault));
        Assert.Contains("2048", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_beside_the_curve_verifies_nothing()
    {
        // The y of RFC 9449's key with another first byte.
        var jwk = Jwk.Read(A.Json("""{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"8VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}"""), out _)!;

        using var key = VerificationKey.Create(jwk);

        Assert.True(key is null || !key.Verify(JoseAlgorithm.Find("ES256")!, [1], new byte[64]));
    }

    [Fact]
    public void A_published_set_is_read_for_what_is_usable_and_a_registered_one_as_a_whole()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"keys":[{"kty":"oct","k":"AA"},{{Forge.JwkOf(Forge.WeakRsa)}},{{Forge.JwkOf(Forge.Ec)}}]}""");

        Assert.True(JwkSet.TryRead(json, everyKey: false, out var set, out _));
        Assert.Equal(Forge.Jwk(Forge.Ec).Thumbprint, Assert.Single(set.Keys).Thumbprint);
        Assert.False(JwkSet.TryRead(json, everyKey: true, out _, out _));
    }

    [Fact]
    public void A_set_is_read_as_it_was_written_and_has_no_private_member()
    {
        using var key = SigningKey.Create("PS256");

        var text = Encoding.UTF8.GetString(new JwkSet([key.Public, Forge.Jwk(Forge.Ec)]).ToJson());

        Assert.True(JwkSet.TryRead(Encoding.UTF8.GetBytes(text), everyKey: true, out var read, out _));
        Assert.Equal([key.Public.Thumbprint, Forge.Jwk(Forge.Ec).Thumbprint], read.Keys.Select(known => known.Thumbprint));
        Assert.Equal(key.Public.Thumbprint, read.Keys[0].KeyId);
        Assert.DoesNotContain("\"d\"", text, StringComparison.Ordinal);
    }
}
