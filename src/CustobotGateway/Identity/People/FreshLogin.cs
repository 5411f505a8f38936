using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace CustobotGateway.Identity.People;

/// <summary>
/// Remembers, in the address that the login leads back to, when an authorization request demanded a new login, so that the login that follows satisfies it and
/// an older one does not. Sealed and bound to the request: no client can claim that its demand was met.
/// </summary>
internal sealed class FreshLogin(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>The parameter that holds it.</summary>
    public const string Parameter = "login_since";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _protector = protection.CreateProtector("CustobotGateway.Identity.FreshLogin");

    /// <summary>The request's query with the demand in it.</summary>
    public string Demand(string query) =>
        $"{query}&{Parameter}={_protector.Protect($"{clock.GetUtcNow().UtcTicks}.{DigestOf(query)}")}";

    /// <summary>True if the query carries a demand for this request, and the login is younger than it.</summary>
    public bool IsMet(string query, DateTimeOffset authenticatedAt)
    {
        var at = query.LastIndexOf($"&{Parameter}=", StringComparison.Ordinal);
        if (at < 0)
        {
            return false;
        }
        try
        {
            var parts = _protector.Unprotect(query[(at + Parameter.Length + 2)..]).Split('.');
            var demanded = new DateTimeOffset(long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
            return parts[1] == DigestOf(query[..at]) && authenticatedAt >= demanded && clock.GetUtcNow() - demanded < Lifetime;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string DigestOf(string query) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)));
}
