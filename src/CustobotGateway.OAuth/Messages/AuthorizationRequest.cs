using CustobotGateway.OAuth.Details;

namespace CustobotGateway.OAuth.Messages;

/// <summary>An authorization request that passed every check (OAuth 2.1 §4.1.1). What it asks is still to be granted by a person.</summary>
public sealed record AuthorizationRequest
{
    /// <summary>The client.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where the answer goes, as the request wrote it; the client's only one if it wrote none.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>Whether the request wrote it; only then the token request has to repeat it (RFC 6749 §4.1.3).</summary>
    public required bool RedirectUriWasSent { get; init; }

    /// <summary>Given back byte for byte; null if it was not sent.</summary>
    public string? State { get; init; }

    /// <summary>The scopes; the client's default ones if none were sent.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>The challenge, S256 (RFC 7636).</summary>
    public required string CodeChallenge { get; init; }

    /// <summary>The resources in their registered spelling; at least one (RFC 8707).</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>The authorization details; null if none were sent (RFC 9396).</summary>
    public AuthorizationDetails? Details { get; init; }

    /// <summary>The thumbprint of the key that the code will be bound to; null if it was not sent (RFC 9449 §10).</summary>
    public string? DpopThumbprint { get; init; }

    /// <summary>For the ID token; null if it was not sent (OpenID Connect Core §3.1.2.1).</summary>
    public string? Nonce { get; init; }

    /// <summary>What the client wants to be shown (OpenID Connect Core §3.1.2.1).</summary>
    public Prompts Prompt { get; init; }

    /// <summary>Whom the client thinks it has before it; null if it was not sent.</summary>
    public string? LoginHint { get; init; }

    /// <summary>How long ago the login may be; null for any time.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>True if an ID token is wanted.</summary>
    public bool IsOpenId => Scopes.Contains("openid");
}

/// <summary>The values of <c>prompt</c> (OpenID Connect Core §3.1.2.1).</summary>
[Flags]
public enum Prompts
{
    /// <summary>It was not sent.</summary>
    Unspecified = 0,

    /// <summary>No page may be shown: answer <c>login_required</c> or <c>consent_required</c> instead.</summary>
    None = 1,

    /// <summary>The person logs in even if a session is open.</summary>
    Login = 2,

    /// <summary>The person consents even if that was done before.</summary>
    Consent = 4,

    /// <summary>The person may choose another account.</summary>
    SelectAccount = 8,
}
