using System.Text.Json;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>A grant as columns, wherever it is joined: of <c>identity.grants g</c>.</summary>
internal static class GrantRows
{
    /// <summary>The columns.</summary>
    public const string Columns = "g.id as grantid, g.client_id as clientid, g.person, g.scopes, g.resources, g.details::text as details, g.authenticated_at as authenticatedat, g.acr";

    /// <summary>What holds of a grant that lives; <c>@now</c> is the time.</summary>
    public const string Lives = "g.revoked_at is null and (g.expires_at is null or g.expires_at > @now)";

    /// <summary>The grant. Details that this program does not understand any more make it none: nobody knows what it would allow.</summary>
    public static Grant? Read(
        ServerPolicy policy, string grantId, string clientId, string person, string[] scopes, string[] resources, string? details, DateTime? authenticatedAt, string? acr)
    {
        AuthorizationDetails? known = null;
        if (details is not null && !AuthorizationDetails.FromJson(JsonElement.Parse(details), policy.DetailTypes, default, ofGrant: true).TryGet(out known, out _))
        {
            return null;
        }
        return new Grant
        {
            GrantId = grantId,
            ClientId = clientId,
            Subject = person,
            Scopes = ScopeSet.Of(scopes),
            Resources = resources,
            Details = known,
            AuthenticatedAt = authenticatedAt is { } time ? new DateTimeOffset(time) : null,
            AuthenticationContext = acr,
        };
    }
}
