using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.Tests.Identity.AuthorizationServer;

/// <summary>A client's key on P-256, made by the framework alone, so that what it signs comes from elsewhere than the engine.</summary>
public sealed class TestKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestKey()
    {
        var point = _key.ExportParameters(false).Q;
        Jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        Public = OAuth.Jose.Jwk.Read(JsonSerializer.SerializeToElement(Jwk), out _)!;
    }

    public JsonObject Jwk { get; }

    public Jwk Public { get; }

    public string Thumbprint => Public.Thumbprint;

    public string Sign(JsonObject header, JsonObject claims)
    {
        header["alg"] = "ES256";
        var input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    /// <summary>RFC 7523 §2.2.</summary>
    public string Assertion(string clientId, JsonNode audience, DateTimeOffset now, int lifetimeSeconds = 60, string? id = null) => Sign([], new JsonObject
    {
        ["iss"] = clientId,
        ["sub"] = clientId,
        ["aud"] = audience,
        ["jti"] = id ?? Guid.NewGuid().ToString("n"),
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.ToUnixTimeSeconds() + lifetimeSeconds,
    });

    /// <summary>RFC 9449 §4.2.</summary>
    public string Proof(string method, string uri, DateTimeOffset now, string? nonce = null, string? id = null, string? accessToken = null)
    {
        var claims = new JsonObject { ["htm"] = method, ["htu"] = uri, ["iat"] = now.ToUnixTimeSeconds(), ["jti"] = id ?? Guid.NewGuid().ToString("n") };
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }
        if (accessToken is not null)
        {
            claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        }
        return Sign(new JsonObject { ["typ"] = "dpop+jwt", ["jwk"] = Jwk.DeepClone() }, claims);
    }

    public void Dispose() => _key.Dispose();
}
