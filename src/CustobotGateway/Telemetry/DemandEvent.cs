using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Negotiation;

namespace CustobotGateway.Telemetry;

/// <summary>That something was wanted.</summary>
/// <param name="Id"><c>dem_…</c>; grows with time.</param>
/// <param name="Type"><c>demand.order</c> for what was bought, <c>demand.negotiation</c> for what is bargained about.</param>
/// <param name="ProductId">What was wanted.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Value">What all of it comes to, at the price that was paid or, in a negotiation, at list price.</param>
/// <param name="Source">The order or the negotiation.</param>
/// <param name="At">When it was wanted.</param>
/// <param name="RecordedAt">When it was recorded here.</param>
public sealed record DemandEvent(
    string Id, string Type, string ProductId, long Quantity, Money Value, string Source, DateTimeOffset At, DateTimeOffset RecordedAt);

/// <summary>What an event says of demand.</summary>
internal sealed record DemandFact(string Type, string ProductId, long Quantity, Money Value)
{
    /// <summary>One fact for each product of the event; none for events that say nothing of demand.</summary>
    public static IReadOnlyList<DemandFact> Of(Event entry)
    {
        if (entry.Type == OrderPlaced.Type)
        {
            var order = entry.Read<OrderPlaced>();
            return [.. order.LineItems.Select(line => new DemandFact("demand.order", line.ProductId, line.Quantity, new Money(line.Total, order.Total.Currency)))];
        }
        if (entry.Type == NegotiationOpened.Type)
        {
            var opened = entry.Read<NegotiationOpened>();
            return [new DemandFact("demand.negotiation", opened.ProductId, opened.Quantity, opened.ListPrice with { Amount = opened.ListPrice.Amount * opened.Quantity })];
        }
        return [];
    }
}
