using System.Security.Cryptography;
using System.Text.Json;

namespace CustobotGateway.MessageSignatures.Keys;

/// <summary>A private key that messages are signed with.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly Ed25519? _edwards;
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;
    private readonly byte[] _seed;

    private SigningKey(KeyNumbers numbers, Ed25519? edwards, ECDsa? ec, RSA? rsa, byte[] seed)
    {
        (_edwards, _ec, _rsa, _seed) = (edwards, ec, rsa, seed);
        Public = new VerifyingKey(numbers);
    }

    /// <summary>The public key.</summary>
    public VerifyingKey Public { get; }

    /// <summary>What it signs with.</summary>
    public SignatureAlgorithm Algorithm => Public.Algorithm;

    /// <summary>Makes a key: Ed25519, or ECDSA with P-256 where Ed25519 is not available.</summary>
    public static SigningKey Create() => Ed25519.IsAvailable ? OfSeed(RandomNumberGenerator.GetBytes(Ed25519.KeyBytes)) : Create(SignatureAlgorithm.EcdsaP256Sha256);

    /// <summary>Makes a key for that algorithm; RSA keys are of 2,048 bits and for <c>rsa-pss-sha512</c>.</summary>
    public static SigningKey Create(SignatureAlgorithm algorithm)
    {
        if (algorithm == SignatureAlgorithm.Ed25519)
        {
            return Ed25519.IsAvailable ? OfSeed(RandomNumberGenerator.GetBytes(Ed25519.KeyBytes)) : throw new PlatformNotSupportedException(Ed25519.Absence);
        }
        if (algorithm == SignatureAlgorithm.RsaPssSha512)
        {
            var rsa = RSA.Create(KeyNumbers.LeastRsaBits);
            using var document = JsonDocument.Parse(RsaJson(rsa));
            return new SigningKey(KeyNumbers.Read(document.RootElement, out _)!, null, null, rsa, []);
        }
        if (algorithm != SignatureAlgorithm.EcdsaP256Sha256 && algorithm != SignatureAlgorithm.EcdsaP384Sha384)
        {
            throw new ArgumentException("Keys of that algorithm are not made here.", nameof(algorithm));
        }
        return OfEc(ECDsa.Create(algorithm == SignatureAlgorithm.EcdsaP256Sha256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384), algorithm);
    }

    /// <summary>Reads a private JSON Web Key.</summary>
    /// <returns>The key, or null with the reason.</returns>
    public static SigningKey? Read(JsonElement json, out string? fault)
    {
        if (KeyNumbers.Read(json, out fault) is not { } numbers)
        {
            return null;
        }
        if (!KeyNumbers.TryBytes(json, "d", out var secret))
        {
            fault = "The key has no private member d.";
            return null;
        }
        try
        {
            return numbers.KeyType switch
            {
                "OKP" => OfOkp(numbers, secret, out fault),
                "EC" => OfEc(ECDsa.Create(new ECParameters
                {
                    Curve = KeyNumbers.CurveOf(numbers.Curve),
                    D = secret,
                    Q = new ECPoint { X = numbers.First, Y = numbers.Second },
                }), numbers.Algorithm),
                _ => OfRsa(json, numbers, secret, out fault),
            };
        }
        catch (CryptographicException failure)
        {
            fault = failure.Message;
            return null;
        }
    }

    /// <summary>Reads what <see cref="Export"/> wrote.</summary>
    public static SigningKey Import(ReadOnlySpan<byte> exported)
    {
        var algorithm = exported.Length > 0 ? exported[0] : (byte)255;
        var rest = exported.Length > 0 ? exported[1..] : exported;
        if (algorithm == 0)
        {
            return rest.Length == Ed25519.KeyBytes ? OfSeed(rest.ToArray()) : throw new CryptographicException("The key is malformed.");
        }
        if (algorithm > 2)
        {
            throw new CryptographicException("The key is of an unknown kind.");
        }
        var ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(rest, out _);
        return OfEc(ec, algorithm == 1 ? SignatureAlgorithm.EcdsaP256Sha256 : SignatureAlgorithm.EcdsaP384Sha384);
    }

    /// <summary>The private key in bytes, to be sealed and stored. RSA keys are not exported.</summary>
    public byte[] Export() => _edwards is not null ? [0, .. _seed]
        : _ec is not null ? [Algorithm == SignatureAlgorithm.EcdsaP256Sha256 ? (byte)1 : (byte)2, .. _ec.ExportPkcs8PrivateKey()]
        : throw new NotSupportedException("RSA keys are not exported.");

    /// <summary>Signs.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => _edwards is not null ? _edwards.Sign(message)
        : _ec is not null ? _ec.SignData(message.ToArray(), Algorithm == SignatureAlgorithm.EcdsaP256Sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384)
        : Algorithm == SignatureAlgorithm.RsaPssSha512 ? _rsa!.SignData(message.ToArray(), HashAlgorithmName.SHA512, RSASignaturePadding.Pss)
        : _rsa!.SignData(message.ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_seed);
        _edwards?.Dispose();
        _ec?.Dispose();
        _rsa?.Dispose();
        Public.Dispose();
    }

    private static SigningKey OfSeed(byte[] seed)
    {
        var key = Ed25519.OfPrivate(seed) ?? throw new PlatformNotSupportedException(Ed25519.Absence);
        return new SigningKey(KeyNumbers.OfEd25519(key.PublicKey()), key, null, null, seed);
    }

    private static SigningKey? OfOkp(KeyNumbers numbers, byte[] seed, out string? fault)
    {
        fault = null;
        if (Ed25519.OfPrivate(seed) is not { } key)
        {
            fault = Ed25519.IsAvailable ? "The key's d is not 32 bytes." : Ed25519.Absence;
            return null;
        }
        if (!key.PublicKey().AsSpan().SequenceEqual(numbers.First))
        {
            key.Dispose();
            fault = "The key's x and d do not belong together.";
            return null;
        }
        return new SigningKey(numbers, key, null, null, seed);
    }

    private static SigningKey OfEc(ECDsa ec, SignatureAlgorithm algorithm) =>
        new(KeyNumbers.OfEc(ec.ExportParameters(false), algorithm), null, ec, null, []);

    private static SigningKey? OfRsa(JsonElement json, KeyNumbers numbers, byte[] secret, out string? fault)
    {
        if (!KeyNumbers.TryBytes(json, "p", out var p) || !KeyNumbers.TryBytes(json, "q", out var q) || !KeyNumbers.TryBytes(json, "dp", out var dp)
            || !KeyNumbers.TryBytes(json, "dq", out var dq) || !KeyNumbers.TryBytes(json, "qi", out var qi))
        {
            fault = "The key lacks one of p, q, dp, dq and qi.";
            return null;
        }
        fault = null;
        // The platform wants each number at the length that the modulus gives it.
        var (whole, half) = (numbers.First.Length, (numbers.First.Length + 1) / 2);
        return new SigningKey(numbers, null, null, RSA.Create(new RSAParameters
        {
            Modulus = numbers.First,
            Exponent = numbers.Second,
            D = Pad(secret, whole),
            P = Pad(p, half),
            Q = Pad(q, half),
            DP = Pad(dp, half),
            DQ = Pad(dq, half),
            InverseQ = Pad(qi, half),
        }), []);
    }

    private static byte[] Pad(byte[] number, int length) => number.Length >= length ? number : [.. new byte[length - number.Length], .. number];

    private static string RsaJson(RSA rsa)
    {
        var numbers = rsa.ExportParameters(false);
        return $$"""{"kty":"RSA","n":"{{Base64UrlText.Encode(numbers.Modulus)}}","e":"{{Base64UrlText.Encode(numbers.Exponent)}}"}""";
    }
}
