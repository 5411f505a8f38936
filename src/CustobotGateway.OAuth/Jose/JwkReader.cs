using System.Numerics;
using System.Text.Json;

namespace CustobotGateway.OAuth.Jose;

/// <summary>Reads public keys. What is private, weak, for another use or spelled in a second way is refused; certificates and links are never followed.</summary>
internal static class JwkReader
{
    public const int LeastRsaBits = 2048;

    // A longer modulus makes every verification a burden that a stranger chose.
    public const int MostRsaBits = 8192;

    private const int MostKeyIdLength = 256;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    public static Jwk? Read(JsonElement json, out string? fault)
    {
        fault = json.ValueKind != JsonValueKind.Object ? "A key is a JSON object."
            : PrivateMembers.Any(member => json.Has(member)) ? "The key has a private member."
            : json.Has("use") && json.Text("use") != "sig" ? "The key is not for signatures."
            : !json.TryTexts("key_ops", 8, out var operations) || (operations is not null && !operations.Contains("verify")) ? "The key is not for verifying."
            : json.Has("kid") && json.Text("kid") is not { Length: > 0 and <= MostKeyIdLength } ? "The key's kid is not a short text."
            : json.Has("alg") && JoseAlgorithm.Find(json.Text("alg")) is null ? "The key's algorithm is not supported."
            : null;
        if (fault is not null)
        {
            return null;
        }
        var key = json.Text("kty") switch
        {
            "EC" => ReadEc(json, out fault),
            "RSA" => ReadRsa(json, out fault),
            _ => null,
        };
        if (key is null)
        {
            fault ??= "The key's kty is not supported.";
            return null;
        }
        key = key with { KeyId = json.Text("kid"), Algorithm = json.Text("alg") };
        if (key.Algorithm is not null && !JoseAlgorithm.Find(key.Algorithm)!.Fits(key))
        {
            fault = "The key's algorithm does not go with its kind.";
            return null;
        }
        return key;
    }

    private static Jwk? ReadEc(JsonElement json, out string? fault)
    {
        var curve = json.Text("crv");
        var length = curve switch { "P-256" => 32, "P-384" => 48, "P-521" => 66, _ => 0 };
        fault = length == 0 ? "The key's curve is not supported."
            : !Base64UrlText.TryDecode(json.Text("x"), out var x) || x.Length != length || !Base64UrlText.TryDecode(json.Text("y"), out var y) || y.Length != length
                ? "The key's coordinates are not of its curve's length."
            : null;
        return fault is null ? new Jwk("EC", curve, json.Text("x")!, json.Text("y")!) : null;
    }

    private static Jwk? ReadRsa(JsonElement json, out string? fault)
    {
        fault = !Base64UrlText.TryDecode(json.Text("n"), out var modulus) || modulus is [] or [0, ..] ? "The key's modulus is malformed."
            : BitLength(modulus) is < LeastRsaBits or > MostRsaBits ? $"An RSA key has {LeastRsaBits} to {MostRsaBits} bits."
            : !Base64UrlText.TryDecode(json.Text("e"), out var exponent) || exponent is not [not 0, ..] or { Length: > 8 } || exponent is [1] || exponent[^1] % 2 == 0
                ? "The key's exponent is malformed."
            : null;
        return fault is null ? new Jwk("RSA", null, json.Text("n")!, json.Text("e")!) : null;
    }

    private static int BitLength(byte[] number) => (number.Length * 8) - (BitOperations.LeadingZeroCount((uint)number[0]) - 24);
}
