using System.Globalization;
using CustobotGateway.AttributeIndex;

namespace CustobotGateway.Search;

/// <summary>
/// Why nothing matches: the constraints that exclude everything, and the smallest changes that give at least 5 hits. Every number told is
/// counted by the index on the changed search, never estimated.
/// </summary>
internal sealed class ExplainEmpty
{
    /// <summary>How many hits a change must give.</summary>
    public const int Target = 5;

    private const int MaxTold = 50;
    private const int MaxCombinations = 5;
    private const int LargestCombination = 4;

    private readonly BoundSearch _search;
    private readonly SearchCounter _counter;
    private readonly List<Part> _parts = [];

    private ExplainEmpty(BoundSearch search, CancellationToken cancellationToken)
    {
        (_search, _counter) = (search, new SearchCounter(search.Catalog.Snapshot, cancellationToken));
        if (search.Words is { } words)
        {
            _parts.Add(new Part("/query", null, words, null));
        }
        Add(search.Request.Must, search.Must, "/must");
        Add(search.Request.MustNot, search.MustNot, "/must_not");
    }

    public static SearchExplanation Explain(BoundSearch search, CancellationToken cancellationToken)
    {
        var explain = new ExplainEmpty(search, cancellationToken);
        if (search.Catalog.Snapshot.Count == 0 || explain._parts.Count == 0)
        {
            return new SearchExplanation { IsOfEmptyAnswer = true };
        }
        return new SearchExplanation { IsOfEmptyAnswer = true, ExcludedBy = explain.FindExclusions(), Relaxations = explain.FindRelaxations() };
    }

    private void Add(IReadOnlyList<Constraint> constraints, Filter[] filters, string list)
    {
        for (var i = 0; i < filters.Length; i++)
        {
            var negated = list == "/must_not";
            _parts.Add(new Part(string.Create(CultureInfo.InvariantCulture, $"{list}/{i}"), constraints[i].Attribute,
                negated ? new Not(filters[i]) : filters[i], negated ? null : constraints[i]));
        }
    }

    private List<Exclusion> FindExclusions()
    {
        var exclusions = new List<Exclusion>();
        for (var i = 0; i < _parts.Count && _counter.HasWorkLeft; i++)
        {
            var alone = _counter.Count(_parts[i].Filter);
            var without = _counter.Count(Without(i));
            if (alone == 0 || without > 0)
            {
                exclusions.Add(new Exclusion { Pointer = _parts[i].Pointer, Attribute = _parts[i].Attribute, MatchesAlone = alone, TotalWithout = without });
            }
        }
        if (exclusions.Count == 0)
        {
            foreach (var (pointers, count) in FindCombinations(1))
            {
                exclusions.Add(new Exclusion { Pointers = pointers, TotalWithout = count });
            }
        }
        return exclusions;
    }

    private List<Relaxation> FindRelaxations()
    {
        var relaxations = new List<Relaxation>();
        for (var i = 0; i < _parts.Count && _counter.HasWorkLeft; i++)
        {
            var part = _parts[i];
            if (part.Constraint is { } constraint)
            {
                var others = Others(i);
                Visit(constraint, part.Pointer, changed => new AllOf([.. others, changed]), relaxations);
            }
            else if (part.Filter is TextMatch { AnyWord: false } words && _counter.Count(new AllOf([.. Others(i), new TextMatch(words.Text, true)])) is >= Target and var count)
            {
                relaxations.Add(new Relaxation { Kind = "any_word", Pointer = "/query", Change = "query_mode any: one of the words is enough", Size = 0.6, Count = count });
            }
            if (_counter.Count(Without(i)) is >= Target and var dropped)
            {
                relaxations.Add(new Relaxation { Kind = "drop", Pointer = part.Pointer, Change = "leave it out", Size = 1, Count = dropped });
            }
        }
        if (relaxations.Count == 0)
        {
            foreach (var (pointers, count) in FindCombinations(Target))
            {
                relaxations.Add(new Relaxation { Kind = "drop", Pointers = pointers, Change = $"leave these {pointers.Count} out", Size = pointers.Count, Count = count });
            }
        }
        relaxations.Sort(static (a, b) => a.Size != b.Size ? a.Size.CompareTo(b.Size) : a.Count != b.Count ? b.Count.CompareTo(a.Count) : string.CompareOrdinal(a.Pointer, b.Pointer));
        return relaxations.Count > MaxTold ? relaxations[..MaxTold] : relaxations;
    }

