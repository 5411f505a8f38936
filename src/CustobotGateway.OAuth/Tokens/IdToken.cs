using System.Security.Cryptography;
using System.Text;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tokens;

/// <summary>Tells the client who logged in (OpenID Connect Core §2). It opens nothing: its type and audience are no access token's.</summary>
public sealed record IdToken
{
    /// <summary>The value of <c>typ</c>; never that of an access token.</summary>
    public const string Type = "JWT";

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Who logged in.</summary>
    public required string Subject { get; init; }

    /// <summary>The client, which alone is its audience.</summary>
    public required string ClientId { get; init; }

    /// <summary>From when it is.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From then on it says nothing.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the person logged in.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>How the person logged in; null if that is not told.</summary>
    public string? AuthenticationContext { get; init; }

    /// <summary>The request's nonce; null if it had none.</summary>
    public string? Nonce { get; init; }

    /// <summary>The access token that comes with it, for <c>at_hash</c> (OpenID Connect Core §3.1.3.6); null leaves it out.</summary>
    public string? AccessToken { get; init; }

    /// <summary>Signs the token.</summary>
    public string Sign(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Sign(Type, JsonText.Write(json =>
        {
            json.WriteString("iss", Issuer);
            json.WriteString("sub", Subject);
            json.WriteString("aud", ClientId);
            json.WriteNumber("iat", IssuedAt.ToUnixTimeSeconds());
            json.WriteNumber("exp", ExpiresAt.ToUnixTimeSeconds());
            json.WriteNumber("auth_time", AuthenticatedAt.ToUnixTimeSeconds());
            json.WriteIfGiven("acr", AuthenticationContext);
            json.WriteIfGiven("nonce", Nonce);
            json.WriteIfGiven("at_hash", AccessToken is null ? null : HalfHash(AccessToken, key.Algorithm.Name));
        }));
    }

    // The left half of the hash that the signature's algorithm uses.
    private static string HalfHash(string token, string algorithm)
    {
        var bytes = Encoding.ASCII.GetBytes(token);
        var hash = algorithm[^3..] switch
        {
            "384" => SHA384.HashData(bytes),
            "512" => SHA512.HashData(bytes),
            _ => SHA256.HashData(bytes),
        };
        return Base64UrlText.Encode(hash.AsSpan(0, hash.Length / 2));
    }
}
