namespace CustobotGateway.AttributeIndex;

/// <summary>What a sort key reads.</summary>
public enum SortSource
{
    /// <summary>A column; documents without a value come last in both directions.</summary>
    Column,

    /// <summary>The score: BM25 of the query's words plus the weights of the preferences that are met.</summary>
    Score,

    /// <summary>The document's id.</summary>
    Id,
}

/// <summary>One sort key. After the last one, documents come by ascending id.</summary>
public readonly record struct SortKey(SortSource Source, int Column, bool Descending);

/// <summary>A wish that adds to the score of the documents that meet it.</summary>
public readonly record struct Preference(Filter Filter, double Weight);

/// <summary>A half-open range of a facet over numbers: from (inclusive) to (exclusive).</summary>
public readonly record struct FacetRange(double From, double To);

/// <summary>Counts of a column's values over the matching documents.</summary>
public sealed class FacetRequest(int column)
{
    /// <summary>The column's ordinal.</summary>
    public int Column { get; } = column;

    /// <summary>How many values are answered; counting is always of all.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>The condition to count over instead of the plan's own, where the column's own constraints are left out; null for the plan's own.</summary>
    public Filter? Over { get; init; }

    /// <summary>Whether values are counted.</summary>
    public bool Values { get; init; } = true;

    /// <summary>Whether count, minimum and maximum of a Number column are computed.</summary>
    public bool Statistics { get; init; }

    /// <summary>Ranges to count in, for a Number column.</summary>
    public IReadOnlyList<FacetRange> Ranges { get; init; } = [];
}

/// <summary>The value of one sort key of the last document of a page.</summary>
/// <param name="IsMissing">The document has no value.</param>
/// <param name="Number">The value of a Number column, or the score.</param>
/// <param name="Term">The value of a Keyword or Text column.</param>
public readonly record struct SortValue(bool IsMissing, double Number, string? Term);

/// <summary>Where a page ended; the next one starts after it, whatever was added or removed meanwhile.</summary>
public sealed record PageEnd(IReadOnlyList<SortValue> Values, long Id);

/// <summary>One search.</summary>
public sealed class SearchPlan
{
    /// <summary>What a document must meet; null for all documents.</summary>
    public Filter? Filter { get; init; }

    /// <summary>The words that give the score; usually also a part of <see cref="Filter"/>.</summary>
    public TextMatch? Scoring { get; init; }

    /// <summary>Wishes that add to the score.</summary>
    public IReadOnlyList<Preference> Preferences { get; init; } = [];

    /// <summary>Sort keys; by id when empty.</summary>
    public IReadOnlyList<SortKey> Sort { get; init; } = [];

    /// <summary>How many hits are left out at the start.</summary>
    public int Offset { get; init; }

    /// <summary>How many hits are answered.</summary>
    public int Size { get; init; } = 24;

    /// <summary>Where the page before ended, or null.</summary>
    public PageEnd? After { get; init; }

    /// <summary>Facets and statistics.</summary>
    public IReadOnlyList<FacetRequest> Facets { get; init; } = [];
}

/// <summary>A place in a snapshot.</summary>
public readonly record struct DocumentRef(int Chunk, int Row);

/// <summary>One hit.</summary>
public readonly record struct Hit(DocumentRef Document, long Id, double Score);

/// <summary>The count of one value of a facet.</summary>
/// <param name="Term">The dictionary id of a term, for <see cref="IndexSnapshot.Term"/>; -1 for a number.</param>
/// <param name="Number">The value of a Number column.</param>
/// <param name="Count">How many matching documents have it.</param>
public readonly record struct FacetCount(int Term, double Number, int Count);

/// <summary>A facet's answer.</summary>
public sealed class FacetResult
{
    /// <summary>By count, descending, then by value, ascending; at most the limit.</summary>
    public List<FacetCount> Values { get; } = [];

    /// <summary>How many distinct values occur.</summary>
    public int Distinct { get; internal set; }

    /// <summary>The counts of the values beyond the limit, added up.</summary>
    public long Other { get; internal set; }

    /// <summary>How many matching documents have no value.</summary>
    public long Missing { get; internal set; }

    /// <summary>How many matching documents have a value.</summary>
    public long Count { get; internal set; }

    /// <summary>The lowest value, where <see cref="Count"/> is above zero.</summary>
    public double Minimum { get; internal set; }

    /// <summary>The highest value, where <see cref="Count"/> is above zero.</summary>
    public double Maximum { get; internal set; }

    /// <summary>A count for each range asked.</summary>
    public List<long> Ranges { get; } = [];

    internal void Clear()
    {
        Values.Clear();
        Ranges.Clear();
        Distinct = 0;
        Other = Missing = Count = 0;
        Minimum = Maximum = 0;
    }
}

/// <summary>The answer to one search; may be used again for the next.</summary>
public sealed class SearchResult
{
    private readonly List<FacetResult> _facets = [];

    /// <summary>How many documents match; exact.</summary>
    public long Total { get; internal set; }

    /// <summary>The page.</summary>
    public List<Hit> Hits { get; } = [];

    /// <summary>Where the page ended, for <see cref="SearchPlan.After"/>; null when nothing follows.</summary>
    public PageEnd? End { get; internal set; }

    /// <summary>One for each facet asked, in order.</summary>
    public IReadOnlyList<FacetResult> Facets => _facets;

    internal void Clear(int facets)
    {
        Total = 0;
        Hits.Clear();
        End = null;
        while (_facets.Count > facets)
        {
            _facets.RemoveAt(_facets.Count - 1);
        }
        foreach (var facet in _facets)
        {
            facet.Clear();
        }
        while (_facets.Count < facets)
        {
            _facets.Add(new FacetResult());
        }
    }
}
