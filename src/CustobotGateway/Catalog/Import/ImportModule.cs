using CustobotGateway.Catalog.Import.Mappings;
using FluentValidation;

namespace CustobotGateway.Catalog.Import;

/// <summary>The imports' part of the catalogue.</summary>
internal static class ImportModule
{
    public static IServiceCollection AddImports(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Catalog").Get<CatalogOptions>() ?? new CatalogOptions()).Check())
        .AddSingleton<Spool>()
        .AddSingleton<ImportStore>()
        .AddSingleton<MappingStore>()
        .AddSingleton<ImportReceiver>()
        .AddSingleton<ImportRunner>()
        .AddHostedService(provider => provider.GetRequiredService<ImportRunner>())
        .AddSingleton<IValidator<MappingDefinition>, MappingRoutes.Validator>();

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        ImportProducts.Map(routes);
        GetImport.Map(routes);
        ListImports.Map(routes);
        MappingRoutes.Map(routes);
    }
}
