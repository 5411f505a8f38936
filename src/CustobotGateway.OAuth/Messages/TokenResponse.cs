using CustobotGateway.OAuth.Details;

namespace CustobotGateway.OAuth.Messages;

/// <summary>What the token endpoint answers (RFC 6749 §5.1); always sent with <c>Cache-Control: no-store</c>.</summary>
public sealed record TokenResponse
{
    /// <summary>The access token.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Whether it is bound to a key: <c>DPoP</c>, else <c>Bearer</c> (RFC 9449 §5).</summary>
    public bool IsBound { get; init; }

    /// <summary>How long it lives.</summary>
    public required TimeSpan ExpiresIn { get; init; }

    /// <summary>What it allows; always said, since it may differ from what was asked.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>The refresh token; null if there is none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The ID token; null if none was asked for (OpenID Connect Core §3.1.3.3).</summary>
    public string? IdToken { get; init; }

    /// <summary>What was granted of the authorization details; null if none were (RFC 9396 §7).</summary>
    public AuthorizationDetails? Details { get; init; }

    /// <summary>Whether it answers a token exchange, which names the type of what it issued (RFC 8693 §2.2.1).</summary>
    public bool IsExchange { get; init; }

    /// <summary>The body.</summary>
    public byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteString("access_token", AccessToken);
        json.WriteString("token_type", IsBound ? "DPoP" : "Bearer");
        json.WriteNumber("expires_in", (long)ExpiresIn.TotalSeconds);
        json.WriteString("scope", Scopes.ToString());
        json.WriteIfGiven("refresh_token", RefreshToken);
        json.WriteIfGiven("id_token", IdToken);
        if (IsExchange)
        {
            json.WriteString("issued_token_type", ExchangeTokenRequest.AccessTokenType);
        }
        if (Details is not null)
        {
            json.WritePropertyName("authorization_details");
            Details.WriteTo(json);
        }
    });
}
