namespace CustobotGateway.MessageSignatures.Keys;

/// <summary>
/// What messages are signed with (RFC 9421 §3.3). There is no HMAC: a shared secret proves nothing to a third party, and where there is none, no public key can
/// be passed off as one.
/// </summary>
public sealed class SignatureAlgorithm
{
    private SignatureAlgorithm(string name, string jose, int signatureBytes) => (Name, Jose, SignatureBytes) = (name, jose, signatureBytes);

    /// <summary>EdDSA over Curve25519.</summary>
    public static SignatureAlgorithm Ed25519 { get; } = new("ed25519", "EdDSA", 64);

    /// <summary>RSASSA-PSS with SHA-512 and a salt of 64 bytes.</summary>
    public static SignatureAlgorithm RsaPssSha512 { get; } = new("rsa-pss-sha512", "PS512", 0);

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    public static SignatureAlgorithm RsaV15Sha256 { get; } = new("rsa-v1_5-sha256", "RS256", 0);

    /// <summary>ECDSA over P-256 with SHA-256.</summary>
    public static SignatureAlgorithm EcdsaP256Sha256 { get; } = new("ecdsa-p256-sha256", "ES256", 64);

    /// <summary>ECDSA over P-384 with SHA-384.</summary>
    public static SignatureAlgorithm EcdsaP384Sha384 { get; } = new("ecdsa-p384-sha384", "ES384", 96);

    /// <summary>The name in the parameter <c>alg</c>.</summary>
    public string Name { get; }

    /// <summary>The name in a JSON Web Key.</summary>
    public string Jose { get; }

    /// <summary>How long its signatures are; 0 where the key decides.</summary>
    public int SignatureBytes { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
