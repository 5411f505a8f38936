using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Cases;

/// <summary>Where a case stands.</summary>
public static class GetCase
{
    internal static void Map(RouteGroupBuilder cases) => cases
        .MapGet("/{id}", HandleAsync).WithName("getCase").RequireOrderReader()
        .WithSummary("Read a case")
        .WithDescription("With what was said, the ways to settle it, and the page of what happened to the order: as it is now, or as it was when the case was handed to a person.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Case>, ProblemHttpResult>> HandleAsync(string id, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken) =>
        (await RunAsync(id, agent, orders, cancellationToken)).ToHttp();

    /// <summary>Reads the case.</summary>
    public static async Task<Outcome<Case>> RunAsync(string id, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        await using var connection = await orders.Database.OpenConnectionAsync(cancellationToken);
        if (await StoredCase.FindAsync(connection, null, id, OrderAccess.SightOf(agent), forUpdate: false, cancellationToken) is not { Case: var found })
        {
            return Unknown(id);
        }
        return found.Summary is not null ? found : found with { Summary = await SummaryAsync(connection, found.OrderId, agent.NowBy(orders.Clock), cancellationToken) };
    }

    internal static Problem Unknown(string id) => CommonProblems.NotFound.With($"There is no case {id} of yours.");

    internal static async Task<CaseSummary> SummaryAsync(NpgsqlConnection connection, string orderId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stored = await StoredOrder.FindAsync(connection, null, orderId, new OrderAccess.Sight(null, null, true), forUpdate: false, cancellationToken);
        return Summarise.Of(stored!, await EventLog.ReadNextAsync(connection, orderId, 0, Summarise.MaxEvents, cancellationToken), now);
    }
}
