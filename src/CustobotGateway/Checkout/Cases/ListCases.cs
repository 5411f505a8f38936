using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Cases;

/// <summary>Cases, page by page; for staff the queue of what waits for a person.</summary>
public static class ListCases
{
    /// <summary>Which cases.</summary>
    /// <param name="State">Only those that stand so; all when null.</param>
    /// <param name="Kind">Only those about this; all when null.</param>
    /// <param name="OrderId">Only those of this order; all when null.</param>
    /// <param name="After">The next of the page before; the newest when null.</param>
    /// <param name="Size">1 to 100; 24 when null.</param>
    public sealed record Query(CaseState? State = null, CaseKind? Kind = null, string? OrderId = null, string? After = null, int? Size = null);

    /// <summary>A page of cases.</summary>
    /// <param name="Cases">The newest first; those that were never escalated come without a summary.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<Case> Cases, NextPage Page);

    internal static void Map(RouteGroupBuilder cases) => cases
        .MapGet("/", HandleAsync).WithName("listCases").RequireOrderReader()
        .WithSummary("List cases")
        .WithDescription("The newest first: an agent's are those of its orders, staff sees all. state=escalated is the queue of what waits for a person; size is 1 to 100, 24 by default.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken, string? state = null, string? kind = null, [FromQuery(Name = "order_id")] string? orderId = null,
        string? after = null, int? size = null)
    {
        var (wanted, about) = (Wire.Find<CaseState>(state), Wire.Find<CaseKind>(kind));
        if (state is not null && wanted is null)
        {
            return CommonProblems.InvalidRequest.With("There is no such state.", [new("?state", "unknown_value", "state is open, answered, escalated or closed.")]).ToHttp();
        }
        if (kind is not null && about is null)
        {
            return CommonProblems.InvalidRequest.With("There is no such kind.",
                [new("?kind", "unknown_value", $"kind is one of {string.Join(", ", Enum.GetValues<CaseKind>().Select(Wire.Of))}.")]).ToHttp();
        }
        return (await RunAsync(new Query(wanted, about, orderId, after, size), agent, orders, cancellationToken)).ToHttp();
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
        var found = await StoredCase.ListAsync(connection, null, $"""
            {OrderAccess.Visible} and (@state::text is null or o.state = @state) and (@kind::text is null or o.kind = @kind) and (@order::text is null or o.order_id = @order)
            and (@After::text is null or o.id < @After)
            """,
            new
            {
                sight.Grant,
                sight.OfPerson,
                sight.All,
                sight.IsTest,
                query.After,
                state = query.State is { } state ? Wire.Of(state) : null,
                kind = query.Kind is { } kind ? Wire.Of(kind) : null,
                order = query.OrderId is null ? null : GrantRow.Storable(query.OrderId),
            }, size + 1, cancellationToken);
        return new Response([.. found.Take(size).Select(one => one.Case)], new NextPage(found.Count > size ? found[size - 1].Case.Id : null));
    }
}
