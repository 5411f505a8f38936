using System.Threading.RateLimiting;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>The windows of callers in lanes that have rates, counted by this gateway for itself. A rate that is changed begins new windows.</summary>
internal sealed class LaneRates(TimeProvider clock) : IDisposable
{
    private readonly PartitionedRateLimiter<Window> _windows = PartitionedRateLimiter.Create<Window, Window>(
        window => RateLimitPartition.Get<Window>(window, key => new NodeWindow(key.Rate, clock)));

    /// <summary>Counts a request.</summary>
    public WindowLease Count(HttpContext context, CallerDecision caller, string lane, RateGroup group, RateLimit rate)
    {
        // A proof of who operates the agent, else the token's client, else where it calls from.
        var (kind, id) = caller.Operator is { } name ? ('o', name)
            : context.GetAgent().ClientId is { } client ? ('c', client)
            : ('a', RateWindows.AddressOf(context.Connection.RemoteIpAddress));
        return (WindowLease)_windows.AttemptAcquire(new Window(lane, group, rate, kind, id));
    }

    public void Dispose() => _windows.Dispose();

    private readonly record struct Window(string Lane, RateGroup Group, RateLimit Rate, char Kind, string Id);
}
