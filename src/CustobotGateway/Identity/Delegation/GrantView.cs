using System.Text.Json;
using CustobotGateway.Common.Preferences;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Where a grant stands.</summary>
public enum GrantStatus
{
    /// <summary>The agent may do what it was granted.</summary>
    Active,

    /// <summary>The agent may read and neither bargain nor buy.</summary>
    Paused,

    /// <summary>It was ended; nothing comes from it any more.</summary>
    Revoked,

    /// <summary>Its time is over.</summary>
    Expired,
}

/// <summary>The agent's client.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is called; its id where nobody named it. The words of an unverified client are its own.</param>
/// <param name="Verified">Whether the merchant knows it; a client that registered itself is not verified.</param>
public sealed record GrantClient(string Id, string Name, bool Verified);

/// <summary>What a person delegated to an agent.</summary>
/// <param name="Id"><c>grt_…</c></param>
/// <param name="Client">The agent's client.</param>
/// <param name="Person">For whom it acts: the account's id, or the name that the administrator gave.</param>
/// <param name="Scopes">What its tokens may be used for.</param>
/// <param name="Resources">The resources that its tokens are for; empty for a grant that the administrator issued.</param>
/// <param name="AuthorizationDetails">The mandates, as they were granted (RFC 9396).</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CreatedAt">When it was given.</param>
/// <param name="ExpiresAt">When it ends by itself; null for when it is revoked.</param>
/// <param name="PausedAt">Since when it is paused; null if it is not.</param>
/// <param name="RevokedAt">When it was revoked; null if it was not.</param>
/// <param name="TimeZone">The IANA time zone in which its periods are counted.</param>
/// <param name="Preferences">What the person would rather have.</param>
public sealed record GrantView(
    string Id, GrantClient Client, string Person, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources, IReadOnlyList<JsonElement> AuthorizationDetails,
    GrantStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? PausedAt, DateTimeOffset? RevokedAt, string TimeZone,
    BuyingPreferences Preferences);
