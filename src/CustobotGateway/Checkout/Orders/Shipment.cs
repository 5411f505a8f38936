namespace CustobotGateway.Checkout.Orders;

/// <summary>Where a shipment is.</summary>
public enum ShipmentState
{
    /// <summary>Handed to the carrier.</summary>
    Shipped,

    /// <summary>On its way.</summary>
    InTransit,

    /// <summary>On the last part of its way.</summary>
    OutForDelivery,

    /// <summary>Delivery was tried and failed; it is tried again.</summary>
    FailedAttempt,

    /// <summary>It cannot be delivered; it comes back.</summary>
    Undeliverable,

    /// <summary>It arrived. Nothing more happens to it.</summary>
    Delivered,

    /// <summary>It came back: its pieces can be shipped again or canceled. Nothing more happens to it.</summary>
    ReturnedToSender,

    /// <summary>It never left: its pieces can be shipped again or canceled. Nothing more happens to it.</summary>
    Canceled,
}

/// <summary>By when something arrives.</summary>
/// <param name="Latest">Not after that.</param>
/// <param name="Earliest">Not before that, or null.</param>
public sealed record DeliveryPromise(DateTimeOffset Latest, DateTimeOffset? Earliest = null);

/// <summary>Pieces of an order on their way together.</summary>
/// <param name="Id"><c>shp_…</c></param>
/// <param name="OrderId">The order.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="State">Where it is.</param>
/// <param name="Carrier">Who carries it, or null.</param>
/// <param name="TrackingNumber">The carrier's number, or null.</param>
/// <param name="TrackingUrl">Where the carrier tells of it, or null.</param>
/// <param name="Promise">By when it should arrive, or null.</param>
/// <param name="ExternalId">The merchant's own name for it, or null.</param>
/// <param name="CreatedAt">When it was handed over.</param>
/// <param name="DeliveredAt">When it arrived, or null.</param>
public sealed record Shipment(
    string Id, string OrderId, IReadOnlyList<LineQuantity> LineItems, ShipmentState State, string? Carrier, string? TrackingNumber, string? TrackingUrl, DeliveryPromise? Promise,
    string? ExternalId, DateTimeOffset CreatedAt, DateTimeOffset? DeliveredAt)
{
    /// <summary>Whether nothing more happens to it.</summary>
    internal bool HasEnded => State is ShipmentState.Delivered or ShipmentState.ReturnedToSender or ShipmentState.Canceled;
}
