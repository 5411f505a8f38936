using System.Runtime.InteropServices;
using System.Text.Json;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Catalog.Values;

namespace CustobotGateway.Catalog.Import;

/// <summary>Counts what became of rows. Each parser has one of its own and the import adds them up, in the order of the feed; its size does not grow with the feed.</summary>
internal sealed class ImportTally(AttributeRegistry registry, int maxListed)
{
    private const int MaxCategories = 2_000;
    private const int MaxLeftOut = 1_000;

    private static readonly byte[] Others = "\"…\""u8.ToArray();

    private readonly Dictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private readonly List<Refusal> _refusals = [];
    private readonly List<Refusal> _faults = [];
    private readonly Dictionary<(string Member, string Code), (long Count, string? Detail)> _leftOut = [];
    private readonly Dictionary<byte[], Coverage> _coverage = new(Utf8Keys.Comparer);

    /// <summary>Rows accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>Rows refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Whether a row says what lies where.</summary>
    public bool HasStock { get; set; }

    /// <summary>A row is taken.</summary>
    /// <param name="content">Its content, written.</param>
    /// <param name="category">Its category as JSON; empty for none.</param>
    public void Accept(ProductContent content, ReadOnlySpan<byte> category)
    {
        Accepted++;
        var coverage = CoverageOf(category);
        coverage.Products++;
        foreach (var ordinal in CollectionsMarshal.AsSpan(content.FilledList))
        {
            coverage.Filled[ordinal]++;
        }
    }

    /// <summary>A row is refused.</summary>
    public void Refuse(string? file, long line, string? attribute, string code, string detail)
    {
        Refused++;
        CollectionsMarshal.GetValueRefOrAddDefault(_reasons, code, out _)++;
        if (_refusals.Count < maxListed)
        {
            _refusals.Add(new Refusal(line, code, detail, attribute, file));
        }
    }

    /// <summary>A row that had been accepted is refused after all.</summary>
    public void Withdraw(string? file, long line, string code, string detail, JsonElement attributes)
    {
        Accepted--;
        Refuse(file, line, null, code, detail);
        var category = attributes.TryGetProperty("category", out var value) ? JsonMarshal.GetRawUtf8Value(value) : default;
        var coverage = CoverageOf(category);
        coverage.Products--;
        foreach (var member in attributes.EnumerateObject())
        {
            if (registry.Find(member.Name) is { } attribute)
            {
                coverage.Filled[attribute.Ordinal]--;
            }
        }
    }

    /// <summary>A member of an accepted row is left out.</summary>
    public void LeaveOut(string member, string code, string? detail = null)
    {
        var key = (member, code);
        if (_leftOut.Count >= MaxLeftOut && !_leftOut.ContainsKey(key))
        {
            key = ("…", code);
        }
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_leftOut, key, out var known);
        entry = (entry.Count + 1, known ? entry.Detail : detail);
    }

    /// <summary>A value of an accepted row could not be read.</summary>
    public void Fault(string? file, long line, string attribute, string code, string detail)
    {
        LeaveOut(attribute, code);
        if (_faults.Count < maxListed)
        {
            _faults.Add(new Refusal(line, code, detail, attribute, file));
        }
    }

    /// <summary>Adds what another one counted after this one, and empties it.</summary>
    public void Take(ImportTally other)
    {
        (Accepted, Refused) = (Accepted + other.Accepted, Refused + other.Refused);
        HasStock |= other.HasStock;
        foreach (var (code, count) in other._reasons)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_reasons, code, out _) += count;
        }
        _refusals.AddRange(other._refusals.Take(maxListed - _refusals.Count));
        _faults.AddRange(other._faults.Take(maxListed - _faults.Count));
        foreach (var (key, value) in other._leftOut)
        {
            var target = _leftOut.Count >= MaxLeftOut && !_leftOut.ContainsKey(key) ? ("…", key.Code) : key;
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_leftOut, target, out var known);
            entry = (entry.Count + value.Count, known ? entry.Detail : value.Detail);
        }
        foreach (var (category, coverage) in other._coverage)
        {
            CoverageOf(category).Add(coverage);
        }
        other.Clear();
    }

    /// <summary>Puts the counts into a report.</summary>
    public ImportReport Report(ImportReport report) => report with
    {
        Rows = Accepted + Refused,
        Accepted = Accepted,
        Refused = Refused,
        RefusedByReason = [.. _reasons.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new ReasonCount(pair.Key, pair.Value))],
        Refusals = [.. _refusals],
        LeftOut = [.. _leftOut.OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key.Member, StringComparer.Ordinal)
            .Select(pair => new LeftOut(pair.Key.Member, pair.Key.Code, pair.Value.Count, pair.Value.Detail ?? Nearest(pair.Key.Member, pair.Key.Code)))],
        Faults = [.. _faults],
    };

    /// <summary>The coverage of each category, by its name.</summary>
    public IReadOnlyList<CategoryCoverage> Coverages() =>
    [
        .. _coverage.Where(pair => pair.Value.Products > 0)
            .Select(pair => new CategoryCoverage(pair.Value.Products,
            [
                .. pair.Value.Filled.Select((filled, ordinal) => (filled, ordinal)).Where(one => one.filled > 0)
                    .OrderByDescending(one => one.filled).ThenBy(one => one.ordinal)
                    .Select(one => new AttributeCoverage(registry.Attributes[one.ordinal].Key, one.filled)),
            ], pair.Key.Length == 0 ? null : JsonElement.Parse(pair.Key).GetString()))
            .OrderBy(coverage => coverage.Category, StringComparer.Ordinal),
    ];

    private string? Nearest(string member, string code) =>
        code == "unknown_attribute" && member.Length <= 64 && registry.Nearest(member) is { Count: > 0 } nearest ? "The nearest are " + string.Join(", ", nearest) + "." : null;

    private Coverage CoverageOf(ReadOnlySpan<byte> category)
    {
        var known = _coverage.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(category, out var coverage))
        {
            if (_coverage.Count >= MaxCategories && !category.IsEmpty && !category.SequenceEqual(Others))
            {
                // A feed with a category of its own for each row: the rest is counted together.
                return CoverageOf(Others);
            }
            known[category] = coverage = new Coverage(registry.Attributes.Count);
        }
        return coverage;
    }

    private void Clear()
    {
        (Accepted, Refused, HasStock) = (0, 0, false);
        _reasons.Clear();
        _refusals.Clear();
        _faults.Clear();
        _leftOut.Clear();
        foreach (var coverage in _coverage.Values)
        {
            coverage.Clear();
        }
    }

    private sealed class Coverage(int attributes)
    {
        public readonly long[] Filled = new long[attributes];
        public long Products;

        public void Add(Coverage other)
        {
            Products += other.Products;
            for (var i = 0; i < Filled.Length; i++)
            {
                Filled[i] += other.Filled[i];
            }
        }

        public void Clear()
        {
            Products = 0;
            Filled.AsSpan().Clear();
        }
    }
}
