using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Grants;

/// <summary>What a person granted a client, from which codes, refresh tokens and access tokens come. Revoking it ends them all.</summary>
public sealed record Grant
{
    /// <summary>Its id, which every token from it carries.</summary>
    public required string GrantId { get; init; }

    /// <summary>The client.</summary>
    public required string ClientId { get; init; }

    /// <summary>The person.</summary>
    public required string Subject { get; init; }

    /// <summary>What was granted; may be less than was asked.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>The resources that tokens may be asked for.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>What was granted in detail; null if nothing was.</summary>
    public AuthorizationDetails? Details { get; init; }

    /// <summary>When the person logged in.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>How the person logged in.</summary>
    public string? AuthenticationContext { get; init; }
}

/// <summary>What one access token gets of a grant: never more than it.</summary>
/// <param name="Scopes">The scopes.</param>
/// <param name="Resource">The resource, which will be the audience.</param>
/// <param name="Details">The authorization details.</param>
public sealed record TokenRights(ScopeSet Scopes, string Resource, AuthorizationDetails? Details)
{
    /// <summary>Narrows what was granted to what the token request asks (RFC 6749 §6, RFC 8707 §2.2, RFC 9396 §6).</summary>
    public static Checked<TokenRights> Narrow(ScopeSet scopes, IReadOnlyList<string> resources, AuthorizationDetails? details, TokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(resources);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Scopes is { } asked && !asked.IsWithin(scopes))
        {
            return new OAuthError(ErrorCodes.InvalidScope, "The scope is more than was granted.");
        }
        if ((request.Resource ?? (resources.Count > 0 ? resources[0] : null)) is not { } resource || !resources.Contains(resource))
        {
            return new OAuthError(ErrorCodes.InvalidTarget, "The resource was not granted.");
        }
        return AuthorizationDetails.TryNarrow(details, request.Details, out var narrowed, out var error)
            ? new TokenRights(request.Scopes ?? scopes, resource, narrowed)
            : error;
    }
}
