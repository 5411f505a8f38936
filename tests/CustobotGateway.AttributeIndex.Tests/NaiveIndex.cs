namespace CustobotGateway.AttributeIndex.Tests;

/// <summary>A document as a person would write it: a value or none for each column.</summary>
internal sealed class NaiveDocument
{
    public required long Id { get; init; }

    public Dictionary<int, double> Numbers { get; } = [];

    public Dictionary<int, List<string>> Terms { get; } = [];

    public Dictionary<int, (double Latitude, double Longitude)> Places { get; } = [];

    public Dictionary<int, string> Texts { get; } = [];

    public bool Has(int column) => Numbers.ContainsKey(column) || Terms.ContainsKey(column) || Places.ContainsKey(column) || Texts.ContainsKey(column);

    public void WriteTo(DocumentWriter documents)
    {
        documents.Begin(Id);
        foreach (var (column, number) in Numbers)
        {
            documents.Number(column, number);
        }
        foreach (var (column, terms) in Terms)
        {
            foreach (var term in terms)
            {
                documents.Keyword(column, System.Text.Encoding.UTF8.GetBytes(term));
            }
        }
        foreach (var (column, (latitude, longitude)) in Places)
        {
            documents.Geo(column, latitude, longitude);
        }
        foreach (var (column, text) in Texts)
        {
            documents.Text(column, System.Text.Encoding.UTF8.GetBytes(text));
        }
        documents.End();
    }
}

/// <summary>The meaning of a search, told by the slowest means there is.</summary>
internal static class NaiveIndex
{
    public static bool Matches(NaiveDocument document, Filter filter)
    {
        switch (filter)
        {
            case AllOf all:
                return all.Parts.All(part => Matches(document, part));
            case AnyOf any:
                return any.Parts.Any(part => Matches(document, part));
            case Not not:
                return !Matches(document, not.Part);
            case TextMatch text:
                var words = document.Texts.Values.SelectMany(Words).ToHashSet();
                return text.AnyWord ? Words(text.Text).Any(words.Contains) : Words(text.Text).All(words.Contains);
            case ColumnFilter leaf:
                return !document.Has(leaf.Column) ? leaf.Unknown != UnknownPolicy.Exclude : leaf.Unknown != UnknownPolicy.Only && MatchesValue(document, leaf);
            default:
                throw new NotSupportedException();
        }
    }

    private static IEnumerable<string> Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool MatchesValue(NaiveDocument document, ColumnFilter leaf) => leaf switch
    {
        NumberRange range => document.Numbers[range.Column] >= range.Minimum && document.Numbers[range.Column] <= range.Maximum,
        NumberIn numbers => numbers.Values.Contains(document.Numbers[numbers.Column]),
        KeywordIn terms => document.Terms[terms.Column].Any(terms.Terms.Contains),
        KeywordAll terms => terms.Terms.All(document.Terms[terms.Column].Contains),
        KeywordPrefix prefix => (document.Terms.TryGetValue(prefix.Column, out var values) ? values : [document.Texts[prefix.Column]])
            .Any(value => value.StartsWith(prefix.Prefix, StringComparison.Ordinal)),
        Within within => IndexSnapshot.Metres(document.Places[within.Column].Latitude, document.Places[within.Column].Longitude, within.Latitude, within.Longitude) <= within.RadiusMetres,
        _ => true,
    };

    public static void AssertSame(IReadOnlyCollection<NaiveDocument> documents, IndexSnapshot snapshot, SearchPlan plan)
    {
        var result = new SearchResult();
        snapshot.Search(plan, result);
        var matching = documents.Where(document => plan.Filter is null || Matches(document, plan.Filter)).ToList();

        Assert.Equal(matching.Count, result.Total);
        Assert.Equal(matching.Count, snapshot.CountMatches(plan.Filter));
        Assert.Equal(Sorted(matching, plan.Sort).Skip(plan.Offset).Take(plan.Size).Select(document => document.Id), result.Hits.Select(hit => hit.Id));
        for (var i = 0; i < plan.Facets.Count; i++)
        {
            AssertFacet(matching, snapshot, plan.Facets[i], result.Facets[i]);
        }
    }

    private static IEnumerable<NaiveDocument> Sorted(IEnumerable<NaiveDocument> documents, IReadOnlyList<SortKey> keys)
    {
        var sorted = documents.OrderBy(_ => 0);
        foreach (var key in keys)
        {
            sorted = sorted.ThenBy(document => key.Source == SortSource.Column && !document.Has(key.Column));
            sorted = key.Source == SortSource.Id
                ? key.Descending ? sorted.ThenByDescending(document => document.Id) : sorted.ThenBy(document => document.Id)
                : key.Descending ? sorted.ThenByDescending(Value, Comparer<object>.Create(Compare)) : sorted.ThenBy(Value, Comparer<object>.Create(Compare));

            object Value(NaiveDocument document) =>
                document.Numbers.TryGetValue(key.Column, out var number) ? number
                : document.Terms.TryGetValue(key.Column, out var terms) ? terms[0]
                : document.Texts.GetValueOrDefault(key.Column, "");
        }
        return sorted.ThenBy(document => document.Id);

        static int Compare(object left, object right) => left is string text && right is string other
            ? string.CompareOrdinal(text, other)
            : left is double number && right is double second ? number.CompareTo(second) : 0;
    }

    private static void AssertFacet(List<NaiveDocument> matching, IndexSnapshot snapshot, FacetRequest request, FacetResult facet)
    {
        Assert.Equal(matching.Count(document => !document.Has(request.Column)), facet.Missing);
        var numbers = matching.Where(document => document.Numbers.ContainsKey(request.Column)).Select(document => document.Numbers[request.Column]).ToList();
        if (request.Statistics && numbers.Count > 0)
        {
            Assert.Equal((numbers.Count, numbers.Min(), numbers.Max()), (facet.Count, facet.Minimum, facet.Maximum));
        }
        if (!request.Values)
        {
            return;
        }
        var values = snapshot.Schema.Columns[request.Column].Kind == ColumnKind.Number
            ? numbers.GroupBy(number => number).Select(group => (Value: (object)group.Key, Count: group.Count()))
                .OrderByDescending(value => value.Count).ThenBy(value => (double)value.Value)
            : matching.SelectMany(document => document.Terms.GetValueOrDefault(request.Column, [])).GroupBy(term => term)
                .Select(group => (Value: (object)group.Key, Count: group.Count())).OrderByDescending(value => value.Count).ThenBy(value => (string)value.Value, StringComparer.Ordinal);
        var all = values.ToList();
        Assert.Equal(all.Take(request.Limit), facet.Values.Select(value => ((object)(value.Term < 0 ? value.Number : snapshot.Term(request.Column, value.Term)), value.Count)));
        Assert.Equal(all.Skip(request.Limit).Sum(value => value.Count), facet.Other);
        Assert.Equal(all.Count, facet.Distinct);
    }
}
