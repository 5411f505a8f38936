using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Checkout;

/// <summary>A paid order.</summary>
/// <param name="Id"><c>ord_…</c></param>
/// <param name="CheckoutSessionId">The session that became it.</param>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="Person">For whom it was bought.</param>
/// <param name="Currency">ISO 4217 code of all amounts.</param>
/// <param name="LineItems">What was bought.</param>
/// <param name="Totals">The sums.</param>
/// <param name="PlacedAt">When it was paid.</param>
public sealed record Order(
    string Id, string CheckoutSessionId, string ClientId, string Person, string Currency, IReadOnlyList<LineItem> LineItems, IReadOnlyList<Total> Totals,
    DateTimeOffset PlacedAt);

/// <summary>An order was placed and paid.</summary>
/// <param name="CheckoutSessionId">The session that became it.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="Total">What was paid.</param>
/// <param name="LineItems">What was bought.</param>
/// <param name="PaymentHandler">Which provider took the money.</param>
/// <param name="PaymentReference">The provider's name for the charge.</param>
/// <param name="QuoteId">The quote that it redeemed, or null.</param>
public sealed record OrderPlaced(
    string CheckoutSessionId, string GrantId, Money Total, IReadOnlyList<LineItem> LineItems, string PaymentHandler, string PaymentReference, string? QuoteId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "order.placed";
}
