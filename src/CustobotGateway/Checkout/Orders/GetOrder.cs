using CustobotGateway.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>An order, for the agent that bought, for a client that manages the person's grants, and for the merchant.</summary>
public static class GetOrder
{
    internal static void Map(RouteGroupBuilder orders) => orders
        .MapGet("/{id}", HandleAsync).WithName("getOrder").RequireOrderReader()
        .WithSummary("Read an order")
        .WithDescription("The whole order as it stands: what was bought, what was promised, shipped and delivered, and what went back. An agent reads what its grant bought, a client that manages a person's grants what was bought for the person, staff everything.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Order>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        (await RunAsync(id, agent, database, cancellationToken)).ToHttp();

    /// <summary>Reads the order.</summary>
    public static async Task<Outcome<Order>> RunAsync(string id, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await StoredOrder.FindAsync(connection, null, id, OrderAccess.SightOf(agent), forUpdate: false, cancellationToken) is { } found ? found.Order : Unknown(id);
    }

    internal static Problem Unknown(string id) => CommonProblems.NotFound.With($"There is no order {id} of yours.");
}
