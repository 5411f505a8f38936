using CustobotGateway.Checkout.Orders;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Checkout.Shop;
using CustobotGateway.Identity.Delegation;
using FluentValidation;

namespace CustobotGateway.Checkout;

/// <summary>From products or a quote to a paid order.</summary>
public static class CheckoutModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddCheckout(this IServiceCollection services) => services
        .AddOrders()
        .AddShop()
        .AddSingleton<IGrantDependents, CheckoutDependents>()
        .AddPayments()
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Checkout:Payments").Get<PaymentOptions>() ?? new()).Check())
        .AddSingleton<SettlePayment>()
        .AddSingleton<CompletionContext>()
        .AddSingleton<IUnsettled, UnsettledPayments>()
        .AddHostedService<Reconciliation>()
        .AddSingleton<IValidator<OpenCheckoutSession.Request>, OpenCheckoutSession.Validator>()
        .AddSingleton<IValidator<CompleteCheckoutSession.Request>, CompleteCheckoutSession.Validator>();

    /// <summary>Maps the module's routes.</summary>
    public static void MapCheckout(this IEndpointRouteBuilder routes)
    {
        routes.MapShop();
        var sessions = routes.MapGroup("/v1/checkout_sessions").WithTags("Checkout");
        OpenCheckoutSession.Map(sessions);
        GetCheckoutSession.Map(sessions);
        UpdateCheckoutSession.Map(sessions);
        CancelCheckoutSession.Map(sessions);
        CompleteCheckoutSession.Map(sessions);
        routes.MapOrders();
        routes.MapPayments();
    }
}
