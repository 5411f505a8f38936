using System.Threading.RateLimiting;

namespace CustobotGateway.Common.RateLimits;

/// <summary>What one limit said to one request.</summary>
/// <param name="acquired">Whether the request is within it.</param>
/// <param name="remaining">How many more are, in this window.</param>
/// <param name="resetSeconds">When the window ends.</param>
internal sealed class WindowLease(bool acquired, long remaining, int resetSeconds) : RateLimitLease
{
    public override bool IsAcquired => acquired;

    /// <summary>How many more requests are let through in this window.</summary>
    public long Remaining => remaining;

    /// <summary>Seconds until the window ends, at least one.</summary>
    public int ResetSeconds => resetSeconds;

    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? TimeSpan.FromSeconds(resetSeconds) : null;
        return metadata is not null;
    }

    internal static int SecondsUntil(TimeSpan end) => Math.Max(1, (int)Math.Ceiling(end.TotalSeconds));
}
