using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Grants;

/// <summary>
/// Decides a token exchange (RFC 8693): the same subject, never more rights, never longer, and only for who is named. Everything that is not allowed
/// expressly is refused.
/// </summary>
public static class TokenExchange
{
    /// <summary>The claims of the new token.</summary>
    /// <param name="request">The request.</param>
    /// <param name="subject">The subject token, verified and not revoked.</param>
    /// <param name="actor">The actor token, verified and not revoked; null if none was sent.</param>
    /// <param name="caller">The client, authenticated.</param>
    /// <param name="delegates">The clients that the subject's grant names as delegates.</param>
    /// <param name="thumbprint">The key that the request proved; null if it proved none.</param>
    /// <param name="tokenId">The id of the new token.</param>
    /// <param name="lifetime">How long it lives, at most.</param>
    /// <param name="now">The time.</param>
    public static Checked<AccessToken> Decide(
        ExchangeTokenRequest request, AccessToken subject, AccessToken? actor, Client caller, IReadOnlyCollection<string> delegates,
        string? thumbprint, string tokenId, TimeSpan lifetime, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(caller);
        if (FaultOf(subject, actor, caller, delegates, thumbprint) is { } refused)
        {
            return refused;
        }
        var resource = request.Resource ?? (caller.ExchangeResources.Contains(subject.Audience) ? subject.Audience : null);
        if (resource is null || !caller.ExchangeResources.Contains(resource))
        {
            return new OAuthError(ErrorCodes.InvalidTarget, "The client may not exchange tokens for this resource.");
        }
        // What is asked has to be within what the subject token has; what the caller itself may not have falls away.
        var scopes = (request.Scopes ?? subject.Scopes).Intersect(caller.Scopes);
        if (scopes.IsEmpty || request.Scopes?.IsWithin(subject.Scopes) == false || request.Scopes?.IsWithin(caller.Scopes) == false)
        {
            return new OAuthError(ErrorCodes.InvalidScope, "The scope is more than the subject token has, or than the client may have.");
        }
        if (!AuthorizationDetails.TryNarrow(subject.Details?.OfTypes(caller.AuthorizationDetailsTypes), request.Details, out var details, out var error))
        {
            return error;
        }
        var chain = Actor.Append(subject.Actor, AccessToken.SubjectOf(caller.ClientId));
        if (chain.Depth > Actor.MostDepth)
        {
            return new OAuthError(ErrorCodes.InvalidRequest, $"A chain of actors has at most {Actor.MostDepth}.");
        }
        return subject with
        {
            Audience = resource,
            ClientId = caller.ClientId,
            IssuedAt = now,
            ExpiresAt = now + lifetime < subject.ExpiresAt ? now + lifetime : subject.ExpiresAt,
            TokenId = tokenId,
            Scopes = scopes,
            Details = details,
            Thumbprint = thumbprint,
            Actor = chain,
            // Who may go on is said anew by a grant, not handed on with the token.
            MayAct = null,
        };
    }

    private static OAuthError? FaultOf(AccessToken subject, AccessToken? actor, Client caller, IReadOnlyCollection<string> delegates, string? thumbprint)
    {
        if (!caller.IsConfidential || !caller.MayUse(GrantTypes.TokenExchange) || caller.ExchangeResources.Count == 0)
        {
            return new(ErrorCodes.UnauthorizedClient, "The client may not exchange tokens.");
        }
        var self = AccessToken.SubjectOf(caller.ClientId);
        if (subject.ClientId != caller.ClientId && subject.MayAct != self && !delegates.Contains(caller.ClientId))
        {
            return new(ErrorCodes.InvalidRequest, "The subject token was not issued to the client, and names no delegate.");
        }
        // The caller is the actor, whatever it sends: an actor token is its own or nothing.
        if (actor is not null && (actor.ClientId != caller.ClientId || actor.Subject != self))
        {
            return new(ErrorCodes.InvalidRequest, "The actor token is not the client's own.");
        }
        // A token that is bound to a key is of use to its holder alone, also here.
        if (subject.Thumbprint is not null && subject.Thumbprint != thumbprint)
        {
            return new(ErrorCodes.InvalidDpopProof, "The subject token is bound to a key that the request does not prove.");
        }
        return null;
    }
}
