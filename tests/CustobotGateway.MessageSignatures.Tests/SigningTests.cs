using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.MessageSignatures.Tests;

/// <summary>What is signed here verifies, and keys are what they say.</summary>
public sealed class SigningTests
{
    private static readonly SignatureProfile OfDirectories = new() { Name = "directory", Tags = [KeyDirectory.Tag], Covers = [new(["\"@authority\";req"], SignatureFault.AuthorityNotCovered)] };

    [Fact]
    public async Task Directory_signs_itself_for_the_host_that_was_asked()
    {
        var request = HttpMessage.Request("GET", "https", A.Authority, KeyDirectory.Path, MessageFields.None);
        var parameters = A.Parameters with { Components = [Component.Of("@authority", ofRequest: true)], Tag = KeyDirectory.Tag };
        Assert.True(MessageSigning.TrySign(HttpMessage.Response(200, MessageFields.None, request), A.Key, parameters, out var signed));
        var fields = new MessageFields(("Signature-Input", signed.Input), ("Signature", signed.Signature));
        var verifier = new SignatureVerifier(OfDirectories);

        Assert.Equal(SignatureFault.None, await A.FaultAsync(HttpMessage.Response(200, fields, request), verifier: verifier));
        Assert.Equal(SignatureFault.BadSignature, await A.FaultAsync(HttpMessage.Response(200, fields, HttpMessage.Request("GET", "https", "mirror.example", "/", MessageFields.None)), verifier: verifier));
        Assert.Equal(SignatureFault.MissingComponent, await A.FaultAsync(HttpMessage.Response(200, fields), verifier: verifier));
    }

    [Fact]
    public async Task Body_is_covered_by_its_digest()
    {
        var digest = ContentDigest.Of("{\"hello\": \"world\"}"u8);
        var message = A.Signed(A.Parameters with { Components = [Component.Of("@authority"), Component.Of("content-digest")] }, null, ("Content-Digest", digest));

        Assert.Equal(SignatureFault.None, await A.FaultAsync(message));
        Assert.True(ContentDigest.IsOf(digest, "{\"hello\": \"world\"}"u8));
        Assert.False(ContentDigest.IsOf(digest, "{\"hello\": \"World\"}"u8));
    }

    [Theory]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", true)]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, unknown=:AAAA:", true)]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:AAAA:", false)]
    [InlineData("unknown=:AAAA:", false)]
    [InlineData("sha-256=\"X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\"", false)]
    [InlineData("sha-256=", false)]
    [InlineData("", false)]
    public void Digest_is_of_the_content_or_not(string field, bool isOf) =>
        // RFC 9530 appendix D: SHA-256 of {"hello": "world"}.
        Assert.Equal(isOf, ContentDigest.IsOf(field, "{\"hello\": \"world\"}"u8));

    [Fact]
    public void Same_parameters_sign_the_same()
    {
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters, out var one);
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters, out var two);
        MessageSigning.TrySign(A.Request(), A.Key, A.Parameters with { Nonce = "another" }, out var three);

        Assert.Equal(one, two);
        Assert.NotEqual(one!.Signature, three!.Signature);
    }

    [Fact]
    public void Component_that_is_not_there_is_not_signed() =>
        Assert.False(MessageSigning.TrySign(A.Request(), A.Key, A.Parameters with { Components = [Component.Of("x-absent")] }, out _));

    [Fact]
    public void Private_key_comes_back_from_its_bytes()
    {
        foreach (var algorithm in new[] { SignatureAlgorithm.Ed25519, SignatureAlgorithm.EcdsaP256Sha256, SignatureAlgorithm.EcdsaP384Sha384 })
        {
            using var key = SigningKey.Create(algorithm);
            using var again = SigningKey.Import(key.Export());

            Assert.Equal(key.Public.Thumbprint, again.Public.Thumbprint);
            Assert.True(key.Public.Verify("text"u8, again.Sign("text"u8)));
        }
        Assert.Throws<CryptographicException>(() => SigningKey.Import([]));
        Assert.Throws<CryptographicException>(() => SigningKey.Import([9, 1]));
        Assert.Throws<CryptographicException>(() => SigningKey.Import([0, 1]));
    }

    [Theory]
    [InlineData("""{"kty":"oct","k":"AAAA"}""")]
    [InlineData("""{"kty":"OKP","crv":"X25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0b"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bt"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","alg":"HS256","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","use":"enc","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","nbf":"soon","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}""")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB"}""")]
    [InlineData("""{"kty":1}""")]
    [InlineData("""{"kty":"\ud800"}""")]
    [InlineData("[]")]
    public void Key_that_is_none_is_refused_with_a_reason(string json)
    {
        Assert.Null(VerifyingKey.Read(A.Json(json), out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void Private_and_public_part_have_to_belong_together() => Assert.Null(SigningKey.Read(
        A.Json("""{"kty":"OKP","crv":"Ed25519","d":"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"""), out _));

    [Fact]
    public void Directory_comes_back_from_its_text()
    {
        using var ec = SigningKey.Create(SignatureAlgorithm.EcdsaP256Sha256);
        using var rsa = SigningKey.Create(SignatureAlgorithm.RsaPssSha512);

        Assert.True(KeyDirectory.TryRead(KeyDirectory.Write([A.Key.Public, ec.Public, rsa.Public]), out var keys, out _));

        Assert.Equal([A.Key.Public.Thumbprint, ec.Public.Thumbprint, rsa.Public.Thumbprint], keys.Select(key => key.Thumbprint));
    }

    [Fact]
    public void Directory_passes_over_keys_that_it_cannot_use()
    {
        Assert.True(KeyDirectory.TryRead("""{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"},7]}"""u8.ToArray(), out var keys, out _));

        Assert.Equal(A.Key.Public.Thumbprint, Assert.Single(keys).Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    public void Directory_that_is_none_is_refused(string text) => Assert.False(KeyDirectory.TryRead(System.Text.Encoding.UTF8.GetBytes(text), out _, out _));

    [Fact]
    public void Directory_with_too_many_keys_is_refused() => Assert.False(KeyDirectory.TryRead(
        JsonSerializer.SerializeToUtf8Bytes(new { keys = Enumerable.Repeat(new { kty = "oct" }, KeyDirectory.MostKeys + 1) }), out _, out _));

    [Fact]
    public void Asked_signature_is_read()
    {
        Assert.True(AskedSignature.TryParse("sig1=(\"@status\" \"@authority\";req);keyid=\"k\";nonce=\"n\";tag=\"t\";created;expires", out var asked));

        var one = Assert.Single(asked);
        Assert.Equal(("sig1", "k", "n", "t", true), (one.Label, one.KeyId, one.Nonce, one.Tag, one.WantsExpires));
        Assert.Equal(["\"@status\"", "\"@authority\";req"], one.Components.Select(component => component.Identifier));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sig1")]
    [InlineData("sig1=(\"@nonsense\")")]
    [InlineData("sig1=(\"@status\" \"@status\")")]
    [InlineData("a=(), b=(), c=(), d=(), e=()")]
    public void Asking_for_what_nobody_can_sign_is_refused(string value) => Assert.False(AskedSignature.TryParse(value, out _));
}
