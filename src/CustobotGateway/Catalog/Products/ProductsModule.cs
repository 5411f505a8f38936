using FluentValidation;

namespace CustobotGateway.Catalog.Products;

/// <summary>The products' part of the catalogue.</summary>
internal static class ProductsModule
{
    public static IServiceCollection AddProducts(this IServiceCollection services) => services
        .AddSingleton<ChangeFeed>()
        .AddSingleton<IValidator<PutProduct.Request>, PutProduct.Validator>()
        .AddSingleton<IValidator<PatchProduct.Request>, PatchProduct.Validator>()
        .AddSingleton<IValidator<SetPrices.Request>, SetPrices.Validator>()
        .AddSingleton<IValidator<BatchGetProducts.Request>, BatchGetProducts.Validator>()
        .AddSingleton<IValidator<CompareProducts.Request>, CompareProducts.Validator>();

    public static void MapProducts(this IEndpointRouteBuilder routes)
    {
        GetProduct.Map(routes);
        ListProducts.Map(routes);
        PutProduct.Map(routes);
        PatchProduct.Map(routes);
        DeleteProduct.Map(routes);
        SetPrices.Map(routes);
        BatchGetProducts.Map(routes);
        CompareProducts.Map(routes);
    }
}
