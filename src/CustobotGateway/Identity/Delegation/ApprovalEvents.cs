using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Identity.Delegation;

/// <summary>A purchase above the threshold waits for the person.</summary>
/// <param name="ApprovalId">The approval.</param>
/// <param name="Reservation">The checkout session.</param>
/// <param name="MandateId">The mandate whose threshold it is above.</param>
/// <param name="Total">What would be charged.</param>
/// <param name="OfferHash">The offer that it is bound to.</param>
/// <param name="ExpiresAt">Until when it can be decided and used.</param>
public sealed record ApprovalAsked(string ApprovalId, string Reservation, string MandateId, Money Total, string OfferHash, DateTimeOffset ExpiresAt) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "approval.asked";
}

/// <summary>The person agreed to the offer.</summary>
/// <param name="ApprovalId">The approval.</param>
/// <param name="Reservation">The checkout session.</param>
/// <param name="Total">What may be charged.</param>
/// <param name="OfferHash">The offer that was agreed to.</param>
public sealed record ApprovalApproved(string ApprovalId, string Reservation, Money Total, string OfferHash) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "approval.approved";
}

/// <summary>The person refused the offer.</summary>
/// <param name="ApprovalId">The approval.</param>
/// <param name="Reservation">The checkout session.</param>
/// <param name="Total">What would have been charged.</param>
/// <param name="OfferHash">The offer that was refused.</param>
public sealed record ApprovalDenied(string ApprovalId, string Reservation, Money Total, string OfferHash) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "approval.denied";
}

/// <summary>The purchase that was approved is made; the approval is good for no other.</summary>
/// <param name="ApprovalId">The approval.</param>
/// <param name="Reservation">The checkout session.</param>
/// <param name="Total">What is charged.</param>
/// <param name="OfferHash">The offer that is bought.</param>
public sealed record ApprovalUsed(string ApprovalId, string Reservation, Money Total, string OfferHash) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "approval.used";
}

/// <summary>The approval counts no more.</summary>
/// <param name="ApprovalId">The approval.</param>
/// <param name="Reservation">The checkout session.</param>
/// <param name="Reason"><c>offer_changed</c>, <c>grant_revoked</c> or <c>session_ended</c>.</param>
public sealed record ApprovalVoided(string ApprovalId, string Reservation, string Reason) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "approval.void";
}
