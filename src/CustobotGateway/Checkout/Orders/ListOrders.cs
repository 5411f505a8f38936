using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Orders, page by page.</summary>
public static class ListOrders
{
    /// <summary>How many the staff's first page shows.</summary>
    public const int Limit = 20;

    /// <summary>Which orders.</summary>
    /// <param name="Status">Only those that stand so; all when null.</param>
    /// <param name="GrantId">Only those of this grant; all when null.</param>
    /// <param name="ClientId">Only those that this client placed; all when null.</param>
    /// <param name="PlacedFrom">Only those placed at that time or later; all when null.</param>
    /// <param name="PlacedBefore">Only those placed before that time; all when null.</param>
    /// <param name="After">The next of the page before; the newest when null.</param>
    /// <param name="Size">1 to 100; 24 when null.</param>
    public sealed record Query(
        FulfillmentStatus? Status = null, string? GrantId = null, string? ClientId = null, DateTimeOffset? PlacedFrom = null, DateTimeOffset? PlacedBefore = null, string? After = null,
        int? Size = null);

    /// <summary>A page of orders.</summary>
    /// <param name="Orders">The newest first.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<Order> Orders, NextPage Page);

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapGet("/", HandleAsync).WithName("listOrders").RequireOrderReader()
        .WithSummary("List orders")
        .WithDescription("The newest first: an agent's are those that its grant bought, staff sees all. status is processing, partial, fulfilled or removed; status, grant_id, client_id, placed_from and placed_before (RFC 3339) narrow the list; size is 1 to 100, 24 by default.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken, string? status = null, [FromQuery(Name = "grant_id")] string? grantId = null,
        [FromQuery(Name = "client_id")] string? clientId = null, [FromQuery(Name = "placed_from")] DateTimeOffset? placedFrom = null,
        [FromQuery(Name = "placed_before")] DateTimeOffset? placedBefore = null, string? after = null, int? size = null)
    {
        FulfillmentStatus? wanted = null;
        if (status is not null && (wanted = Wire.Find<FulfillmentStatus>(status)) is null)
        {
            return CommonProblems.InvalidRequest.With("There is no such status.", [new("?status", "unknown_value", "status is processing, partial, fulfilled or removed.")]).ToHttp();
        }
        return (await RunAsync(new Query(wanted, grantId, clientId, placedFrom, placedBefore, after, size), agent, database, cancellationToken)).ToHttp();
    }

    /// <summary>Reads the page.</summary>
    public static async Task<Outcome<Response>> RunAsync(Query query, AgentPrincipal agent, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        if (GrantList.FaultOf(query.After, query.Size) is { } fault)
        {
            return fault;
        }
        var (sight, size) = (OrderAccess.SightOf(agent), query.Size ?? GrantList.DefaultSize);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await StoredOrder.ListAsync(connection, $"""
            {OrderAccess.Visible} and (@status::text is null or o.status = @status) and (@After::text is null or o.id < @After) and (@GrantId::text is null or o.grant_id = @GrantId) and (@ClientId::text is null or o.client_id = @ClientId)
            and (@from::timestamptz is null or o.placed_at >= @from) and (@before::timestamptz is null or o.placed_at < @before)
            """,
            new
            {
                sight.Grant,
                sight.OfPerson,
                sight.All,
                sight.IsTest,
                status = query.Status is { } wanted ? Wire.Of(wanted) : null,
                query.After,
                GrantId = query.GrantId is null ? null : GrantRow.Storable(query.GrantId),
                ClientId = query.ClientId is null ? null : GrantRow.Storable(query.ClientId),
                from = query.PlacedFrom?.UtcDateTime,
                before = query.PlacedBefore?.UtcDateTime,
            }, size + 1, cancellationToken);
        return new Response([.. found.Take(size).Select(one => one.Order)], new NextPage(found.Count > size ? found[size - 1].Order.Id : null));
    }

    /// <summary>The latest orders for the staff's first page, newest first, at most <see cref="Limit"/>.</summary>
    public static async Task<IReadOnlyList<Order>> LatestAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await StoredOrder.ListAsync(connection, "true", new { }, Limit, cancellationToken)).Select(one => one.Order)];
    }
}
