using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Signatures of the form <c>t=1492774577,v1=5257a8…</c>: HMAC-SHA256 over the time, a dot and the body as it arrived (Stripe's webhooks).</summary>
internal static class TimestampedSignature
{
    /// <summary>How far the signature's time may lie from now.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private const int LongestHeader = 4_096;

    /// <summary>Whether one of the signatures is made with the secret, over that body, just now.</summary>
    public static bool Holds(string? header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        if (header is not { Length: > 0 and <= LongestHeader })
        {
            return false;
        }
        var parts = header.Split(',').Select(part => part.Trim().Split('=', 2)).Where(part => part.Length == 2).ToList();
        if (parts.Where(part => part[0] == "t").Select(part => part[1]).ToList() is not [var time]
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }
        var expected = Hash(time, body, secret);
        var holds = false;
        foreach (var part in parts.Where(part => part[0] == "v1"))
        {
            // Each is compared, whichever it is, so that the time taken tells nothing.
            holds |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(part[1]), expected);
        }
        return holds;
    }

    /// <summary>The header for a body.</summary>
    public static string Sign(ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time},v1={Encoding.ASCII.GetString(Hash(time, body, secret))}";
    }

    private static byte[] Hash(string time, ReadOnlySpan<byte> body, string secret) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.ASCII.GetBytes(time + "."), .. body])));
}
