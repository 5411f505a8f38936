using CustobotGateway.OAuth.Details;

namespace CustobotGateway.OAuth.Messages;

/// <summary>A request to the token endpoint, read and in form; one record for each grant (RFC 6749 §3.2).</summary>
public abstract record TokenRequest
{
    private protected TokenRequest()
    {
    }

    /// <summary>The value of <c>grant_type</c>.</summary>
    public abstract string GrantType { get; }

    /// <summary>The scopes that are asked for; null if none were sent.</summary>
    public ScopeSet? Scopes { get; init; }

    /// <summary>The resource that the token is asked for, in its registered spelling; null if none was sent (RFC 8707 §2.2).</summary>
    public string? Resource { get; init; }

    /// <summary>The authorization details that are asked for; null if none were sent (RFC 9396 §6).</summary>
    public AuthorizationDetails? Details { get; init; }
}

/// <summary>Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5).</summary>
/// <param name="Code">The code.</param>
/// <param name="RedirectUri">What the authorization request had; null if it was not sent.</param>
/// <param name="CodeVerifier">The verifier; null if it was not sent.</param>
public sealed record CodeTokenRequest(string Code, string? RedirectUri, string? CodeVerifier) : TokenRequest
{
    /// <inheritdoc/>
    public override string GrantType => GrantTypes.AuthorizationCode;
}

/// <summary>A client's own token (RFC 6749 §4.4.2).</summary>
public sealed record ClientCredentialsTokenRequest : TokenRequest
{
    /// <inheritdoc/>
    public override string GrantType => GrantTypes.ClientCredentials;
}

/// <summary>Refreshes (RFC 6749 §6).</summary>
/// <param name="RefreshToken">The refresh token.</param>
public sealed record RefreshTokenRequest(string RefreshToken) : TokenRequest
{
    /// <inheritdoc/>
    public override string GrantType => GrantTypes.RefreshToken;
}

/// <summary>Asks whether the person has decided (RFC 8628 §3.4).</summary>
/// <param name="DeviceCode">The device code.</param>
public sealed record DeviceTokenRequest(string DeviceCode) : TokenRequest
{
    /// <inheritdoc/>
    public override string GrantType => GrantTypes.DeviceCode;
}

/// <summary>Exchanges a token (RFC 8693 §2.1).</summary>
/// <param name="SubjectToken">Whose rights are asked for.</param>
/// <param name="ActorToken">Who will act; null means the caller.</param>
public sealed record ExchangeTokenRequest(string SubjectToken, string? ActorToken) : TokenRequest
{
    /// <summary>The only type that is exchanged, and that is issued (RFC 8693 §3).</summary>
    public const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    /// <inheritdoc/>
    public override string GrantType => GrantTypes.TokenExchange;
}