    /// <summary>Tries each condition of the tree that is not negated; <paramref name="whole"/> puts something in its place in the whole search.</summary>
    private void Visit(Constraint constraint, string pointer, Func<Filter, Filter> whole, List<Relaxation> relaxations)
    {
        if (constraint.Parts is not { } parts)
        {
            new RelaxCondition(_search, _counter, constraint, pointer, whole, relaxations).Run();
            return;
        }
        if (constraint.Not is not null)
        {
            return;
        }
        var filters = new Filter[parts.Count];
        for (var i = 0; i < filters.Length; i++)
        {
            filters[i] = SearchBinder.BindOne(_search, parts[i]);
        }
        for (var i = 0; i < filters.Length && _counter.HasWorkLeft; i++)
        {
            var place = i;
            var any = constraint.Any is not null;
            Visit(parts[i], string.Create(CultureInfo.InvariantCulture, $"{pointer}/{(any ? "any" : "all")}/{i}"), changed =>
            {
                Filter[] replaced = [.. filters];
                replaced[place] = changed;
                return whole(any ? new AnyOf(replaced) : new AllOf(replaced));
            }, relaxations);
        }
    }

    /// <summary>The smallest sets of two or more constraints without which at least so many products match; all of the smallest size, up to a limit.</summary>
    private List<(IReadOnlyList<string> Pointers, long Count)> FindCombinations(int target)
    {
        var found = new List<(IReadOnlyList<string> Pointers, long Count)>();
        for (var size = 2; size <= Math.Min(LargestCombination, _parts.Count) && found.Count == 0; size++)
        {
            Combine(0, size, []);
        }
        found.Sort(static (a, b) => b.Count.CompareTo(a.Count));
        return found.Count > MaxCombinations ? found[..MaxCombinations] : found;

        void Combine(int from, int missing, List<int> dropped)
        {
            if (missing == 0)
            {
                if (_counter.Count(new AllOf([.. _parts.Where((_, i) => !dropped.Contains(i)).Select(part => part.Filter)])) is var count && count >= target)
                {
                    found.Add(([.. dropped.Select(i => _parts[i].Pointer)], count));
                }
                return;
            }
            for (var i = from; i <= _parts.Count - missing && _counter.HasWorkLeft; i++)
            {
                dropped.Add(i);
                Combine(i + 1, missing - 1, dropped);
                dropped.RemoveAt(dropped.Count - 1);
            }
        }
    }

    private AllOf Without(int index) => new([.. Others(index)]);

    private IEnumerable<Filter> Others(int index) => _parts.Where((_, i) => i != index).Select(part => part.Filter);

    /// <summary>A member of must or must_not, or the query.</summary>
    private sealed record Part(string Pointer, string? Attribute, Filter Filter, Constraint? Constraint);
}

/// <summary>Counts and looks up, within a bound: an explanation may not cost more than a thousand searches.</summary>
internal sealed class SearchCounter(IndexSnapshot snapshot, CancellationToken cancellationToken)
{
    private const int MaxWork = 4000;

    private readonly SearchResult _result = new();
    private int _work;

    /// <summary>Whether more may be asked; what was found so far stays right.</summary>
    public bool HasWorkLeft => _work < MaxWork;

    /// <summary>How many products match.</summary>
    public long Count(Filter filter)
    {
        Work();
        return snapshot.CountMatches(filter);
    }

    /// <summary>Runs a plan; the result holds until the next call.</summary>
    public SearchResult Search(SearchPlan plan)
    {
        Work();
        snapshot.Search(plan, _result, cancellationToken);
        return _result;
    }

    /// <summary>Calls back for each product that matches; ten thousand of them are work like one search.</summary>
    public void Visit(Filter filter, Action<DocumentRef> visit)
    {
        Work();
        var visited = 0;
        snapshot.ForEachMatch(filter, document =>
        {
            visit(document);
            if (++visited % 10_000 == 0)
            {
                Work();
            }
        });
    }

    private void Work()
    {
        cancellationToken.ThrowIfCancellationRequested();
        _work++;
    }
}
