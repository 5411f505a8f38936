using System.Numerics;
using System.Text.Json.Nodes;

namespace CustobotGateway.Tests.Search;

/// <summary>
/// What a <see cref="PlainScan"/> says of many products and many searches, each thing asked once: of products with the same value, and of
/// a condition that stands in several searches. The rule of each condition stays the scan's.
/// </summary>
internal sealed class PlainSets
{
    private const int MaxKept = 2_000;

    private readonly PlainScan _scan;
    private readonly Dictionary<string, List<List<int>>> _sameValue = [];
    private readonly Dictionary<string, ulong[]> _kept = [];
    private readonly Dictionary<string, ulong[]> _known = [];
    private readonly ulong[] _all;
    private List<HashSet<string>>? _words;

    public PlainSets(PlainScan scan)
    {
        _scan = scan;
        _all = Where(static _ => true);
        var groups = new Dictionary<(string Key, string Value), List<int>>();
        for (var place = 0; place < scan.Products.Count; place++)
        {
            foreach (var (key, value) in scan.Products[place].Attributes.All)
            {
                var text = value.GetRawText();
                if (!groups.TryGetValue((key, text), out var same))
                {
                    groups[(key, text)] = same = [];
                    if (!_sameValue.TryGetValue(key, out var values))
                    {
                        _sameValue[key] = values = [];
                    }
                    values.Add(same);
                }
                same.Add(place);
            }
        }
    }

    /// <summary>The places of the products that match.</summary>
    public IEnumerable<int> Find(JsonNode request)
    {
        var set = Of(request);
        for (var word = 0; word < set.Length; word++)
        {
            for (var bits = set[word]; bits != 0; bits &= bits - 1)
            {
                yield return (word * 64) + BitOperations.TrailingZeroCount(bits);
            }
        }
    }

    public int Count(JsonNode request) => Of(request).Sum(BitOperations.PopCount);

    private ulong[] Of(JsonNode request)
    {
        var set = request["query"] is null ? _all : Kept($"{request["query"]} {request["query_mode"]}", () => OfQuery(request));
        foreach (var constraint in PlainScan.List(request, "must"))
        {
            set = Join(set, OfConstraint(constraint), static (left, right) => left & right);
        }
        foreach (var constraint in PlainScan.List(request, "must_not"))
        {
            set = Join(set, OfConstraint(constraint), static (left, right) => left & ~right);
        }
        return set;
    }

    private ulong[] OfConstraint(JsonNode constraint) => Kept(constraint.ToJsonString(), () =>
        constraint["any"] is JsonArray any ? Any(any)
        : constraint["all"] is JsonArray all ? all.Aggregate(_all, (set, part) => Join(set, OfConstraint(part!), static (left, right) => left & right))
        : constraint["not"] is { } not ? Join(_all, not is JsonArray several ? Any(several) : OfConstraint(not), static (left, right) => left & ~right)
        : OfLeaf(constraint));

    private ulong[] Any(JsonArray parts) => parts.Aggregate(None(), (set, part) => Join(set, OfConstraint(part!), static (left, right) => left | right));

    private ulong[] OfLeaf(JsonNode constraint)
    {
        if (!_sameValue.TryGetValue((string)constraint["attribute"]!, out var values))
        {
            return Where(place => _scan.Holds(_scan.Products[place], constraint));
        }
        // Of those without a value one speaks for all.
        if (!_known.TryGetValue((string)constraint["attribute"]!, out var known))
        {
            _known[(string)constraint["attribute"]!] = known = None();
            values.ForEach(same => same.ForEach(place => Set(known, place)));
        }
        var unknown = Enumerable.Range(0, _scan.Products.Count).FirstOrDefault(place => !IsSet(known, place), -1);
        var set = unknown >= 0 && _scan.Holds(_scan.Products[unknown], constraint) ? Join(_all, known, static (left, right) => left & ~right) : None();
        foreach (var same in values.Where(same => _scan.Holds(_scan.Products[same[0]], constraint)))
        {
            same.ForEach(place => Set(set, place));
        }
        return set;
    }

    private ulong[] OfQuery(JsonNode request)
    {
        _words ??= [.. _scan.Products.Select(PlainScan.WordsOf)];
        var wanted = PlainScan.WordsOf((string)request["query"]!).ToList();
        return Where(place => (string?)request["query_mode"] == "any" ? wanted.Exists(_words[place].Contains) : wanted.TrueForAll(_words[place].Contains));
    }

    private ulong[] Kept(string text, Func<ulong[]> make)
    {
        if (!_kept.TryGetValue(text, out var set))
        {
            set = make();
            if (_kept.Count >= MaxKept)
            {
                _kept.Clear();
            }
            _kept[text] = set;
        }
        return set;
    }

    private ulong[] Where(Func<int, bool> holds)
    {
        var set = None();
        for (var place = 0; place < _scan.Products.Count; place++)
        {
            if (holds(place))
            {
                Set(set, place);
            }
        }
        return set;
    }

    private ulong[] None() => new ulong[(_scan.Products.Count + 63) / 64];

    private static ulong[] Join(ulong[] left, ulong[] right, Func<ulong, ulong, ulong> join) => [.. left.Zip(right, join)];

    private static void Set(ulong[] set, int place) => set[place / 64] |= 1UL << (place % 64);

    private static bool IsSet(ulong[] set, int place) => (set[place / 64] & (1UL << (place % 64))) != 0;
}
