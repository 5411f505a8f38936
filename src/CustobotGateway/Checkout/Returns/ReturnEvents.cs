using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Somebody wants to send goods back.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="ReturnId">The return.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="Reason">Why.</param>
public sealed record ReturnRequested(string ClientId, string GrantId, string ReturnId, IReadOnlyList<LineQuantity> LineItems, ReturnReason Reason) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "return.requested";
}

/// <summary>It was decided whether goods may be sent back.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="ReturnId">The return.</param>
/// <param name="State">What it came to.</param>
/// <param name="Reasons">Why.</param>
/// <param name="ExpectedRefund">What goes back if all is taken back.</param>
/// <param name="Deadline">By when the goods have to be on their way, or null.</param>
/// <param name="DecidedBy"><c>policy</c>, or who of the staff.</param>
public sealed record ReturnDecided(
    string ClientId, string GrantId, string ReturnId, ReturnState State, IReadOnlyList<DecisionReason> Reasons, Money ExpectedRefund, DateTimeOffset? Deadline, string DecidedBy) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "return.decided";
}

/// <summary>Goods came back and were looked at.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="ReturnId">The return.</param>
/// <param name="LineItems">What was taken back and what was not.</param>
/// <param name="RefundId">The refund of what was taken back, or null.</param>
public sealed record ReturnReceived(string ClientId, string GrantId, string ReturnId, IReadOnlyList<ReturnLine> LineItems, string? RefundId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "return.received";
}
