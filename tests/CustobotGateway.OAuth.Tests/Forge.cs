using System.Security.Cryptography;
using System.Text;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tests;

/// <summary>Makes tokens by hand, good ones and others, with the framework's cryptography and nothing of the engine's.</summary>
internal static class Forge
{
    public static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly ECDsa OtherEc = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly RSA Rsa = RSA.Create(2048);
#pragma warning disable CA5385 // It is there to be refused.
    public static readonly RSA WeakRsa = RSA.Create(1024);
#pragma warning restore CA5385

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Es256(string header, string payload, ECDsa? key = null)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Encode((key ?? Ec).SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public static string WithRsa(string header, string payload, RSASignaturePadding padding, HashAlgorithmName hash, RSA? key = null)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Encode((key ?? Rsa).SignData(Encoding.ASCII.GetBytes(input), hash, padding))}";
    }

    public static string Hs256(string header, string payload, byte[] secret)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";
    }

    public static string JwkOf(ECDsa key, string more = "")
    {
        var point = key.ExportParameters(false).Q;
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Encode(point.X!)}}","y":"{{Encode(point.Y!)}}"{{more}}}""";
    }

    public static string JwkOf(RSA key, string more = "")
    {
        var numbers = key.ExportParameters(false);
        return $$"""{"kty":"RSA","n":"{{Encode(numbers.Modulus!)}}","e":"{{Encode(numbers.Exponent!)}}"{{more}}}""";
    }

    public static Jwk Jwk(ECDsa key, string more = "") => Read(JwkOf(key, more));

    public static Jwk Jwk(RSA key, string more = "") => Read(JwkOf(key, more));

    public static VerificationKeys Keys(params Jwk[] keys) => new(new JwkSet(keys));

    private static Jwk Read(string json) => OAuth.Jose.Jwk.Read(A.Json(json), out var fault) ?? throw new InvalidOperationException(fault);
}
