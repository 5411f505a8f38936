using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Where a return stands.</summary>
public static class GetReturn
{
    internal static void Map(RouteGroupBuilder orders) => orders
        .MapGet("/{id}/returns/{return_id}", HandleAsync).WithName("getReturn").WithTags("Returns").RequireOrderReader()
        .WithSummary("Read a return")
        .WithDescription("What was decided and why, by when the goods have to be on their way, what was taken back and what goes back for it.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Return>, ProblemHttpResult>> HandleAsync(
        string id, [FromRoute(Name = "return_id")] string returnId, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken) =>
        (await RunAsync(id, returnId, agent, orders, cancellationToken)).ToHttp();

    /// <summary>Reads the return.</summary>
    public static async Task<Outcome<Return>> RunAsync(string id, string returnId, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(returnId);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        await using var connection = await orders.Database.OpenConnectionAsync(cancellationToken);
        return await StoredOrder.FindAsync(connection, null, id, OrderAccess.SightOf(agent), forUpdate: false, cancellationToken) is null ? GetOrder.Unknown(id)
            : await ReturnRows.FindAsync(connection, null, id, returnId, orders.Rules, cancellationToken) is { } found ? found
            : Unknown(returnId);
    }

    internal static Problem Unknown(string id) => CommonProblems.NotFound.With($"The order has no return {id}.");
}
