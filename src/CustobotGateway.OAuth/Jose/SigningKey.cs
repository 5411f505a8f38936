using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace CustobotGateway.OAuth.Jose;

/// <summary>A private key of this server, made ready to sign with, for any number of threads. Its name is its thumbprint.</summary>
public sealed class SigningKey : IDisposable
{
    private const int RsaBits = 3072;

    private static readonly CryptoProviderFactory Factory = new() { CacheSignatureProviders = false };

    private readonly AsymmetricAlgorithm _key;
    private readonly SignatureProvider _provider;
    private readonly ConcurrentDictionary<string, byte[]> _headers = new();

    private SigningKey(JoseAlgorithm algorithm, AsymmetricAlgorithm key)
    {
        (Algorithm, _key) = (algorithm, key);
        Public = PublicPart(algorithm, key);
        SecurityKey security = key is ECDsa ec ? new ECDsaSecurityKey(ec) : new RsaSecurityKey((RSA)key);
        _provider = Factory.CreateForSigning(security, algorithm.Name, false);
    }

    /// <summary>What the key signs with; only ever this (RFC 8725 §3.1).</summary>
    public JoseAlgorithm Algorithm { get; }

    /// <summary>What the key set publishes.</summary>
    public Jwk Public { get; }

    /// <summary>Makes a new key: the curve that the algorithm names, or RSA of 3072 bits.</summary>
    public static SigningKey Create(string algorithm = JoseAlgorithm.ES256)
    {
        var found = Known(algorithm);
        return new SigningKey(found, found.Curve is null ? RSA.Create(RsaBits) : ECDsa.Create(VerificationKey.CurveOf(found.Curve)));
    }

    /// <summary>Reads a key that <see cref="ExportPkcs8"/> wrote. Throws <see cref="CryptographicException"/> if it is none or too weak.</summary>
    public static SigningKey Import(string algorithm, ReadOnlySpan<byte> pkcs8)
    {
        var found = Known(algorithm);
        AsymmetricAlgorithm key = found.Curve is null ? RSA.Create() : ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        if (found.Curve is null ? key.KeySize < JwkReader.LeastRsaBits : PublicPart(found, key).Curve != found.Curve)
        {
            key.Dispose();
            throw new CryptographicException($"The key does not go with {algorithm}.");
        }
        return new SigningKey(found, key);
    }

    /// <summary>The key in the clear (RFC 5958), for a store that encrypts it.</summary>
    public byte[] ExportPkcs8() => _key.ExportPkcs8PrivateKey();

    /// <summary>Signs the claims as a compact token of that <c>typ</c> (RFC 7515 §7.1).</summary>
    public string Sign(string type, ReadOnlySpan<byte> claims)
    {
        var header = _headers.GetOrAdd(type, Header);
        var input = new byte[header.Length + 1 + Base64Url.GetEncodedLength(claims.Length)];
        header.CopyTo(input, 0);
        input[header.Length] = (byte)'.';
        Base64Url.EncodeToUtf8(claims, input.AsSpan(header.Length + 1));
        var signature = _provider.Sign(input);
        return string.Concat(Encoding.ASCII.GetString(input), ".", Base64UrlText.Encode(signature));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _provider.Dispose();
        _key.Dispose();
    }

    private byte[] Header(string type) => Encoding.ASCII.GetBytes(Base64UrlText.Encode(JsonText.Write(json =>
    {
        json.WriteString("alg", Algorithm.Name);
        json.WriteString("typ", type);
        json.WriteString("kid", Public.KeyId);
    })));

    private static JoseAlgorithm Known(string algorithm) =>
        JoseAlgorithm.Find(algorithm) ?? throw new ArgumentException($"{algorithm} is no algorithm to sign with.", nameof(algorithm));

    private static Jwk PublicPart(JoseAlgorithm algorithm, AsymmetricAlgorithm key)
    {
        Jwk jwk;
        if (key is ECDsa ec)
        {
            var point = ec.ExportParameters(false).Q;
            var curve = point.X!.Length switch { 32 => "P-256", 48 => "P-384", _ => "P-521" };
            jwk = new Jwk("EC", curve, Base64UrlText.Encode(point.X), Base64UrlText.Encode(point.Y));
        }
        else
        {
            var rsa = ((RSA)key).ExportParameters(false);
            jwk = new Jwk("RSA", null, Base64UrlText.Encode(rsa.Modulus), Base64UrlText.Encode(rsa.Exponent));
        }
        return jwk with { KeyId = jwk.Thumbprint, Algorithm = algorithm.Name };
    }
}
