using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Grants;

/// <summary>A refresh token as it is stored: one of a family that began with a grant (OAuth 2.1 §4.3).</summary>
public sealed record RefreshToken
{
    /// <summary>The hash of the token.</summary>
    public required SecretHash Hash { get; init; }

    /// <summary>The family, which is revoked as one.</summary>
    public required string FamilyId { get; init; }

    /// <summary>The grant that every token of the family comes from.</summary>
    public required Grant Grant { get; init; }

    /// <summary>The key it is bound to; null for none (RFC 9449 §5).</summary>
    public string? Thumbprint { get; init; }

    /// <summary>When this one was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From then on this one is refused; each successor has more time.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>From then on the whole family is refused.</summary>
    public required DateTimeOffset FamilyExpiresAt { get; init; }

    /// <summary>When the family was revoked; null if it was not.</summary>
    public DateTimeOffset? FamilyRevokedAt { get; init; }

    /// <summary>When this one was exchanged for its successor; null if it was not.</summary>
    public DateTimeOffset? ConsumedAt { get; init; }

    /// <summary>The successor, encrypted, for the answer that was lost; null without one, and once it is not needed.</summary>
    public byte[]? SealedSuccessor { get; init; }

    /// <summary>Whether the successor has been used: then this one is not the last but one any more.</summary>
    public bool SuccessorIsConsumed { get; init; }

    /// <summary>What follows this one, in the same family.</summary>
    public RefreshToken Successor(SecretHash hash, TimeSpan lifetime, DateTimeOffset now) => this with
    {
        Hash = hash,
        IssuedAt = now,
        ExpiresAt = now + lifetime < FamilyExpiresAt ? now + lifetime : FamilyExpiresAt,
        ConsumedAt = null,
        SealedSuccessor = null,
        SuccessorIsConsumed = false,
    };

    /// <summary>What the token is worth to this request. A pure function of the row: see <see cref="RefreshStep"/> for what is to be done then.</summary>
    /// <param name="request">The token request.</param>
    /// <param name="client">The client, authenticated.</param>
    /// <param name="thumbprint">The key that the request proved; null if it proved none.</param>
    /// <param name="reuseLeeway">How long the last but one gets the same successor again; zero for never.</param>
    /// <param name="now">The time.</param>
    public RefreshDecision Redeem(RefreshTokenRequest request, Client client, string? thumbprint, TimeSpan reuseLeeway, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        // Another client's attempt, or one without the key, must not end the family: who stole only the token could do that.
        if (Grant.ClientId != client.ClientId || !IsProven(client, thumbprint))
        {
            return RefreshDecision.Refused("The refresh token is unknown, or bound to another key.");
        }
        if (FamilyRevokedAt is not null || now >= FamilyExpiresAt || (ConsumedAt is null && now >= ExpiresAt))
        {
            return RefreshDecision.Refused("The refresh token has expired or was revoked.");
        }
        if (ConsumedAt is { } consumed && (SuccessorIsConsumed || SealedSuccessor is null || now >= consumed + reuseLeeway))
        {
            return new(RefreshStep.RevokeFamily, null, new(ErrorCodes.InvalidGrant, "The refresh token was used before."));
        }
        if (!TokenRights.Narrow(Grant.Scopes, Grant.Resources, Grant.Details, request).TryGet(out var rights, out var error))
        {
            return new(RefreshStep.Refuse, null, error);
        }
        var step = ConsumedAt is not null ? RefreshStep.Repeat : IsStatic(client) ? RefreshStep.Keep : RefreshStep.Rotate;
        return new(step, rights, null);
    }

    // RFC 9449 §5: a public client's token is bound to its key. A confidential client proves itself otherwise and may change the key, but not
    // come without one, and not begin with one, since that would leave it unclear what the family is.
    private bool IsProven(Client client, string? thumbprint) => Thumbprint is null ? thumbprint is null
        : client.IsConfidential ? thumbprint is not null
        : thumbprint == Thumbprint;

    // A public client's token is always replaced (OAuth 2.1 §4.3.1).
    private bool IsStatic(Client client) => client is { Refresh: RefreshPolicy.Static, IsConfidential: true } && Thumbprint is not null;
}

/// <summary>What storage does with a refresh token.</summary>
public enum RefreshStep
{
    /// <summary>Nothing; answer the error.</summary>
    Refuse,

    /// <summary>Consume it and store its successor, in one conditional statement; when another was first, look and decide again.</summary>
    Rotate,

    /// <summary>Answer the successor that is stored already.</summary>
    Repeat,

    /// <summary>Answer the same token again.</summary>
    Keep,

    /// <summary>Revoke the family and all that came from its grant; answer the error.</summary>
    RevokeFamily,
}

/// <summary>What a refresh token was worth.</summary>
/// <param name="Step">What storage does.</param>
/// <param name="Rights">What the access token gets; null if it was refused.</param>
/// <param name="Error">Why it was refused; null if it was not.</param>
public sealed record RefreshDecision(RefreshStep Step, TokenRights? Rights, OAuthError? Error)
{
    internal static RefreshDecision Refused(string why) => new(RefreshStep.Refuse, null, new(ErrorCodes.InvalidGrant, why));
}
