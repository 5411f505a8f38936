using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.Identity.Clients;

/// <summary>Clients that nobody registered but themselves (RFC 7591): whatever they do needs a person's consent, and people are told that nobody knows them.</summary>
public static class RegisterClient
{
    /// <summary>What such clients may ask for: not what only the merchant's own people and clients do, nor what only clients do that the merchant knows.</summary>
    public static ScopeSet OpenScopes { get; } = ScopeSet.Of(GatewayScopes.All.Values.Except(GatewayScopes.Merchant.Values).Except(GatewayScopes.Verified.Values));

    /// <summary>The record of what a client says of itself.</summary>
    /// <param name="metadata">What it says, checked.</param>
    /// <param name="clientId">Its id.</param>
    /// <param name="secret">Its secret's hash; null for methods without one.</param>
    /// <param name="origin">How it came.</param>
    /// <param name="now">The time.</param>
    public static ClientRecord ToRecord(ClientMetadata metadata, string clientId, SecretHash? secret, ClientOrigin origin, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new ClientRecord
        {
            ClientId = clientId,
            Name = metadata.Name,
            CreatedBy = origin,
            AuthMethod = metadata.AuthMethod,
            Secrets = secret is null ? [] : [secret],
            Keys = metadata.Keys,
            JwksUri = metadata.JwksUri,
            RedirectUris = metadata.RedirectUris,
            GrantTypes = metadata.GrantTypes,
            Scopes = metadata.Scopes ?? OpenScopes,
            AuthorizationDetailsTypes = metadata.AuthorizationDetailsTypes,
            RequireDpop = metadata.RequiresDpop,
            RequirePar = metadata.RequiresPushedRequests,
            ClientUri = metadata.ClientUri,
            TestMode = metadata.IsTest,
            ApplicationType = metadata.ApplicationType,
            SoftwareId = metadata.SoftwareId,
            SoftwareVersion = metadata.SoftwareVersion,
            CreatedAt = now,
        };
    }
}
