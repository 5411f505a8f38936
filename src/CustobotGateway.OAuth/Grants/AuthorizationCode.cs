using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Grants;

/// <summary>A code as it is stored, with everything that it is bound to (OAuth 2.1 §4.1.2).</summary>
public sealed record AuthorizationCode
{
    /// <summary>How long a code lives, at most.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>The hash of the code.</summary>
    public required SecretHash Hash { get; init; }

    /// <summary>What it stands for.</summary>
    public required Grant Grant { get; init; }

    /// <summary>The address it was sent to.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>Whether the authorization request wrote it; then the token request repeats it (RFC 6749 §4.1.3).</summary>
    public bool RedirectUriWasSent { get; init; } = true;

    /// <summary>The challenge, S256.</summary>
    public required string CodeChallenge { get; init; }

    /// <summary>The key it is bound to; null for none (RFC 9449 §10).</summary>
    public string? DpopThumbprint { get; init; }

    /// <summary>The request's nonce, for the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>From then on it is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used; null if it was not.</summary>
    public DateTimeOffset? ConsumedAt { get; init; }

    /// <summary>
    /// What the code is worth to this request. Asked of the row that <see cref="Storage.IAuthorizationCodes"/> found; if the answer is good, the row is
    /// consumed by its conditional statement, and who comes second asks again and hears of the reuse.
    /// </summary>
    /// <param name="request">The token request.</param>
    /// <param name="client">The client, authenticated.</param>
    /// <param name="thumbprint">The key that the request proved; null if it proved none.</param>
    /// <param name="now">The time.</param>
    public Redemption Redeem(CodeTokenRequest request, Client client, string? thumbprint, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        // Another client's attempt must neither learn anything nor end the grant.
        if (Grant.ClientId != client.ClientId)
        {
            return Redemption.Refused("The code is unknown.");
        }
        if (!Pkce.Verify(request.CodeVerifier, CodeChallenge))
        {
            return Redemption.Refused("The code_verifier is missing or not the code's.");
        }
        if (ConsumedAt is not null)
        {
            return Redemption.Refused("The code was used before.", revokesGrant: true);
        }
        if (now >= ExpiresAt)
        {
            return Redemption.Refused("The code has expired.");
        }
        if (request.RedirectUri is null ? RedirectUriWasSent && !client.MayOmitRedirectUriAtToken : request.RedirectUri != RedirectUri)
        {
            return Redemption.Refused("The redirect_uri is not the authorization request's.");
        }
        if (DpopThumbprint is not null && DpopThumbprint != thumbprint)
        {
            return Redemption.Refused("The code is bound to another key.");
        }
        return Redemption.Of(TokenRights.Narrow(Grant.Scopes, Grant.Resources, Grant.Details, request));
    }
}
