using CustobotGateway.Checkout.Carts;
using CustobotGateway.Checkout.Pricing;
using CustobotGateway.Common;
using CustobotGateway.Identity;
using FluentValidation;
using Npgsql;

namespace CustobotGateway.Checkout.Shop;

/// <summary>How the merchant sells: settings, prices, carts and what sessions show.</summary>
internal static class ShopModule
{
    public static IServiceCollection AddShop(this IServiceCollection services) => services
        .AddSingleton(provider => ShopFile.Read(provider.GetRequiredService<GatewaySettings>().ShopFile ?? (provider.GetRequiredService<IConfiguration>().GetSection("Checkout:Shop").Get<ShopOptions>() ?? new()).File))
        .AddSingleton(provider => new ShopInForce(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<ShopFile>()))
        .AddSingleton<IHeldInMemory>(provider => provider.GetRequiredService<ShopInForce>())
        .AddSingleton<ITaxes, TaxTable>()
        .AddSingleton<Pricer>()
        .AddSingleton<ExpireSessions>()
        .AddHostedService(provider => provider.GetRequiredService<ExpireSessions>())
        .AddSingleton<IValidator<ShopSettings>, ShopSettingsValidator>()
        .AddSingleton<IValidator<CreateCart.Request>, CreateCart.Validator>()
        .AddSingleton<IValidator<UpdateCheckoutSession.Request>, UpdateCheckoutSession.Validator>();

    public static void MapShop(this IEndpointRouteBuilder routes)
    {
        var shop = routes.MapGroup("/v1/shop").WithTags("Shop");
        GetShop.Map(shop);
        SetShop.Map(shop);
        var carts = routes.MapGroup("/v1/carts").WithTags("Carts");
        CreateCart.Map(carts);
        GetCart.Map(carts);
        ReplaceCart.Map(carts);
        DeleteCart.Map(carts);
    }
}
