namespace CustobotGateway.OAuth.Jose;

/// <summary>A signature algorithm of RFC 7518 §3.1, bound to the one kind of key that it goes with (RFC 8725 §3.1).</summary>
/// <param name="Name">The value of <c>alg</c>.</param>
/// <param name="KeyType">The only <c>kty</c>.</param>
/// <param name="Curve">The only <c>crv</c>; null for RSA.</param>
/// <param name="SignatureBytes">How long a signature is; zero where the modulus says it.</param>
public sealed record JoseAlgorithm(string Name, string KeyType, string? Curve, int SignatureBytes)
{
    /// <summary>ECDSA on P-256 with SHA-256: what this server signs with unless told otherwise.</summary>
    public const string ES256 = "ES256";

    /// <summary>RSASSA-PSS with SHA-256.</summary>
    public const string PS256 = "PS256";

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256: for issuers and clients that have nothing better.</summary>
    public const string RS256 = "RS256";

    /// <summary>Every algorithm that is understood: asymmetric ones alone, so that no public key can serve as a shared secret.</summary>
    public static IReadOnlyList<JoseAlgorithm> All { get; } =
    [
        new(ES256, "EC", "P-256", 64),
        new("ES384", "EC", "P-384", 96),
        new("ES512", "EC", "P-521", 132),
        new(PS256, "RSA", null, 0),
        new("PS384", "RSA", null, 0),
        new("PS512", "RSA", null, 0),
        new(RS256, "RSA", null, 0),
        new("RS384", "RSA", null, 0),
        new("RS512", "RSA", null, 0),
    ];

    /// <summary>What proofs and client assertions may be signed with by default.</summary>
    public static IReadOnlyList<string> Recommended { get; } = [ES256, "ES384", "ES512", PS256, "PS384", "PS512"];

    /// <summary>The algorithm of that exact name; null for <c>none</c>, HMAC and everything unknown.</summary>
    public static JoseAlgorithm? Find(string? name) => All.FirstOrDefault(algorithm => algorithm.Name == name);

    /// <summary>True if the key is of the kind, and if it names an algorithm, it is this one.</summary>
    public bool Fits(Jwk key) => key.KeyType == KeyType && key.Curve == Curve && (key.Algorithm is null || key.Algorithm == Name);
}
