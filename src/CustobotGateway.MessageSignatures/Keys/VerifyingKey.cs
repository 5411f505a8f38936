using System.Security.Cryptography;
using System.Text.Json;

namespace CustobotGateway.MessageSignatures.Keys;

/// <summary>A public key made ready to verify with, for any number of threads. Making it costs more than using it: keep it.</summary>
public sealed class VerifyingKey : IDisposable
{
    private readonly KeyNumbers _numbers;
    private readonly Ed25519? _edwards;
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    internal VerifyingKey(KeyNumbers numbers)
    {
        _numbers = numbers;
        switch (numbers.KeyType)
        {
            case "OKP":
                _edwards = Ed25519.OfPublic(numbers.First) ?? throw new CryptographicException(Ed25519.IsAvailable ? "The key is no point of the curve." : Ed25519.Absence);
                break;
            case "EC":
                _ec = ECDsa.Create(new ECParameters { Curve = KeyNumbers.CurveOf(numbers.Curve), Q = new ECPoint { X = numbers.First, Y = numbers.Second } });
                break;
            default:
                _rsa = RSA.Create(new RSAParameters { Modulus = numbers.First, Exponent = numbers.Second });
                break;
        }
    }

    /// <summary>The SHA-256 thumbprint (RFC 7638), which is the parameter <c>keyid</c> of Web Bot Auth.</summary>
    public string Thumbprint => _numbers.Thumbprint;

    /// <summary>The one algorithm that the key is for.</summary>
    public SignatureAlgorithm Algorithm => _numbers.Algorithm;

    /// <summary>From when on its owner wants it used; null for always.</summary>
    public DateTimeOffset? NotBefore { get; private init; }

    /// <summary>Until when; null for ever.</summary>
    public DateTimeOffset? NotAfter { get; private init; }

    /// <summary>
    /// Reads a public JSON Web Key: OKP with Ed25519, EC with P-256 or P-384, RSA of 2,048 to 8,192 bits. Private members are passed over, so that the key of a
    /// careless owner is still known.
    /// </summary>
    /// <returns>The key, or null with the reason.</returns>
    public static VerifyingKey? Read(JsonElement json, out string? fault)
    {
        if (KeyNumbers.Read(json, out fault) is not { } numbers)
        {
            return null;
        }
        if (!TryTime(json, "nbf", out var from) || !TryTime(json, "exp", out var until))
        {
            fault = "The key's nbf or exp is no time.";
            return null;
        }
        try
        {
            return new VerifyingKey(numbers) { NotBefore = from, NotAfter = until };
        }
        catch (CryptographicException failure)
        {
            fault = failure.Message;
            return null;
        }
    }

    /// <summary>Whether its owner wants it used at that time.</summary>
    public bool IsGoodAt(DateTimeOffset now) => (NotBefore is not { } from || now >= from) && (NotAfter is not { } until || now < until);

    /// <summary>True if the signature is the key's over the message.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (Algorithm.SignatureBytes > 0 && signature.Length != Algorithm.SignatureBytes)
        {
            return false;
        }
        try
        {
            return _edwards is not null ? _edwards.Verify(message, signature)
                : _ec is not null ? _ec.VerifyData(message, signature, Algorithm == SignatureAlgorithm.EcdsaP256Sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384)
                : Algorithm == SignatureAlgorithm.RsaPssSha512 ? _rsa!.VerifyData(message, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pss)
                : _rsa!.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            // Numbers that the platform takes for no signature verify nothing.
            return false;
        }
    }

    /// <summary>Writes the public key as a JSON Web Key, with its thumbprint as <c>kid</c>.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        _numbers.WriteTo(json);
        json.WriteString("kid", Thumbprint);
        json.WriteString("use", "sig");
        if (NotBefore is { } from)
        {
            json.WriteNumber("nbf", from.ToUnixTimeSeconds());
        }
        if (NotAfter is { } until)
        {
            json.WriteNumber("exp", until.ToUnixTimeSeconds());
        }
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _edwards?.Dispose();
        _ec?.Dispose();
        _rsa?.Dispose();
    }

    // The draft of key directories has seconds; directories in use have milliseconds, too.
    private static bool TryTime(JsonElement json, string name, out DateTimeOffset? time)
    {
        const long mostSeconds = 100_000_000_000;
        time = null;
        if (!json.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return true;
        }
        if (member.ValueKind != JsonValueKind.Number || !member.TryGetInt64(out var number) || number is < 0 or > mostSeconds * 1_000)
        {
            return false;
        }
        time = number >= mostSeconds ? DateTimeOffset.FromUnixTimeMilliseconds(number) : DateTimeOffset.FromUnixTimeSeconds(number);
        return true;
    }
}
