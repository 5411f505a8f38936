using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Budget of a grant is held for an order that is being paid.</summary>
/// <param name="Reservation">The checkout session.</param>
/// <param name="MandateId">The mandate.</param>
/// <param name="Held">How much.</param>
/// <param name="ExpiresAt">Until when, if nothing else happens.</param>
/// <param name="ApprovalId">The approval that was used for it; null where none was needed.</param>
public sealed record GrantHeld(string Reservation, string MandateId, Money Held, DateTimeOffset ExpiresAt, string? ApprovalId = null) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.held";
}

/// <summary>An order was paid from a grant's budget.</summary>
/// <param name="Reservation">The checkout session.</param>
/// <param name="Paid">What was paid.</param>
/// <param name="MandateId">The mandate; null in events of before mandates were counted each for itself.</param>
public sealed record GrantSpent(string Reservation, Money Paid, string? MandateId = null) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.spent";
}

/// <summary>Budget that was held for an order is free again; nothing was paid.</summary>
/// <param name="Reservation">The checkout session.</param>
/// <param name="MandateId">The mandate.</param>
/// <param name="Released">How much.</param>
public sealed record GrantReleased(string Reservation, string MandateId, Money Released) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.released";
}

/// <summary>What was paid for an order came back to a grant's budget.</summary>
/// <param name="Reservation">The checkout session.</param>
/// <param name="MandateId">The mandate.</param>
/// <param name="Refund">The refund's own id.</param>
/// <param name="Refunded">How much.</param>
public sealed record GrantRefunded(string Reservation, string MandateId, string Refund, Money Refunded) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.refunded";
}

/// <summary>A purchase was refused, because no mandate of the grant covers it. In the stream of the client's refusals: the refused purchase itself leaves nothing.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Reservation">The checkout session.</param>
/// <param name="Limit">The mandate's member that does not allow it, such as <c>per_order</c>.</param>
public sealed record PurchaseRefused(string GrantId, string Reservation, string Limit) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "purchase.refused";

    /// <summary>The stream of a client's refusals.</summary>
    public static string StreamOf(string clientId) => "refusals/" + clientId;
}
