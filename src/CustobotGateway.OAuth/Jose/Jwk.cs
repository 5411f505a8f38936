using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.OAuth.Jose;

/// <summary>A public key for signatures (RFC 7517). A private or symmetric one cannot be held.</summary>
public sealed record Jwk
{
    internal Jwk(string keyType, string? curve, string first, string second)
    {
        (KeyType, Curve, First, Second) = (keyType, curve, first, second);
        // RFC 7638 §3.2: the required members alone, in the order of their names.
        var canonical = keyType == "EC"
            ? $$"""{"crv":"{{curve}}","kty":"EC","x":"{{first}}","y":"{{second}}"}"""
            : $$"""{"e":"{{second}}","kty":"RSA","n":"{{first}}"}""";
        Thumbprint = Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    /// <summary><c>EC</c> or <c>RSA</c> (RFC 7518 §6.1).</summary>
    public string KeyType { get; }

    /// <summary><c>P-256</c>, <c>P-384</c> or <c>P-521</c>; null for RSA.</summary>
    public string? Curve { get; }

    /// <summary>The key's name (RFC 7517 §4.5); a hint among keys that are trusted already, never a place to look.</summary>
    public string? KeyId { get; init; }

    /// <summary>The only algorithm the key may be used with; null if its kind alone decides (RFC 7517 §4.4).</summary>
    public string? Algorithm { get; init; }

    /// <summary>The SHA-256 thumbprint (RFC 7638), which is <c>jkt</c> in tokens that are bound to the key (RFC 9449 §6).</summary>
    public string Thumbprint { get; }

    /// <summary><c>x</c> or <c>n</c>, canonical base64url.</summary>
    internal string First { get; }

    /// <summary><c>y</c> or <c>e</c>, canonical base64url.</summary>
    internal string Second { get; }

    /// <summary>Reads a key, strictly: see <see cref="JwkReader"/>.</summary>
    /// <returns>The key, or null with the reason.</returns>
    public static Jwk? Read(JsonElement json, out string? fault) => JwkReader.Read(json, out fault);

    /// <summary>Writes the key as a JSON object (RFC 7517 §4).</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kty", KeyType);
        json.WriteIfGiven("crv", Curve);
        json.WriteString(KeyType == "EC" ? "x" : "n", First);
        json.WriteString(KeyType == "EC" ? "y" : "e", Second);
        json.WriteIfGiven("kid", KeyId);
        json.WriteIfGiven("alg", Algorithm);
        json.WriteString("use", "sig");
        json.WriteEndObject();
    }
}
