using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace CustobotGateway.Webhooks;

/// <summary>The secrets that deliveries are signed with (Standard Webhooks): made here, told once, kept sealed.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private const string Prefix = "whsec_";
    private const int Bytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("CustobotGateway.Webhooks.Secret");

    /// <summary>A new one: as it is told, and as it is stored.</summary>
    public (string Told, byte[] Sealed) New()
    {
        var secret = RandomNumberGenerator.GetBytes(Bytes);
        return (Prefix + Convert.ToBase64String(secret), _protector.Protect(secret));
    }

    /// <summary>The bytes to sign with; null where the key that sealed them is gone.</summary>
    public byte[]? Open(byte[] stored)
    {
        try
        {
            return _protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The header <c>webhook-signature</c>: HMAC-SHA256 over id, timestamp and body, once for each secret.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        byte[] signed = [.. head, .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }
}
