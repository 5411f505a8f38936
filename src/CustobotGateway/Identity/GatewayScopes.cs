using CustobotGateway.Common;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.Identity;

/// <summary>The gateway's own resources and what tokens for them may allow.</summary>
public static class GatewayScopes
{
    /// <summary>The path of the REST API, and the resource that is meant where a request names none.</summary>
    public const string RestPath = "/v1";

    /// <summary>The path of the GraphQL door.</summary>
    public const string GraphQLPath = "/graphql";

    /// <summary>Every scope that means something at a resource.</summary>
    public static ScopeSet Api { get; } = ScopeSet.Of(
        Scopes.CatalogRead, Scopes.CatalogWrite, Scopes.Negotiations, Scopes.Checkout, Scopes.OrdersRead, Scopes.GrantsRead, Scopes.GrantsManage,
        Scopes.PaymentsDelegate, Scopes.DemandRead, Scopes.BotScore, Scopes.Staff);

    /// <summary>Scopes that clients send to an OpenID provider; they are granted like others and open nothing.</summary>
    public static ScopeSet OpenId { get; } = ScopeSet.Of(Scopes.OpenId, Scopes.OfflineAccess);

    /// <summary>All of both.</summary>
    public static ScopeSet All { get; } = Api.Union(OpenId);

    /// <summary>What a request without <c>scope</c> means, for a client that may ask for it.</summary>
    public static ScopeSet Default { get; } = ScopeSet.Of(Scopes.CatalogRead);

    /// <summary>What only the merchant's own people and clients hold: a person's consent gives no more than the person's staff role has.</summary>
    public static ScopeSet Merchant { get; } = ScopeSet.Of(Scopes.CatalogWrite, Scopes.DemandRead, Scopes.BotScore, Scopes.Staff);

    /// <summary>What only clients hold that the merchant registered: a client that nobody knows decides nothing for a person about other clients.</summary>
    public static ScopeSet Verified { get; } = ScopeSet.Of(Scopes.GrantsManage);

    /// <summary>The paths of the gateway's own resources; a resource's identifier is the public URL and the path.</summary>
    public static IReadOnlyList<string> Paths { get; } = [RestPath, GraphQLPath];
}
