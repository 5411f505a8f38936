using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Tokens;
using Microsoft.AspNetCore.DataProtection;

namespace CustobotGateway.Identity.People.Passkeys;

/// <summary>What a ceremony is for. One's state is none of the other.</summary>
internal enum PasskeyPurpose
{
    /// <summary>To add a passkey to an account.</summary>
    Add,

    /// <summary>To sign in.</summary>
    SignIn,
}

/// <summary>
/// Keeps what was asked until the browser answers: sealed in the page, so that strangers fill no table, bound to who was asked, good for five minutes and once.
/// That it was used is written down durably before it is looked at, whatever comes of it.
/// </summary>
internal sealed class PasskeyStates(IDataProtectionProvider protection, ReplayBatches replays, TimeProvider clock)
{
    /// <summary>Characters that a state may have.</summary>
    private const int Longest = 16_384;

    private readonly IDataProtector _protector = protection.CreateProtector("CustobotGateway.Identity.Passkeys");

    private sealed record Kept(string Id, PasskeyPurpose Purpose, string BoundTo, DateTimeOffset Ends, string State);

    /// <summary>Seals it for the page.</summary>
    public string Seal(PasskeyPurpose purpose, string boundTo, string? state) => _protector.Protect(JsonSerializer.Serialize(
        new Kept(SecretToken.Create(), purpose, boundTo, clock.GetUtcNow() + PasskeyCeremonies.Lifetime, state ?? "")));

    /// <summary>Opens it, for the first of any number that try; null if it is another's, was used, or has expired.</summary>
    public async Task<string?> TakeAsync(PasskeyPurpose purpose, string boundTo, string? secret, CancellationToken cancellationToken) =>
        Open(secret) is { } kept && kept.Purpose == purpose && kept.BoundTo == boundTo && kept.Ends > clock.GetUtcNow()
        && await replays.TryUseAsync(new OneTimeUse("passkey", SecretHash.Of(kept.Id), kept.Ends), cancellationToken)
            ? kept.State
            : null;

    private Kept? Open(string? secret)
    {
        if (secret is null or { Length: > Longest })
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<Kept>(_protector.Unprotect(secret));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
