using System.Security.Cryptography;
using CustobotGateway.OAuth.Dpop;

namespace CustobotGateway.OAuth.Tests.Dpop;

public sealed class DpopProofTests
{
    private const string TokenEndpoint = "https://server.example.com/token";

    // RFC 9449 §4.1 and §7.1.
    private const string RfcKeyHeader = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5"
        + "IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";

    private const string RfcTokenProof = RfcKeyHeader + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ."
        + "2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    private const string RfcResourceProof = RfcKeyHeader
        + ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9"
        + ".2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    private const string RfcAccessToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    private const string RfcThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    private static readonly byte[] Key = new byte[32];
    private static readonly DpopNonces Nonces = new([Key], "as");
    private static readonly DpopProofReader Reader = new(Nonces);
    private static readonly DpopRequest Request = new("POST", TokenEndpoint);

    [Fact]
    public void The_examples_of_RFC_9449_are_accepted()
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1562262616);

        Assert.Equal(RfcThumbprint, Reader.Read([RfcTokenProof], Request, time).Value.Thumbprint);
        Assert.Equal(
            RfcThumbprint,
            Reader.Read([RfcResourceProof], new("GET", "https://resource.example.org/protectedresource", RfcAccessToken), time.AddSeconds(2)).Value.Thumbprint);
    }

    [Theory]
    [InlineData(-11, false)]
    [InlineData(-10, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void A_proof_is_for_now(int secondsLater, bool passes) =>
        Assert.Equal(passes ? null : "invalid_dpop_proof", Reader.Read([RfcTokenProof], Request, DateTimeOffset.FromUnixTimeSeconds(1562262616 + secondsLater)).Error?.Code);

    [Theory]
    [InlineData("https://server.example.com/token?a=b#c", true)]
    [InlineData("HTTPS://SERVER.example.com:443/token", true)]
    [InlineData("https://server.example.com/x/../token", true)]
    [InlineData("https://server.example.com/%74oken", true)]
    [InlineData("https://server.example.com/token/", false)]
    [InlineData("https://server.example.com/Token", false)]
    [InlineData("https://server.example.com:8443/token", false)]
    [InlineData("http://server.example.com/token", false)]
    [InlineData("https://evil.example/token", false)]
    [InlineData("https://server.example.com@evil.example/token", false)]
    [InlineData("https://user@server.example.com/token", false)]
    [InlineData("/token", false)]
    public void The_address_is_compared_without_query_and_in_its_normal_form(string htu, bool passes) => Assert.Equal(passes, Error(Proof(htu: $"\"{htu}\"")) is null);

    [Fact]
    public void Everything_about_the_proof_is_checked()
    {
        Assert.Null(Error(Proof()));
        Refused(Proof(htm: "\"GET\""));
        Refused(Proof(htm: "\"post\""));
        Refused(Proof(jti: "1"));
        Refused(Proof(jti: "\"\""));
        Refused(Proof(jti: $"\"{new string('j', 129)}\""));
        Refused(Proof(iat: "\"now\""));
        Refused(Proof(iat: "null"));
        Refused(Proof(type: "JWT"));
        Refused(Proof(type: "at+jwt"));
        Refused(Proof(alg: "none"));
        Refused(Proof(alg: "HS256"));
        Refused(Proof(jwk: "null"));
        Refused(Proof(jwk: Forge.JwkOf(Forge.OtherEc)));
        Refused(Proof(jwk: Forge.JwkOf(Forge.Ec, ",\"d\":\"AA\"")));
        Refused(Proof(jwk: """{"kty":"oct","k":"AAAA"}"""));
        Refused(Proof(more: ",\"crit\":[\"x\"],\"x\":1"));
        Refused(Proof(htu: $"\"{TokenEndpoint}?{new string('q', 4_096)}\""));
        Refused(Forge.WithRsa(
            $$"""{"typ":"dpop+jwt","alg":"PS256","jwk":{{Forge.JwkOf(Forge.WeakRsa)}}}""", Payload(), RSASignaturePadding.Pss, HashAlgorithmName.SHA256, Forge.WeakRsa));
        Assert.Null(Error(Forge.WithRsa(
            $$"""{"typ":"dpop+jwt","alg":"PS256","jwk":{{Forge.JwkOf(Forge.Rsa)}}}""", Payload(), RSASignaturePadding.Pss, HashAlgorithmName.SHA256)));
    }

    [Fact]
    public void There_is_one_proof()
    {
        Assert.Equal("invalid_dpop_proof", Reader.Read([], Request, A.Now).Error?.Code);
        Assert.Equal("invalid_dpop_proof", Reader.Read([Proof(), Proof()], Request, A.Now).Error?.Code);
        Assert.Equal("invalid_dpop_proof", Reader.Read([Proof() + "," + Proof()], Request, A.Now).Error?.Code);
    }

    [Fact]
    public void A_proof_goes_with_its_token()
    {
        var resource = Request with { AccessToken = RfcAccessToken };

        Assert.Equal("invalid_dpop_proof", Reader.Read([Proof()], resource, A.Now).Error?.Code);
        Assert.Equal("invalid_dpop_proof", Reader.Read([Proof(claims: ",\"ath\":\"AAAA\"")], resource, A.Now).Error?.Code);
        Assert.Null(Reader.Read([Proof(claims: ",\"ath\":\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\"")], resource, A.Now).Error);
    }

    [Fact]
    public void A_replay_is_told_by_key_and_jti()
    {
        var use = Reader.Read([Proof()], Request, A.Now).Value.Use;

        Assert.Equal(use.Key, Reader.Read([Proof(claims: ",\"x\":1")], Request, A.Now).Value.Use.Key);
        Assert.NotEqual(use.Key, Reader.Read([Proof(jti: "\"other\"")], Request, A.Now).Value.Use.Key);
        Assert.True(use.Expires >= A.Now.AddSeconds(60));
    }

    [Fact]
    public void A_nonce_is_demanded_and_a_wrong_one_is_refused_also_where_none_is()
    {
        var demanding = Request with { RequiresNonce = true };
        var fresh = $",\"nonce\":\"{Nonces.Create(A.Now)}\"";
        var old = $",\"nonce\":\"{Nonces.Create(A.Now.AddMinutes(-4))}\"";

        Assert.Equal("use_dpop_nonce", Reader.Read([Proof()], demanding, A.Now).Error?.Code);
        Assert.Equal("use_dpop_nonce", Error(Proof(claims: ",\"nonce\":\"x\"")));
        Assert.Equal("use_dpop_nonce", Error(Proof(claims: ",\"nonce\":1")));
        Assert.False(Reader.Read([Proof(claims: fresh)], demanding, A.Now).Value.WantsNextNonce);
        Assert.True(Reader.Read([Proof(claims: old)], demanding, A.Now).Value.WantsNextNonce);
    }

    [Fact]
    public void Nonces_end_belong_to_a_purpose_and_survive_a_change_of_keys()
    {
        var nonce = Nonces.Create(A.Now);
        byte[] next = [.. Enumerable.Repeat((byte)1, 32)];

        Assert.Equal(NonceState.Fresh, Nonces.Check(nonce, A.Now.AddSeconds(150)));
        Assert.Equal(NonceState.NearExpiry, Nonces.Check(nonce, A.Now.AddSeconds(151)));
        Assert.Equal(NonceState.Unknown, Nonces.Check(nonce, A.Now.AddSeconds(301)));
        Assert.Equal(NonceState.Unknown, Nonces.Check(null, A.Now));
        Assert.Equal(NonceState.Unknown, Nonces.Check((nonce[0] == 'A' ? 'B' : 'A') + nonce[1..], A.Now));
        Assert.Equal(NonceState.Unknown, new DpopNonces([Key], "rs").Check(nonce, A.Now));
        Assert.Equal(NonceState.Fresh, new DpopNonces([next, Key], "as").Check(nonce, A.Now));
        Assert.Equal(NonceState.Unknown, new DpopNonces([next], "as").Check(nonce, A.Now));
        Assert.Throws<ArgumentException>(() => new DpopNonces([new byte[31]], "as"));
    }

    private static void Refused(string proof) => Assert.Equal("invalid_dpop_proof", Error(proof));

    private static string? Error(string proof) => Reader.Read([proof], Request, A.Now).Error?.Code;

    private static string Proof(
        string type = "dpop+jwt", string alg = "ES256", string? jwk = null, string more = "", string? htm = null, string? htu = null, string? jti = null, string? iat = null, string claims = "") =>
        Forge.Es256($$"""{"typ":"{{type}}","alg":"{{alg}}","jwk":{{jwk ?? Forge.JwkOf(Forge.Ec)}}{{more}}}""", Payload(htm, htu, jti, iat, claims));

    private static string Payload(string? htm = null, string? htu = null, string? jti = null, string? iat = null, string claims = "") =>
        $$"""{"jti":{{jti ?? "\"j\""}},"htm":{{htm ?? "\"POST\""}},"htu":{{htu ?? $"\"{TokenEndpoint}\""}},"iat":{{iat ?? $"{A.Now.ToUnixTimeSeconds()}"}}{{claims}}}""";
}
