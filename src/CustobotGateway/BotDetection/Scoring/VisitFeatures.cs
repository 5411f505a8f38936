using System.Runtime.CompilerServices;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>
/// What a visit has shown so far: takes one request at a time and keeps some hundred bytes, however long the visit.
/// Not for several threads at once.
/// </summary>
public sealed class VisitFeatures
{
    /// <summary>Below this many requests a visit says nothing.</summary>
    public const int FewestRequests = 3;

    private const int Remembered = 8;
    private const long AtOnce = 1_000;
    private const long Quick = 3_000;
    private const long SteadyUntil = 16_000;
    private const long Slow = 20_000;
    private const long FormAtOnce = 500;

    // A form's answer leads on to a page by itself.
    private const long Redirect = 2_000;
    private const long LateBeacon = 2_000;

    private RecentPages _recent;
    private long _last;
    private long _lastPage = -1;
    private long _lastForm = -1;
    private ulong _lastPath;
    private ulong _lastStem;
    private long _lastNumber = -1;
    private long _longest;
    private double _mean;
    private double _squares;
    private int _gaps;
    private int _atOnce;
    private int _quick;
    private int _steady;
    private int _slow;
    private int _pages;
    private int _withoutReferer;
    private int _back;
    private int _same;
    private int _countsUp;
    private int _loaded;
    private int _beacons;
    private int _forms;
    private int _formsAtOnce;
    private bool _crawlerFiles;
    private bool _fromElsewhere;

    /// <summary>How many requests it has had.</summary>
    public int Requests { get; private set; }

    /// <summary>A visit of these requests, oldest first.</summary>
    public static VisitFeatures Of(IEnumerable<VisitRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var visit = new VisitFeatures();
        foreach (var request in requests)
        {
            visit.Add(request);
        }
        return visit;
    }

    /// <summary>Takes the visit's next request.</summary>
    public void Add(in VisitRequest request)
    {
        var path = request.Path.AsSpan();
        path = path.IndexOfAny('?', '#') is var end and >= 0 ? path[..end] : path;
        var now = Math.Max(_last, request.Milliseconds);
        _longest = Requests == 0 ? 0 : Math.Max(_longest, now - _last);
        _fromElsewhere |= Requests == 0 && request.Referer is { Length: > 0 };
        _last = now;
        if (Requests < int.MaxValue)
        {
            Requests++;
        }
        switch (VisitSteps.Of(request.Method, path))
        {
            case VisitStep.Page:
                AddPage(now, request.Path, path, request.Referer);
                break;
            case VisitStep.Form:
                _forms++;
                _formsAtOnce += _lastPage >= 0 && now - _lastPage < FormAtOnce ? 1 : 0;
                _lastForm = now;
                break;
            case VisitStep.Beacon:
                _beacons += _lastPage >= 0 && now - _lastPage > LateBeacon ? 1 : 0;
                break;
            case VisitStep.CrawlerFile:
                _crawlerFiles = true;
                break;
            default:
                _loaded++;
                break;
        }
    }

    private void AddPage(long now, ReadOnlySpan<char> whole, ReadOnlySpan<char> path, string? referer)
    {
        var (hash, stem, number) = (Hash(whole), Stem(path, out var tail), tail);
        if (_pages > 0)
        {
            _withoutReferer += string.IsNullOrEmpty(referer) ? 1 : 0;
            _same += hash == _lastPath ? 1 : 0;
            _back += hash != _lastPath && _recent.Contains(hash) ? 1 : 0;
            _countsUp += number >= 0 && stem == _lastStem && number == _lastNumber + 1 ? 1 : 0;
            if (_lastForm < _lastPage || now - _lastForm > Redirect)
            {
                AddGap(now - Math.Max(_lastPage, _lastForm));
            }
        }
        _recent[_pages % Remembered] = hash;
        _pages++;
        (_lastPage, _lastPath, _lastStem, _lastNumber) = (now, hash, stem, number);
    }

    private void AddGap(long gap)
    {
        _gaps++;
        _atOnce += gap < AtOnce ? 1 : 0;
        _quick += gap is >= AtOnce and < Quick ? 1 : 0;
        _steady += gap is >= Quick and < SteadyUntil ? 1 : 0;
        _slow += gap > Slow ? 1 : 0;
        // Welford: the variance of the logarithms in one pass.
        var value = Math.Log(Math.Max(gap, 50));
        var off = value - _mean;
        _mean += off / _gaps;
        _squares += off * (value - _mean);
    }

    /// <summary>The features, each 0 to 1. Shares are drawn towards nothing where there is little to take a share of.</summary>
    internal void Write(Span<double> values)
    {
        values.Clear();
        var later = _pages - 1;
        values[(int)VisitFeature.NoAssets] = _pages > 1 ? Share(_pages, _pages) * (1 - Math.Min(1, _loaded / (double)_pages)) : 0;
        values[(int)VisitFeature.NoReferers] = Share(_withoutReferer, later);
        values[(int)VisitFeature.StepsAtOnce] = Share(_atOnce, _gaps);
        values[(int)VisitFeature.StepsQuick] = Share(_quick, _gaps);
        values[(int)VisitFeature.StepsSteady] = Share(_steady, _gaps);
        values[(int)VisitFeature.StepsSlow] = Share(_slow, _gaps);
        var trust = _gaps < 2 ? 0 : (_gaps - 1) / (double)(_gaps + 1);
        var spread = _gaps < 2 ? 0 : Math.Sqrt(_squares / (_gaps - 1));
        values[(int)VisitFeature.Regular] = trust * Math.Clamp(1 - spread, 0, 1);
        values[(int)VisitFeature.Irregular] = trust * Math.Clamp(spread - 0.6, 0, 1);
        values[(int)VisitFeature.LongBreak] = Math.Clamp(Math.Log(Math.Max(_longest, Slow) / (double)Slow) / 3, 0, 1);
        values[(int)VisitFeature.GoesBack] = Share(_back, later);
        values[(int)VisitFeature.SamePage] = Share(_same, later);
        values[(int)VisitFeature.CountsUp] = Share(_countsUp, later);
        values[(int)VisitFeature.CrawlerFiles] = _crawlerFiles ? 1 : 0;
        values[(int)VisitFeature.LateBeacons] = Share(Math.Min(_beacons, _pages), _pages);
        values[(int)VisitFeature.CameFromElsewhere] = _fromElsewhere ? 1 : 0;
        values[(int)VisitFeature.FormsAtOnce] = Share(_formsAtOnce, _forms);
    }

    private static double Share(int count, int of) => of <= 0 ? 0 : count / (of + 1.0);

    // FNV-1a: the pages of one visit are few, and nothing is decided by one match.
    private static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text.Length > HeaderIndex.MostCharacters ? text[..HeaderIndex.MostCharacters] : text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }
        return hash;
    }

    /// <summary>What stands before the number at the end of a path, and the number, or -1.</summary>
    private static ulong Stem(ReadOnlySpan<char> path, out long number)
    {
        var start = path.Length;
        while (start > 0 && path.Length - start < 15 && char.IsAsciiDigit(path[start - 1]))
        {
            start--;
        }
        number = start == path.Length ? -1 : long.Parse(path[start..], System.Globalization.CultureInfo.InvariantCulture);
        return Hash(path[..start]);
    }

    [InlineArray(Remembered)]
    private struct RecentPages
    {
        private ulong _first;

        public readonly bool Contains(ulong hash)
        {
            foreach (var page in this)
            {
                if (page == hash)
                {
                    return true;
                }
            }
            return false;
        }
    }
}
