using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace CustobotGateway.OAuth.Jose;

/// <summary>A public key made ready to verify with, for any number of threads. Keep it for keys that come back; a proof's own key is used once.</summary>
public sealed class VerificationKey : IDisposable
{
    // The library's own cache is shared by the whole process and counts keys that strangers send.
    private static readonly CryptoProviderFactory Factory = new() { CacheSignatureProviders = false };

    private readonly ConcurrentDictionary<string, SignatureProvider> _providers = new();
    private readonly ECDsa? _ec;
    private readonly SecurityKey _key;

    private VerificationKey(Jwk jwk, SecurityKey key, ECDsa? ec)
    {
        (Jwk, _key, _ec) = (jwk, key, ec);
    }

    /// <summary>The key as it is written.</summary>
    public Jwk Jwk { get; }

    /// <summary>Prepares the key; null if its numbers are no key, such as a point beside the curve (RFC 8725 §2.5).</summary>
    public static VerificationKey? Create(Jwk jwk)
    {
        ArgumentNullException.ThrowIfNull(jwk);
        _ = Base64UrlText.TryDecode(jwk.First, out var first);
        _ = Base64UrlText.TryDecode(jwk.Second, out var second);
        try
        {
            if (jwk.KeyType != "EC")
            {
                return new VerificationKey(jwk, new RsaSecurityKey(new RSAParameters { Modulus = first, Exponent = second }), null);
            }
            var ec = ECDsa.Create(new ECParameters { Curve = CurveOf(jwk.Curve), Q = new ECPoint { X = first, Y = second } });
            return new VerificationKey(jwk, new ECDsaSecurityKey(ec), ec);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>True if the algorithm goes with the key and the signature is the key's.</summary>
    public bool Verify(JoseAlgorithm algorithm, byte[] input, byte[] signature)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(signature);
        if (!algorithm.Fits(Jwk) || (algorithm.SignatureBytes > 0 && signature.Length != algorithm.SignatureBytes))
        {
            return false;
        }
        try
        {
            return _providers.GetOrAdd(algorithm.Name, static (name, key) => Factory.CreateForVerifying(key, name, false), _key).Verify(input, signature);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            // Numbers that the platform takes for no key or no signature verify nothing.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var provider in _providers.Values)
        {
            provider.Dispose();
        }
        _ec?.Dispose();
    }

    internal static ECCurve CurveOf(string? curve) => curve switch
    {
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => ECCurve.NamedCurves.nistP256,
    };
}
