using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Clients;

/// <summary>What happens to a refresh token when it is used (OAuth 2.1 §4.3.1, RFC 9700 §4.14).</summary>
public enum RefreshPolicy
{
    /// <summary>It is replaced by its successor; a second use revokes the family.</summary>
    Rotate,

    /// <summary>It stays; for confidential clients whose tokens are bound to a key.</summary>
    Static,
}

/// <summary>A client as it is registered: what it may ask for and how it proves who it is (RFC 6749 §2).</summary>
public sealed record Client
{
    /// <summary>Its id (RFC 6749 §2.2).</summary>
    public required string ClientId { get; init; }

    /// <summary>What people are shown; null shows the id.</summary>
    public string? Name { get; init; }

    /// <summary>False for a client that registered itself: its name is a claim that nobody checked.</summary>
    public bool IsVerified { get; init; } = true;

    /// <summary>Whether it is for trying out alone: its tokens say so.</summary>
    public bool IsTest { get; init; }

    /// <summary>False refuses it everywhere.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>How it proves who it is; no other way is accepted. One of <see cref="AuthMethods"/>.</summary>
    public required string AuthMethod { get; init; }

    /// <summary>The hashes of its secrets; two while one replaces the other.</summary>
    public IReadOnlyList<SecretHash> Secrets { get; init; } = [];

    /// <summary>The keys it signs assertions with.</summary>
    public JwkSet Keys { get; init; } = JwkSet.Empty;

    /// <summary>Where codes may be sent to.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>The grants it may use, by their <c>grant_type</c>.</summary>
    public IReadOnlyCollection<string> GrantTypes { get; init; } = [];

    /// <summary>The scopes it may ask for.</summary>
    public ScopeSet Scopes { get; init; } = ScopeSet.Empty;

    /// <summary>What a request without <c>scope</c> means (RFC 6749 §3.3); none refuses such requests.</summary>
    public ScopeSet DefaultScopes { get; init; } = ScopeSet.Empty;

    /// <summary>The resources it may ask tokens for (RFC 8707).</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>The types of authorization details it may ask for (RFC 9396 §10).</summary>
    public IReadOnlyCollection<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>What happens to its refresh tokens.</summary>
    public RefreshPolicy Refresh { get; init; }

    /// <summary>Whether all its tokens have to be bound to a key (RFC 9449 §5.2, <c>dpop_bound_access_tokens</c>).</summary>
    public bool RequiresDpop { get; init; }

    /// <summary>Whether it has to push its authorization requests (RFC 9126 §6).</summary>
    public bool RequiresPushedRequests { get; init; }

    /// <summary>Whether the token request may leave out <c>redirect_uri</c>, as OAuth 2.1 §4.1.3 has it.</summary>
    public bool MayOmitRedirectUriAtToken { get; init; }

    /// <summary>The resources it may exchange tokens for (RFC 8693); none by default.</summary>
    public IReadOnlyList<string> ExchangeResources { get; init; } = [];

    /// <summary>True if it can keep a secret (RFC 6749 §2.1).</summary>
    public bool IsConfidential => AuthMethod != AuthMethods.None;

    /// <summary>True if it may use the grant.</summary>
    public bool MayUse(string grantType) => GrantTypes.Contains(grantType);

    /// <summary>The registered address that the request means; null if there is none.</summary>
    public string? MatchRedirectUri(string requested) => RedirectUris.FirstOrDefault(registered => Messages.RedirectUris.Matches(registered, requested));
}
