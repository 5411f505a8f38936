using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Orders;

/// <summary>How much of a line, or of an order, has left for the buyer.</summary>
public enum FulfillmentStatus
{
    /// <summary>Nothing of it has been shipped.</summary>
    Processing,

    /// <summary>A part of it has been shipped.</summary>
    Partial,

    /// <summary>All that is still wanted of it has been shipped.</summary>
    Fulfilled,

    /// <summary>Nothing is left of it: all was canceled or returned.</summary>
    Removed,
}

/// <summary>How many pieces of a line there are.</summary>
/// <param name="Original">How many were ordered.</param>
/// <param name="Total">How many are still wanted: ordered, less canceled and returned.</param>
/// <param name="Fulfilled">How many of these were shipped.</param>
/// <param name="Delivered">How many pieces arrived, returned ones included.</param>
/// <param name="Canceled">How many were canceled.</param>
/// <param name="Returned">How many were returned and taken back.</param>
public sealed record LineQuantities(int Original, int Total, int Fulfilled, int Delivered, int Canceled, int Returned);

/// <summary>One product of an order; amounts in whole minor units of its currency, as they were when it was placed.</summary>
/// <param name="Id">Unique within the order: <c>li_1</c>.</param>
/// <param name="ProductId"><c>prd_…</c></param>
/// <param name="Title">The product's name when it was bought.</param>
/// <param name="Quantity">How many were ordered.</param>
/// <param name="ListPrice">The price of one before any discount.</param>
/// <param name="UnitPrice">The price of one that was charged.</param>
/// <param name="Total">What the line came to.</param>
/// <param name="Quantities">How many are wanted, shipped, delivered, canceled, returned.</param>
/// <param name="Status">Derived from the quantities.</param>
public sealed record OrderLine(
    string Id, string ProductId, string Title, int Quantity, long ListPrice, long UnitPrice, long Total, LineQuantities Quantities, FulfillmentStatus Status)
{
    /// <summary>The product's number.</summary>
    internal long ProductNumber => Ids.GetNumber("prd", ProductId);

    /// <summary>The line's share of discounts on the whole order; zero or negative.</summary>
    public long Discount { get; init; }

    /// <summary>The line's share of the tax: added to the prices, or contained in them.</summary>
    public long Tax { get; init; }

    /// <summary>When it can leave, where there was not enough of it; null where there was.</summary>
    public BackOrder? BackOrder { get; init; }
}

/// <summary>Some pieces of a line.</summary>
/// <param name="Id">The line's id in the order.</param>
/// <param name="Quantity">How many pieces, 1 or more; of an adjustment negative, where it takes pieces away.</param>
public sealed record LineQuantity(string Id, int Quantity);

/// <summary>What the buyer may expect: pieces that arrive together.</summary>
/// <param name="Id">Unique within the order.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="MethodType">Sent, or fetched.</param>
/// <param name="Destination">Where to; null where the order names no address.</param>
/// <param name="Description">In words.</param>
/// <param name="Earliest">Not before that; null where nothing was promised.</param>
/// <param name="Latest">Not after that; null where nothing was promised.</param>
public sealed record Expectation(
    string Id, IReadOnlyList<LineQuantity> LineItems, FulfillmentType MethodType, Destination? Destination, string? Description, DateTimeOffset? Earliest, DateTimeOffset? Latest);

/// <summary>Something that happened to a shipment.</summary>
/// <param name="Id">Unique.</param>
/// <param name="Type"><c>shipped</c>, <c>in_transit</c>, <c>out_for_delivery</c>, <c>failed_attempt</c>, <c>undeliverable</c>, <c>delivered</c>, <c>returned_to_sender</c> or <c>canceled</c>.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="ShipmentId">The shipment, <c>shp_…</c>.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="Carrier">Who carries it, or null.</param>
/// <param name="TrackingNumber">The carrier's number, or null.</param>
/// <param name="TrackingUrl">Where the carrier tells of it, or null.</param>
/// <param name="Description">In words, or null.</param>
public sealed record FulfillmentEvent(
    string Id, string Type, DateTimeOffset OccurredAt, string ShipmentId, IReadOnlyList<LineQuantity> LineItems, string? Carrier, string? TrackingNumber, string? TrackingUrl,
    string? Description);

/// <summary>What was promised and what happened; nothing of what happened is ever changed.</summary>
/// <param name="Expectations">Promises.</param>
/// <param name="Events">What happened, the oldest first.</param>
public sealed record OrderFulfillment(IReadOnlyList<Expectation> Expectations, IReadOnlyList<FulfillmentEvent> Events);

/// <summary>Whether an adjustment's money has gone back.</summary>
public enum AdjustmentStatus
{
    /// <summary>On its way.</summary>
    Pending,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>The payment provider refused it: no money went back.</summary>
    Failed,
}

/// <summary>What changed after the order was placed. Money is in one adjustment alone, so that the order's total and all completed adjustments add up to what was paid in the end.</summary>
/// <param name="Id"><c>can_…</c>, <c>ret_…</c> or <c>ref_…</c></param>
/// <param name="Type"><c>cancellation</c>, <c>return</c> or <c>refund</c>.</param>
/// <param name="OccurredAt">When.</param>
/// <param name="Status">Whether its money has gone back; completed where there is none.</param>
/// <param name="LineItems">Which pieces; negative quantities were taken away.</param>
/// <param name="Totals">Signed: negative goes back to the buyer. Empty where it moved no money.</param>
/// <param name="Description">Why, in words, or null.</param>
/// <param name="RefundId">The refund that moves its money, or null.</param>
public sealed record Adjustment(
    string Id, string Type, DateTimeOffset OccurredAt, AdjustmentStatus Status, IReadOnlyList<LineQuantity> LineItems, IReadOnlyList<Total> Totals, string? Description, string? RefundId);

/// <summary>A placed order, always whole: what was bought, and what became of it.</summary>
/// <param name="Id"><c>ord_…</c></param>
/// <param name="CheckoutSessionId">The session that became it.</param>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="Person">For whom it was bought.</param>
/// <param name="Currency">ISO 4217 code of all amounts.</param>
/// <param name="LineItems">What was bought.</param>
/// <param name="Totals">The sums when it was placed.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="Status">Derived from the lines.</param>
/// <param name="Fulfillment">Promises and what happened.</param>
/// <param name="Adjustments">Cancellations, returns and refunds, the oldest first.</param>
/// <param name="Taxes">Tax by rate when it was placed; null where there was none.</param>
/// <param name="Discounts">The session's discounts when it was placed, or null.</param>
/// <param name="Delivery">The session's fulfillment when it was placed: methods, destinations, chosen options; or null.</param>
/// <param name="Buyer">Who bought, as the agent said it, or null.</param>
/// <param name="Attribution">What the session's attribution was, or null.</param>
/// <param name="IsTest">Whether test credentials placed it; true or absent.</param>
public sealed record Order(
    string Id, string CheckoutSessionId, string ClientId, string Person, string Currency, IReadOnlyList<OrderLine> LineItems, IReadOnlyList<Total> Totals,
    DateTimeOffset PlacedAt, FulfillmentStatus Status, OrderFulfillment Fulfillment, IReadOnlyList<Adjustment> Adjustments,
    IReadOnlyList<TaxPart>? Taxes = null, AppliedDiscounts? Discounts = null, Fulfillment? Delivery = null, Buyer? Buyer = null, IReadOnlyDictionary<string, string>? Attribution = null,
    bool? IsTest = null)
{
    /// <summary>What was charged when it was placed.</summary>
    internal long Paid => Totals.Single(total => total.Type == TotalType.Total).Amount;
}
