using System.Threading.RateLimiting;

namespace CustobotGateway.Common.RateLimits;

/// <summary>
/// A window that this gateway counts for itself. The framework's own has no way to tell when the window ends, which the answer has to say, and no clock to set.
/// </summary>
internal sealed class NodeWindow(RateLimit limit, TimeProvider clock) : RateLimiter
{
    private readonly TimeSpan _length = TimeSpan.FromSeconds(limit.WindowSeconds);
    private readonly Lock _counting = new();
    private long _used;
    private DateTimeOffset _end;

    /// <summary>Not null once the window is over, so that the partition is dropped.</summary>
    public override TimeSpan? IdleDuration => clock.GetUtcNow() - _end is { Ticks: > 0 } idle ? idle : null;

    public override RateLimiterStatistics? GetStatistics() => null;

    /// <summary>Zero asks without counting.</summary>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_counting)
        {
            var now = clock.GetUtcNow();
            if (now >= _end)
            {
                (_used, _end) = (0, now + _length);
            }
            var acquired = _used < limit.Permits;
            _used += acquired ? permitCount : 0;
            return new WindowLease(acquired, limit.Permits - _used, WindowLease.SecondsUntil(_end - now));
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(AttemptAcquireCore(permitCount));
}
