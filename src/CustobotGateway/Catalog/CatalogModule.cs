namespace CustobotGateway.Catalog;

/// <summary>The attribute registry, the products and their import.</summary>
public static class CatalogModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddCatalog(this IServiceCollection services) =>
        services.AddSingleton<ChangeFeed>();

    /// <summary>Maps the module's routes.</summary>
    public static void MapCatalog(this IEndpointRouteBuilder routes) => ArgumentNullException.ThrowIfNull(routes);
}
