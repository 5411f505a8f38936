using System.Text.Json;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.MessageSignatures.Tests;

/// <summary>What is accepted; a test changes one thing of it.</summary>
internal static class A
{
    public const string Authority = "shop.example";

    // RFC 9421 appendix B.1.4, published for tests.
    private const string PrivateKey = """{"kty":"OKP","crv":"Ed25519","d":"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}""";

    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_795_200_000);

    public static SigningKey Key { get; } = SigningKey.Read(Json(PrivateKey), out _)!;

    public static SignatureVerifier Verifier { get; } = new(SignatureProfile.WebBotAuth, SignatureProfile.VisaTap);

    public static SigningParameters Parameters => new()
    {
        Components = [Component.Of("@authority")],
        Created = Now.AddSeconds(-5),
        Expires = Now.AddMinutes(5),
        Nonce = "nonce-1",
        Tag = "web-bot-auth",
    };

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static HttpMessage Request(params IReadOnlyList<(string, string)> fields) =>
        HttpMessage.Request("GET", "https", Authority, "/product/7?ref=a", new MessageFields(fields));

    /// <summary>The request with its signature.</summary>
    public static HttpMessage Signed(SigningParameters? parameters = null, SigningKey? key = null, params IReadOnlyList<(string, string)> fields)
    {
        Assert.True(MessageSigning.TrySign(Request(fields), key ?? Key, parameters ?? Parameters, out var signed));
        return Request([.. fields, ("Signature-Input", signed.Input), ("Signature", signed.Signature)]);
    }

    public static async Task<Judgement> JudgeAsync(HttpMessage message, SigningKey? key = null, DateTimeOffset? now = null, SignatureVerifier? verifier = null, INonceStore? nonces = null) =>
        await (verifier ?? Verifier).JudgeAsync(message, now ?? Now, new Keys((key ?? Key).Public), nonces ?? new MemoryNonces(), CancellationToken.None);

    public static async Task<SignatureFault> FaultAsync(HttpMessage message, SigningKey? key = null, DateTimeOffset? now = null, SignatureVerifier? verifier = null) =>
        (await JudgeAsync(message, key, now, verifier)).Fault;

    /// <summary>Keys by their thumbprints, all of one owner, for one host.</summary>
    public sealed class Keys(params IReadOnlyList<VerifyingKey> keys) : IKeySource
    {
        public ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, CancellationToken cancellationToken) =>
            new(keys.FirstOrDefault(key => key.Thumbprint == candidate.KeyId) is { } key ? new KnownKey(key, "https://agent.example", [Authority]) : null);
    }
}
