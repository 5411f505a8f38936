namespace CustobotGateway.Checkout.Orders;

/// <summary>What was ordered, and what becomes of it.</summary>
internal static class OrdersModule
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services;

    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        var orders = routes.MapGroup("/v1/orders").WithTags("Orders");
        GetOrder.Map(orders);
        ListOrders.Map(orders);
    }
}
