using System.Text.Json;
using System.Text.Json.Serialization;
using CustobotGateway.Common;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Where an approval stands.</summary>
public enum ApprovalState
{
    /// <summary>The person has not decided.</summary>
    Pending,

    /// <summary>The person agreed; the purchase may be made, once.</summary>
    Approved,

    /// <summary>The person refused.</summary>
    Denied,

    /// <summary>The purchase was made.</summary>
    Used,

    /// <summary>The offer changed, or the grant or the session ended.</summary>
    Void,

    /// <summary>Nobody decided, or nobody bought, in time.</summary>
    Expired,
}

/// <summary>A purchase that waits for the person's word. It is bound to one offer: whatever of it changes needs another approval.</summary>
/// <param name="Id"><c>apr_…</c></param>
/// <param name="GrantId">The grant that it would be bought under.</param>
/// <param name="ClientId">The agent's client.</param>
/// <param name="Person">Who decides.</param>
/// <param name="MandateId">The mandate whose threshold it is above.</param>
/// <param name="Reservation">What waits: the checkout session's id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Total">What is charged.</param>
/// <param name="Offer">What is bought: line items, totals, currency.</param>
/// <param name="OfferHash">SHA-256 of the offer's canonical JSON (RFC 8785), in hexadecimal.</param>
/// <param name="CreatedAt">When the agent asked.</param>
/// <param name="ExpiresAt">Until when it can be decided and used.</param>
/// <param name="DecidedAt">When the person decided; null before.</param>
/// <param name="DecidedBy">Who decided: the person, or the client that acted for the person; null before.</param>
/// <param name="VoidedFor">Why it is void: <c>offer_changed</c>, <c>grant_revoked</c> or <c>session_ended</c>; null if it is not.</param>
public sealed record Approval(
    string Id, string GrantId, string ClientId, string Person, string MandateId, string Reservation, ApprovalState State, Money Total, JsonElement Offer,
    string OfferHash, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? DecidedAt = null, string? DecidedBy = null, string? VoidedFor = null)
{
    /// <summary>Seconds after which asking again may tell something else.</summary>
    public const int PollSeconds = 5;

    /// <summary>Where the agent asks how it stands.</summary>
    [JsonIgnore]
    public string Location => "/v1/approvals/" + Id;
}
