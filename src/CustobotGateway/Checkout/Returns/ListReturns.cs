using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Returns, page by page.</summary>
public static class ListReturns
{
    /// <summary>Which returns.</summary>
    /// <param name="State">Only those that stand so; all when null.</param>
    /// <param name="OrderId">Only those of this order; all when null.</param>
    /// <param name="After">The next of the page before; the newest when null.</param>
    /// <param name="Size">1 to 100; 24 when null.</param>
    public sealed record Query(ReturnState? State = null, string? OrderId = null, string? After = null, int? Size = null);

    /// <summary>A page of returns.</summary>
    /// <param name="Returns">The newest first.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<Return> Returns, NextPage Page);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/returns", HandleAsync).WithName("listReturns").WithTags("Returns").RequireOrderReader()
        .WithSummary("List returns")
        .WithDescription("The newest first: an agent's are those of its orders, staff sees all. state is requested (waits for staff), approved, refused or received; size is 1 to 100, 24 by default.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken, string? state = null, [FromQuery(Name = "order_id")] string? orderId = null, string? after = null, int? size = null)
    {
        ReturnState? wanted = null;
        if (state is not null && (wanted = Wire.Find<ReturnState>(state)) is null)
        {
            return CommonProblems.InvalidRequest.With("There is no such state.", [new("?state", "unknown_value", "state is requested, approved, refused or received.")]).ToHttp();
        }
        return (await RunAsync(new Query(wanted, orderId, after, size), agent, orders, cancellationToken)).ToHttp();
    }

    /// <summary>Reads the page.</summary>
    public static async Task<Outcome<Response>> RunAsync(Query query, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        if (GrantList.FaultOf(query.After, query.Size) is { } fault)
        {
            return fault;
        }
        var (sight, size) = (OrderAccess.SightOf(agent), query.Size ?? GrantList.DefaultSize);
        await using var connection = await orders.Database.OpenConnectionAsync(cancellationToken);
        var found = await ReturnRows.ListAsync(connection, null, $"""
            {OrderAccess.Visible} and (@state::text is null or r.state = @state) and (@order::text is null or r.order_id = @order) and (@After::text is null or r.id < @After)
            """,
            new
            {
                sight.Grant,
                sight.OfPerson,
                sight.All,
                sight.IsTest,
                query.After,
                state = query.State is { } state ? Wire.Of(state) : null,
                order = query.OrderId is null ? null : GrantRow.Storable(query.OrderId),
            }, size + 1, orders.Rules, cancellationToken);
        return new Response([.. found.Take(size)], new NextPage(found.Count > size ? found[size - 1].Id : null));
    }
}
