using CustobotGateway.Catalog.Demo;
using CustobotGateway.Catalog.Import;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Common.Goods;
using FluentValidation;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.Catalog;

/// <summary>The attribute registry, the products and their import.</summary>
public static class CatalogModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddCatalog(this IServiceCollection services)
    {
        services.AddSingleton<AttributeRegistryStore>();
        services.AddHostedService<AttributeRegistryFollower>();
        services.AddSingleton<IValidator<AddAttributes.Batch>, AddAttributes.Validator>();
        services.Configure<SwaggerGenOptions>(AttributeContract.Configure);
        services.AddSingleton<IGoodsWords, GoodsWords>();
        services.AddProducts();
        services.AddSingleton<IValidator<SetStock.Request>, SetStock.Validator>();
        services.AddHostedService<ReleaseExpiredHolds>();
        services.AddImports();
        services.AddSingleton<LoadDemo>();
        services.AddHostedService(provider => provider.GetRequiredService<LoadDemo>());
        return services;
    }

    /// <summary>Maps the module's routes.</summary>
    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        var attributes = routes.MapGroup("/v1/attributes").WithTags("Attributes");
        ListAttributes.Map(attributes);
        GetAttribute.Map(attributes);
        AddAttributes.Map(attributes);
        routes.MapProducts();
        SetStock.Map(routes);
        GetStock.Map(routes);
        routes.MapImports();
    }
}
