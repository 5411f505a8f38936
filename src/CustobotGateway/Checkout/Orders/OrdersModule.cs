using CustobotGateway.Checkout.Cases;
using CustobotGateway.Checkout.Evidence;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Checkout.Returns;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity.Delegation;
using FluentValidation;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>What was ordered, and what becomes of it: shipments, cancellations, refunds, returns and cases.</summary>
internal static class OrdersModule
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<IReturnRules, ShopReturnRules>()
        .AddSingleton<Refunding>()
        .AddSingleton<EvidenceSigner>()
        .AddSingleton<IGrantPurchases, OrderPurchases>()
        .AddSingleton<IUnsettled>(provider => provider.GetRequiredService<Refunding>())
        .AddSingleton(provider => new OrderContext(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<Writes>(), provider.GetRequiredService<Refunding>(), provider.GetRequiredService<IReturnRules>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IValidator<ShipOrder.Request>, ShipOrder.Validator>()
        .AddSingleton<IValidator<AddShipmentEvent.Request>, AddShipmentEvent.Validator>()
        .AddSingleton<IValidator<CancelOrder.Request>, CancelOrder.Validator>()
        .AddSingleton<IValidator<RefundOrder.Request>, RefundOrder.Validator>()
        .AddSingleton<IValidator<AcknowledgeOrderFeed.Request>, AcknowledgeOrderFeed.Validator>()
        .AddSingleton<IValidator<RequestReturn.Request>, RequestReturn.Validator>()
        .AddSingleton<IValidator<DecideReturn.Request>, DecideReturn.Validator>()
        .AddSingleton<IValidator<ReceiveReturn.Request>, ReceiveReturn.Validator>()
        .AddSingleton<IValidator<OpenCase.Request>, OpenCase.Validator>()
        .AddSingleton<IValidator<AddCaseMessage.Request>, AddCaseMessage.Validator>()
        .AddSingleton<IValidator<EscalateCase.Request>, EscalateCase.Validator>()
        .AddSingleton<IValidator<ResolveCase.Request>, ResolveCase.Validator>();

    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        var orders = routes.MapGroup("/v1/orders").WithTags("Orders");
        GetOrder.Map(orders);
        ListOrders.Map(orders);
        ShipOrder.Map(orders);
        AddShipmentEvent.Map(orders);
        CancelOrder.Map(orders);
        RefundOrder.Map(orders);
        GetRefund.Map(orders);
        GetEvidence.Map(orders);
        GetOrderFeed.Map(routes);
        AcknowledgeOrderFeed.Map(routes);
        GetReturnPolicy.Map(routes);
        ListReturns.Map(routes);
        var returns = routes.MapGroup("/v1/orders");
        RequestReturn.Map(returns);
        GetReturn.Map(returns);
        DecideReturn.Map(returns);
        ReceiveReturn.Map(returns);
        OpenCase.Map(returns);
        var cases = routes.MapGroup("/v1/cases").WithTags("Cases");
        ListCases.Map(cases);
        GetCase.Map(cases);
        AddCaseMessage.Map(cases);
        EscalateCase.Map(cases);
        ResolveCase.Map(cases);
    }
}
