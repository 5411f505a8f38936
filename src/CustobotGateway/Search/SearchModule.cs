namespace CustobotGateway.Search;

/// <summary>Constraint search over every attribute of the catalogue.</summary>
public static class SearchModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddSearch(this IServiceCollection services) => services
        .AddSingleton<CatalogIndex>()
        .AddSingleton(SearchReadiness.Create)
        .AddHostedService<IndexFollower>();

    /// <summary>Maps the module's routes.</summary>
    public static void MapSearch(this IEndpointRouteBuilder routes) => ArgumentNullException.ThrowIfNull(routes);
}
