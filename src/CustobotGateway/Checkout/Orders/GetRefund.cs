using CustobotGateway.Common;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Where a refund stands.</summary>
public static class GetRefund
{
    internal static void Map(RouteGroupBuilder orders) => orders
        .MapGet("/{id}/refunds/{refund_id}", HandleAsync).WithName("getRefund").RequireOrderReader()
        .WithSummary("Read a refund")
        .WithDescription("While it is pending the provider's answer is awaited; it is found out by itself.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Refund>, ProblemHttpResult>> HandleAsync(
        string id, [FromRoute(Name = "refund_id")] string refundId, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        (await RunAsync(id, refundId, agent, database, cancellationToken)).ToHttp();

    /// <summary>Reads the refund.</summary>
    public static async Task<Outcome<Refund>> RunAsync(string id, string refundId, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var stored = await StoredOrder.FindAsync(connection, null, id, OrderAccess.SightOf(agent), forUpdate: false, cancellationToken);
        return stored is null ? GetOrder.Unknown(id)
            : stored.Refunds.FirstOrDefault(refund => refund.Id == refundId) is { } found ? found
            : CommonProblems.NotFound.With($"The order has no refund {refundId}.");
    }

    internal static async Task<Refund?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string refundId, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select order_id from checkout.refunds where id = @refundId", new { refundId }, transaction, cancellationToken: cancellationToken)) is { } orderId
            && await StoredOrder.FindAsync(connection, transaction, orderId, new OrderAccess.Sight(null, null, true), forUpdate: false, cancellationToken) is { } stored
            ? stored.Refunds.FirstOrDefault(refund => refund.Id == refundId)
            : null;
}
