using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.ResourceServer;

/// <summary>A gateway, tokens that it signed itself, and tokens and proofs made by hand with the framework's cryptography alone.</summary>
public class TokenFixture : GatewayFixture
{
    public string Issuer => App.Services.GetRequiredService<PublicUrl>().Base;

    public string Rest => Issuer + "/v1";

    public SigningKeyRing Ring => App.Services.GetRequiredService<SigningKeyRing>();

    /// <summary>What passes every check; a test changes one thing of it.</summary>
    public AccessToken Token(params string[] scopes)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        return new AccessToken
        {
            Issuer = Issuer,
            Subject = AccessToken.SubjectOf("agent-1"),
            Audience = Rest,
            ClientId = "agent-1",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(10),
            TokenId = Guid.NewGuid().ToString("n"),
            Scopes = ScopeSet.Of(scopes),
        };
    }

    public string Signed(params string[] scopes) => Signed(Token(scopes));

    public string Signed(AccessToken token) => token.Sign(Ring.Current());

    /// <summary>The token with its claims changed, signed by the gateway's key all the same.</summary>
    public string SignedWith(Action<JsonObject> change, string type = AccessToken.Type, params string[] scopes)
    {
        var claims = JsonNode.Parse(Token(scopes).ToClaims())!.AsObject();
        change(claims);
        return Ring.Current().Sign(type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, string scheme = "Bearer", string? proof = null, HttpClient? client = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        }
        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }
        return (client ?? Client).SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token, string scheme = "Bearer", string? proof = null) => SendAsync(HttpMethod.Get, path, token, scheme, proof);

    /// <summary>The challenges of an answer, as they were sent.</summary>
    public static IReadOnlyList<string> ChallengesOf(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? [.. values] : [];
}

/// <summary>JOSE by hand.</summary>
internal static class Jose
{
    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] Decode(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));

    public static string Es256(string header, string payload, ECDsa key)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Encode(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public static string Rs256(string header, string payload, RSA key)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Encode(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public static string Hs256(string header, string payload, byte[] secret)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";
    }

    public static string JwkOf(ECDsa key, string? kid = null)
    {
        var point = key.ExportParameters(false).Q;
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Encode(point.X!)}}","y":"{{Encode(point.Y!)}}"{{(kid is null ? "" : $",\"kid\":\"{kid}\"")}}}""";
    }

    public static string ThumbprintOf(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return Encode(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{Encode(point.X!)}}","y":"{{Encode(point.Y!)}}"}""")));
    }

    /// <summary>A DPoP proof; what is null is left out.</summary>
    public static string Proof(ECDsa key, string method, string address, string? token, string? nonce = null, DateTimeOffset? at = null, string? id = null, string type = "dpop+jwt")
    {
        var claims = new JsonObject
        {
            ["jti"] = id ?? Guid.NewGuid().ToString("n"),
            ["htm"] = method,
            ["htu"] = address,
            ["iat"] = (at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds(),
        };
        if (token is not null)
        {
            claims["ath"] = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        }
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }
        return Es256($$"""{"typ":"{{type}}","alg":"ES256","jwk":{{JwkOf(key)}}}""", claims.ToJsonString(), key);
    }
}
