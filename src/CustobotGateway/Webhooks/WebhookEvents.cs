using CustobotGateway.Common.Events;

namespace CustobotGateway.Webhooks;

/// <summary>An endpoint was made or changed.</summary>
/// <param name="ClientId">Whose it is; null for the merchant's.</param>
/// <param name="GrantId">The one grant that it is told of, or null.</param>
/// <param name="Url">Where to.</param>
/// <param name="Events">Of what.</param>
/// <param name="Disabled">Whether its owner disabled it.</param>
public sealed record WebhookEndpointSaved(string? ClientId, string? GrantId, string Url, IReadOnlyList<string> Events, bool Disabled) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "webhook.endpoint_saved";
}

/// <summary>An endpoint was deleted, with its log.</summary>
/// <param name="ClientId">Whose it was; null for the merchant's.</param>
/// <param name="GrantId">The one grant that it was told of, or null.</param>
public sealed record WebhookEndpointDeleted(string? ClientId, string? GrantId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "webhook.endpoint_deleted";
}

/// <summary>An endpoint has a new secret.</summary>
/// <param name="ClientId">Whose it is; null for the merchant's.</param>
/// <param name="GrantId">The one grant that it is told of, or null.</param>
/// <param name="OldSecretUntil">Until when the old one signs, too.</param>
public sealed record WebhookSecretRotated(string? ClientId, string? GrantId, DateTimeOffset OldSecretUntil) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "webhook.secret_rotated";
}

/// <summary>An endpoint was disabled by the gateway: it said that it is gone, or nothing arrived for days, or the grant ended. What waited for it is among its dead letters.</summary>
/// <param name="ClientId">Whose it is; null for the merchant's.</param>
/// <param name="GrantId">The one grant that it was told of, or null.</param>
/// <param name="Url">Where to.</param>
/// <param name="Reason">Why.</param>
/// <param name="FailingSince">Since when nothing arrived, or null.</param>
public sealed record WebhookEndpointDisabled(string? ClientId, string? GrantId, string Url, DisabledReason Reason, DateTimeOffset? FailingSince) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "webhook.endpoint_disabled";
}
