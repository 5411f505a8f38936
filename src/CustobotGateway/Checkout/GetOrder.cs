using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>An order, for the agent that bought and for the merchant.</summary>
public static class GetOrder
{
    internal static void Map(RouteGroupBuilder orders) => orders
        .MapGet("/{id}", HandleAsync).WithName("getOrder").RequireScope(Scopes.OrdersRead)
        .WithSummary("Read an order")
        .WithDescription("An order of the grant that asks.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Order>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        (await RunAsync(id, agent, database, cancellationToken)).ToHttp();

    /// <summary>Reads the order.</summary>
    public static async Task<Outcome<Order>> RunAsync(string id, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<OrderRow?>(new CommandDefinition(
            $"select {OrderRow.Columns} from checkout.orders where id = @id and (grant_id = @GrantId or @IsAdministrator)",
            new { id, agent.GrantId, agent.IsAdministrator }, cancellationToken: cancellationToken));
        return row is null ? CommonProblems.NotFound.With($"There is no order {id} of yours.") : row.ToOrder();
    }
}

/// <summary>The latest orders, for staff.</summary>
public static class ListOrders
{
    /// <summary>How many are listed.</summary>
    public const int Limit = 20;

    /// <summary>The latest orders, newest first, at most <see cref="Limit"/>.</summary>
    public static async Task<IReadOnlyList<Order>> RunAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<OrderRow>(new CommandDefinition(
            $"select {OrderRow.Columns} from checkout.orders order by placed_at desc, id desc limit {Limit}", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToOrder())];
    }
}

// Columns are aliased without underscores, since Dapper matches constructor parameters by name.
internal sealed record OrderRow(string Id, string SessionId, string ClientId, string Person, string Currency, string LineItems, DateTime PlacedAt)
{
    public const string Columns =
        "id, session_id as sessionid, client_id as clientid, person, currency, line_items::text as lineitems, placed_at as placedat";

    public Order ToOrder()
    {
        var lines = JsonSerializer.Deserialize<IReadOnlyList<LineItem>>(LineItems, StoredJson.Options)!;
        return new Order(Id, SessionId, ClientId, Person, Currency, lines, CheckoutSession.TotalsOf(lines), new DateTimeOffset(PlacedAt));
    }
}
