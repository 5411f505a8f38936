using System.Text.Json;

namespace CustobotGateway.OAuth.Jose;

/// <summary>Seconds since 1970 (RFC 7519 §2), as they stand in claims.</summary>
internal static class NumericDate
{
    // 9999-01-01: a year before the last day that a DateTimeOffset holds, so that adding a skew cannot overflow.
    private const double Last = 253_370_764_800;

    /// <summary>The claim; null with true if it is absent, false if it is no date.</summary>
    public static bool TryRead(JsonElement claims, string name, out DateTimeOffset? date)
    {
        date = null;
        if (!claims.TryGetProperty(name, out var member))
        {
            return true;
        }
        if (member.ValueKind != JsonValueKind.Number || !member.TryGetDouble(out var seconds) || !(seconds >= 0 && seconds <= Last))
        {
            return false;
        }
        date = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }
}
