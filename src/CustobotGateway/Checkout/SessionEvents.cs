using CustobotGateway.Common.Events;

namespace CustobotGateway.Checkout;

/// <summary>A checkout session was canceled.</summary>
/// <param name="ClientId">The agent whose session it was.</param>
/// <param name="GrantId">The grant under which it was opened.</param>
/// <param name="Reason"><c>agent</c> where the agent did it, <c>grant_revoked</c> where its grant ended.</param>
public sealed record CheckoutCanceled(string ClientId, string GrantId, string Reason) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "checkout.canceled";
}

/// <summary>A checkout session's time passed without a purchase.</summary>
/// <param name="ClientId">The agent whose session it was.</param>
/// <param name="GrantId">The grant under which it was opened.</param>
public sealed record CheckoutExpired(string ClientId, string GrantId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "checkout.expired";
}
