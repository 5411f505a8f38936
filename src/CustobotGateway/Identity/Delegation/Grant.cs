using System.Security.Cryptography;
using System.Text;
using CustobotGateway.Common.Events;
using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.Identity.Delegation;

/// <summary>A delegation as the one who issued it sees it.</summary>
/// <param name="Id"><c>grt_…</c></param>
/// <param name="ClientId">The agent's client.</param>
/// <param name="Person">For whom it acts.</param>
/// <param name="AuthorizationDetails">The mandate, as the only element.</param>
/// <param name="CreatedAt">When it was issued.</param>
/// <param name="TimeZone">Where the days, weeks and months of its mandate begin (IANA).</param>
/// <param name="Token">The bearer token. Answered once, when the grant is issued; a repeated request with the same idempotency key gets null.</param>
public sealed record Grant(
    string Id, string ClientId, string Person, IReadOnlyList<PurchaseMandate> AuthorizationDetails, DateTimeOffset CreatedAt, string TimeZone, string? Token = null);

/// <summary>The secrets that stand for grants.</summary>
internal static class GrantTokens
{
    // Tells our tokens from others without asking the database, and lets secret scanners find one that leaked.
    private const string Prefix = "cgt_";
    private const int SecretBytes = 32;

    public static string New() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool HasForm(string token) => token.Length == Prefix.Length + (2 * SecretBytes) && token.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>256 random bits need no salt and no slow hash: there is nothing to guess.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));
}

/// <summary>A grant was issued.</summary>
public sealed record GrantIssued(string ClientId, string Person, PurchaseMandate Mandate) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.issued";
}

/// <summary>A grant was revoked; nothing can be bought with it any more.</summary>
/// <param name="Ends">What ended with it; null in events from before that was written down.</param>
public sealed record GrantRevoked(IReadOnlyList<GrantDependent>? Ends) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.revoked";
}
