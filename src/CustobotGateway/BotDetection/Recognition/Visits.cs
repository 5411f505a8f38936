using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotDetection.Recognition;

/// <summary>
/// The visits that are under way, in memory of bounded size: a table in which a visit has four places, of which a new one takes the one that was idle longest. Each gateway
/// has its own; a visit that loses its place begins anew, which makes nobody more suspicious.
/// </summary>
internal sealed class Visits(CallerOptions options, TimeProvider clock)
{
    private const int Places = 4;
    private const int Locks = 256;

    private readonly Visit?[] _visits = new Visit?[options.Visits];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    private readonly long _idle = options.VisitIdleSeconds * 1_000L;
    private readonly long _start = clock.GetTimestamp();

    /// <summary>Adds a request to the caller's visit and judges it with what the visit has shown.</summary>
    /// <param name="key">The caller, as a well-mixed hash.</param>
    /// <param name="request">The request.</param>
    /// <param name="referer">Its Referer, or null.</param>
    /// <param name="signature">What became of its signatures.</param>
    /// <param name="isFirst">Whether the visit begins with it.</param>
    public CallerScore Score(ulong key, in CallerRequest request, string? referer, SignatureEvidence signature, out bool isFirst)
    {
        var now = (long)clock.GetElapsedTime(_start).TotalMilliseconds;
        var set = (int)(key % (ulong)(_visits.Length / Places)) * Places;
        lock (_locks[set / Places % Locks])
        {
            var place = set;
            for (var i = set; i < set + Places; i++)
            {
                if (_visits[i] is { } known && known.Key == key)
                {
                    place = i;
                    break;
                }
                place = LastOf(i) < LastOf(place) ? i : place;
            }
            var visit = _visits[place];
            isFirst = visit is null || visit.Key != key || now - visit.Last > _idle;
            if (isFirst)
            {
                _visits[place] = visit = new Visit(key, now);
            }
            visit!.Last = now;
            visit.Features.Add(new VisitRequest(now - visit.Begun, request.Method, request.Path, 0, referer));
            return CallerScorer.Score(request, visit.Features, signature);
        }
    }

    private long LastOf(int place) => _visits[place]?.Last ?? long.MinValue;

    private sealed class Visit(ulong key, long begun)
    {
        public ulong Key { get; } = key;

        public long Begun { get; } = begun;

        public long Last { get; set; } = begun;

        public VisitFeatures Features { get; } = new();
    }
}
