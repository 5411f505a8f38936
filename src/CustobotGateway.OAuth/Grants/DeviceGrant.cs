using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Grants;

/// <summary>How a device's request stands.</summary>
public enum DeviceState
{
    /// <summary>Nobody has decided.</summary>
    Pending,

    /// <summary>The person agreed.</summary>
    Approved,

    /// <summary>The person said no.</summary>
    Denied,

    /// <summary>The device has its tokens.</summary>
    Consumed,
}

/// <summary>A device's request as it is stored (RFC 8628 §3.2).</summary>
public sealed record DeviceGrant
{
    /// <summary>How long it lives, at most.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long the device waits between two questions, at first; the same is added for each question too soon (RFC 8628 §3.5).</summary>
    public static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(5);

    /// <summary>The hash of the device code.</summary>
    public required SecretHash Hash { get; init; }

    /// <summary>The code that the person types, as it is shown.</summary>
    public required string UserCode { get; init; }

    /// <summary>The client that asked.</summary>
    public required string ClientId { get; init; }

    /// <summary>How it stands.</summary>
    public DeviceState State { get; init; }

    /// <summary>What the person granted; null before.</summary>
    public Grant? Grant { get; init; }

    /// <summary>The key that the first request proved; null if it proved none.</summary>
    public string? DpopThumbprint { get; init; }

    /// <summary>From then on it is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How long the device waits between two questions.</summary>
    public TimeSpan Interval { get; init; } = FirstInterval;

    /// <summary>When it asked last; null if it did not.</summary>
    public DateTimeOffset? PolledAt { get; init; }

    /// <summary>
    /// What the device hears. When it is refused, <paramref name="polled"/> is the row to store; when it is not, the row is consumed by the conditional
    /// statement of <see cref="Storage.IDeviceGrants"/>.
    /// </summary>
    public Redemption Redeem(DeviceTokenRequest request, Client client, string? thumbprint, DateTimeOffset now, out DeviceGrant polled)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        polled = this;
        if (ClientId != client.ClientId)
        {
            return Redemption.Refused("The device code is unknown.");
        }
        if (State == DeviceState.Consumed)
        {
            return Redemption.Refused("The device code was used before.", revokesGrant: true);
        }
        if (now >= ExpiresAt)
        {
            return Redemption.Refused(new OAuthError(ErrorCodes.ExpiredToken, "The device code has expired."));
        }
        if (State == DeviceState.Denied)
        {
            return Redemption.Refused(new OAuthError(ErrorCodes.AccessDenied, "The person said no."));
        }
        var isTooSoon = PolledAt is { } last && now < last + Interval;
        polled = this with { PolledAt = now, Interval = isTooSoon ? Interval + FirstInterval : Interval };
        if (isTooSoon)
        {
            return Redemption.Refused(new OAuthError(ErrorCodes.SlowDown, "Asked too soon; the interval is now five seconds longer."));
        }
        if (State == DeviceState.Pending || Grant is null)
        {
            return Redemption.Refused(new OAuthError(ErrorCodes.AuthorizationPending, "The person has not decided yet."));
        }
        return DpopThumbprint is not null && DpopThumbprint != thumbprint
            ? Redemption.Refused("The device code is bound to another key.")
            : Redemption.Of(TokenRights.Narrow(Grant.Scopes, Grant.Resources, Grant.Details, request));
    }
}
