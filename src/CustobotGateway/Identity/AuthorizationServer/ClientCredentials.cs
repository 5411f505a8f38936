using CustobotGateway.Common;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>What a client gets for itself (RFC 6749 §4.4): its own scopes, nothing that only a person can grant, no refresh token.</summary>
internal static class ClientCredentials
{
    private static readonly ScopeSet OfPeople = ScopeSet.Of(Scopes.OpenId, Scopes.OfflineAccess);

    /// <summary>The rights, or why there are none.</summary>
    public static Checked<TokenRights> Decide(TokenRequest request, Client client, ServerPolicy policy)
    {
        if (request.Details is not null)
        {
            return new OAuthError(ErrorCodes.InvalidAuthorizationDetails, "A mandate is granted by a person; a client has none of its own.");
        }
        var scopes = request.Scopes ?? ScopeSet.Of(client.DefaultScopes.Values.Except(OfPeople.Values));
        if (scopes.IsEmpty || !scopes.IsWithin(client.Scopes) || !scopes.Intersect(OfPeople).IsEmpty)
        {
            return new OAuthError(ErrorCodes.InvalidScope, "A scope is unknown, not for this client, or only a person can grant it.");
        }
        return (request.Resource ?? (policy.DefaultFor(client) is [var only, ..] ? only : null)) is { } resource
            ? new TokenRights(scopes, resource, null)
            : new OAuthError(ErrorCodes.InvalidTarget, "The client may ask for no resource.");
    }
}
