using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.MessageSignatures.Keys;

/// <summary>The public part of a JSON Web Key (RFC 7517, RFC 8037), checked and in its one spelling.</summary>
internal sealed record KeyNumbers
{
    public const int LeastRsaBits = 2_048;
    // Every verification with a longer one is a burden that its owner chose.
    public const int MostRsaBits = 8_192;

    private KeyNumbers(SignatureAlgorithm algorithm, string keyType, string? curve, byte[] first, byte[] second)
    {
        (Algorithm, KeyType, Curve, First, Second) = (algorithm, keyType, curve, first, second);
        var (one, two) = (Base64UrlText.Encode(first), Base64UrlText.Encode(second));
        // RFC 7638 §3.2 and RFC 8037 §2: the required members alone, in the order of their names.
        var canonical = keyType switch
        {
            "OKP" => $$"""{"crv":"Ed25519","kty":"OKP","x":"{{one}}"}""",
            "EC" => $$"""{"crv":"{{curve}}","kty":"EC","x":"{{one}}","y":"{{two}}"}""",
            _ => $$"""{"e":"{{two}}","kty":"RSA","n":"{{one}}"}""",
        };
        Thumbprint = Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    public SignatureAlgorithm Algorithm { get; }

    public string KeyType { get; }

    public string? Curve { get; }

    /// <summary><c>x</c> or <c>n</c>.</summary>
    public byte[] First { get; }

    /// <summary><c>y</c> or <c>e</c>; empty for Ed25519.</summary>
    public byte[] Second { get; }

    public string Thumbprint { get; }

    public static KeyNumbers OfEd25519(byte[] key) => new(SignatureAlgorithm.Ed25519, "OKP", "Ed25519", key, []);

    public static KeyNumbers OfEc(ECParameters key, SignatureAlgorithm algorithm) =>
        new(algorithm, "EC", algorithm == SignatureAlgorithm.EcdsaP256Sha256 ? "P-256" : "P-384", key.Q.X!, key.Q.Y!);

    /// <summary>Reads the numbers of a key; null with the reason for one that is weak, malformed, for another use, or of an algorithm that is not known here.</summary>
    public static KeyNumbers? Read(JsonElement key, out string? fault)
    {
        if (key.ValueKind != JsonValueKind.Object)
        {
            fault = "A key is a JSON object.";
            return null;
        }
        if (key.TryGetProperty("use", out _) && Text(key, "use") != "sig")
        {
            fault = "The key is not for signatures.";
            return null;
        }
        fault = null;
        return Text(key, "kty") switch
        {
            "OKP" => ReadOkp(key, out fault),
            "EC" => ReadEc(key, out fault),
            "RSA" => ReadRsa(key, out fault),
            _ => Fault("The key's kty is not OKP, EC or RSA.", out fault),
        };
    }

    public static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? TextOf(member) : null;

    // A half of a surrogate pair is found only when the text is asked for.
    private static string? TextOf(JsonElement member)
    {
        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static bool TryBytes(JsonElement key, string name, [NotNullWhen(true)] out byte[]? bytes) => Base64UrlText.TryDecode(Text(key, name), out bytes);

    public static ECCurve CurveOf(string? curve) => curve == "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("kty", KeyType);
        if (Curve is not null)
        {
            json.WriteString("crv", Curve);
        }
        json.WriteString(KeyType == "RSA" ? "n" : "x", Base64UrlText.Encode(First));
        if (Second.Length > 0)
        {
            json.WriteString(KeyType == "RSA" ? "e" : "y", Base64UrlText.Encode(Second));
        }
    }

    private static KeyNumbers? ReadOkp(JsonElement key, out string? fault)
    {
        fault = Text(key, "crv") != "Ed25519" ? "The key's curve is not Ed25519."
            : key.TryGetProperty("alg", out _) && Text(key, "alg") is not ("EdDSA" or "Ed25519" or "ed25519") ? "The key's alg does not go with its kind."
            : null;
        return fault is not null ? null
            : TryBytes(key, "x", out var x) && x.Length == Ed25519.KeyBytes ? OfEd25519(x)
            : Fault("The key's x is not 32 bytes.", out fault);
    }

    private static KeyNumbers? ReadEc(JsonElement key, out string? fault)
    {
        var curve = Text(key, "crv");
        var algorithm = curve switch { "P-256" => SignatureAlgorithm.EcdsaP256Sha256, "P-384" => SignatureAlgorithm.EcdsaP384Sha384, _ => null };
        if (algorithm is null)
        {
            return Fault("The key's curve is not P-256 or P-384.", out fault);
        }
        var length = algorithm.SignatureBytes / 2;
        if (key.TryGetProperty("alg", out _) && Text(key, "alg") != algorithm.Jose)
        {
            return Fault("The key's alg does not go with its kind.", out fault);
        }
        fault = null;
        return TryBytes(key, "x", out var x) && x.Length == length && TryBytes(key, "y", out var y) && y.Length == length
            ? new KeyNumbers(algorithm, "EC", curve, x, y)
            : Fault("The key's coordinates are not of its curve's length.", out fault);
    }

    private static KeyNumbers? ReadRsa(JsonElement key, out string? fault)
    {
        // One algorithm for a key (RFC 9421 §7.3.6): the weaker one only where the key itself asks for it.
        var algorithm = !key.TryGetProperty("alg", out _) ? SignatureAlgorithm.RsaPssSha512
            : Text(key, "alg") switch { "PS512" or "rsa-pss-sha512" => SignatureAlgorithm.RsaPssSha512, "RS256" or "rsa-v1_5-sha256" => SignatureAlgorithm.RsaV15Sha256, _ => null };
        if (algorithm is null)
        {
            return Fault("The key's alg is not PS512 or RS256.", out fault);
        }
        if (!TryBytes(key, "n", out var modulus) || modulus is [] or [0, ..] || BitLength(modulus) is < LeastRsaBits or > MostRsaBits)
        {
            return Fault($"The key's modulus has not {LeastRsaBits} to {MostRsaBits} bits.", out fault);
        }
        fault = null;
        return TryBytes(key, "e", out var exponent) && exponent is [not 0, ..] and { Length: <= 8 } and not [1] && exponent[^1] % 2 == 1
            ? new KeyNumbers(algorithm, "RSA", null, modulus, exponent)
            : Fault("The key's exponent is malformed.", out fault);
    }

    private static int BitLength(byte[] number) => (number.Length * 8) - (BitOperations.LeadingZeroCount((uint)number[0]) - 24);

    private static KeyNumbers? Fault(string why, out string? fault)
    {
        fault = why;
        return null;
    }
}
