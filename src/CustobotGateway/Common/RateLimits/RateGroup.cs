using CustobotGateway.Common.Http;

namespace CustobotGateway.Common.RateLimits;

/// <summary>A group of endpoints that are limited together.</summary>
public enum RateGroup
{
    /// <summary>What belongs to no other group.</summary>
    Other,

    /// <summary>Reading and searching the catalogue.</summary>
    Reads,

    /// <summary>Changing the catalogue.</summary>
    Catalog,

    /// <summary>Bargaining.</summary>
    Negotiations,

    /// <summary>Checkout and orders.</summary>
    Checkout,

    /// <summary>What clients call at the authorization server.</summary>
    Token,

    /// <summary>Registration of clients by themselves.</summary>
    Registration,

    /// <summary>The start of the device flow.</summary>
    Device,
}

/// <summary>Puts routes into groups.</summary>
public static class RateGroupExtensions
{
    /// <summary>Puts the route into the group.</summary>
    public static TBuilder LimitRate<TBuilder>(this TBuilder route, RateGroup group)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Marked(group));

    /// <summary>The group of the endpoint: the one it was put into, else by what its callers need.</summary>
    internal static RateGroup GroupOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Marked>()?.Group ?? endpoint.Metadata.GetMetadata<RouteAccess>()?.Scope switch
    {
        Scopes.CatalogRead => RateGroup.Reads,
        Scopes.CatalogWrite => RateGroup.Catalog,
        Scopes.Negotiations => RateGroup.Negotiations,
        Scopes.Checkout or Scopes.OrdersRead or Scopes.PaymentsDelegate => RateGroup.Checkout,
        _ => RateGroup.Other,
    };

    private sealed record Marked(RateGroup Group);
}
