namespace CustobotGateway.Checkout.Orders;

/// <summary>Where a refund stands.</summary>
public enum RefundState
{
    /// <summary>The provider was asked, or is being asked; what it does not answer is found out by itself.</summary>
    Pending,

    /// <summary>The money went back, and to the budget it came from.</summary>
    Completed,

    /// <summary>The provider refused it: nothing went back, and as much can be refunded again.</summary>
    Failed,
}

/// <summary>Money that goes back to who paid.</summary>
/// <param name="Id"><c>ref_…</c></param>
/// <param name="OrderId">The order.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Amount">How much, in whole minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Reason">Why.</param>
/// <param name="Comment">In words, or null.</param>
/// <param name="LineItems">The pieces that it pays back, or empty for an amount alone.</param>
/// <param name="Cause">What led to it: <c>refund</c>, <c>cancellation</c> or <c>return</c>.</param>
/// <param name="CauseId">The cancellation or the return, or null.</param>
/// <param name="ExternalId">The merchant's own name for it, or null.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="SettledAt">When it was done or refused, or null.</param>
/// <param name="Failure">The provider's word for why not, or null.</param>
public sealed record Refund(
    string Id, string OrderId, RefundState State, long Amount, string Currency, string Reason, string? Comment, IReadOnlyList<LineQuantity> LineItems, string Cause, string? CauseId,
    string? ExternalId, DateTimeOffset CreatedAt, DateTimeOffset? SettledAt, string? Failure);
