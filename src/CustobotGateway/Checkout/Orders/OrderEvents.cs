using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Checkout.Orders;

/// <summary>An order was placed and paid.</summary>
/// <param name="CheckoutSessionId">The session that became it.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="Total">What was paid.</param>
/// <param name="LineItems">What was bought.</param>
/// <param name="PaymentHandler">Which provider took the money.</param>
/// <param name="PaymentReference">The provider's name for the charge.</param>
/// <param name="QuoteId">The quote that it redeemed, or null.</param>
/// <param name="ClientId">The agent that bought; null in events from before that was written down.</param>
public sealed record OrderPlaced(
    string CheckoutSessionId, string GrantId, Money Total, IReadOnlyList<LineItem> LineItems, string PaymentHandler, string PaymentReference, string? QuoteId, string? ClientId = null) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.placed";
}

/// <summary>Pieces of an order were handed to a carrier.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="Carrier">Who carries it, or null.</param>
/// <param name="TrackingNumber">The carrier's number, or null.</param>
/// <param name="TrackingUrl">Where the carrier tells of it, or null.</param>
/// <param name="PromisedUntil">By when it should arrive, or null.</param>
public sealed record OrderShipped(
    string ClientId, string GrantId, string ShipmentId, IReadOnlyList<LineQuantity> LineItems, string? Carrier, string? TrackingNumber, string? TrackingUrl, DateTimeOffset? PromisedUntil) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.shipped";
}

/// <summary>A shipment arrived.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="DeliveredAt">When it arrived.</param>
public sealed record OrderDelivered(string ClientId, string GrantId, string ShipmentId, IReadOnlyList<LineQuantity> LineItems, DateTimeOffset DeliveredAt) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.delivered";
}

/// <summary>Something else happened to a shipment: it is on its way, an attempt failed, it came back.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="State">What happened.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="Description">In words, or null.</param>
/// <param name="OccurredAt">When it happened.</param>
public sealed record OrderShipmentUpdated(
    string ClientId, string GrantId, string ShipmentId, ShipmentState State, IReadOnlyList<LineQuantity> LineItems, string? Description, DateTimeOffset OccurredAt) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.shipment_updated";
}

/// <summary>Pieces of an order were canceled; others are still wanted.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="CancellationId">The cancellation.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="Reason">Why.</param>
/// <param name="RefundId">The refund of what was paid for them, or null.</param>
public sealed record OrderLineCanceled(string ClientId, string GrantId, string CancellationId, IReadOnlyList<LineQuantity> LineItems, string Reason, string? RefundId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.line_canceled";
}

/// <summary>All that was left of an order was canceled.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="CancellationId">The cancellation.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="Reason">Why.</param>
/// <param name="RefundId">The refund of what was paid, or null.</param>
public sealed record OrderCanceled(string ClientId, string GrantId, string CancellationId, IReadOnlyList<LineQuantity> LineItems, string Reason, string? RefundId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.canceled";
}

/// <summary>Money went back, or a payment that was not charged yet was given up.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="RefundId">The refund.</param>
/// <param name="Amount">How much.</param>
/// <param name="Reason">Why.</param>
/// <param name="Cause">What led to it: <c>refund</c>, <c>cancellation</c> or <c>return</c>.</param>
/// <param name="CauseId">The cancellation or the return, or null.</param>
public sealed record OrderRefunded(string ClientId, string GrantId, string RefundId, Money Amount, string Reason, string Cause, string? CauseId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.refunded";
}

/// <summary>The payment provider refused to give money back.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="RefundId">The refund.</param>
/// <param name="Amount">How much.</param>
/// <param name="Failure">The provider's word for it.</param>
public sealed record OrderRefundFailed(string ClientId, string GrantId, string RefundId, Money Amount, string Failure) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.refund_failed";
}
