using System.Text.Json;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Tokens;

/// <summary>What a client or a resource server learns of a token (RFC 7662 §2.2).</summary>
public static class Introspection
{
    /// <summary>All that is told of a token that is unknown, expired, revoked, tampered with, or none of the caller's business.</summary>
    public static byte[] Inactive { get; } = JsonText.Write(json => json.WriteBoolean("active", false));

    /// <summary>
    /// True if the caller may ask: the client it was issued to, or the resource that it is for. Public clients may not, since anyone could say to be one (RFC 7662 §2.1).
    /// </summary>
    /// <param name="caller">The client that asks, authenticated.</param>
    /// <param name="token">The token.</param>
    /// <param name="callerIsResource">The resource that the caller serves; null if it serves none.</param>
    public static bool MaySee(Client caller, AccessToken token, string? callerIsResource)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(token);
        return caller.IsConfidential && (token.ClientId == caller.ClientId || token.Audience == callerIsResource);
    }

    /// <summary>What is told of an access token that is good.</summary>
    public static byte[] Active(AccessToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return JsonText.Write(json =>
        {
            json.WriteBoolean("active", true);
            json.WriteString("token_type", token.Thumbprint is null ? "Bearer" : "DPoP");
            using var claims = JsonDocument.Parse(token.ToClaims());
            foreach (var claim in claims.RootElement.EnumerateObject())
            {
                claim.WriteTo(json);
            }
        });
    }

    /// <summary>What is told of a refresh token that is good, to its own client.</summary>
    public static byte[] Active(string issuer, string clientId, string subject, ScopeSet scopes, DateTimeOffset issuedAt, DateTimeOffset expiresAt) => JsonText.Write(json =>
    {
        json.WriteBoolean("active", true);
        json.WriteString("iss", issuer);
        json.WriteString("client_id", clientId);
        json.WriteString("sub", subject);
        json.WriteString("scope", scopes.ToString());
        json.WriteNumber("iat", issuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp", expiresAt.ToUnixTimeSeconds());
    });
}
