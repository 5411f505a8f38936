using System.Text.Json;
using CustobotGateway.AttributeIndex;
using CustobotGateway.GraphQLDoor.Products;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <summary>What a search found; the parent of a connection's fields.</summary>
internal sealed class SearchAnswer(DoorRequest request, BoundSearch search, SearchResult result, SearchExplanation? explanation, Func<string, string>? places)
{
    private IndexedProduct[]? _products;

    public BoundSearch Search => search;

    public long TotalCount => result.Total;

    public bool HasNextPage => result.End is not null;

    public bool HasPreviousPage => search.Plan.After is not null || search.Plan.Offset > 0;

    public string? StartCursor => result.Hits.Count > 0 ? CursorOf(0) : null;

    public string? EndCursor => result.End is { } end ? request.Services.Cursors.Write(end, search.Fingerprint) : result.Hits.Count > 0 ? CursorOf(result.Hits.Count - 1) : null;

    /// <summary>The hits, as edges and as nodes.</summary>
    public IndexedProduct[] Products
    {
        get
        {
            if (_products is null)
            {
                _products = new IndexedProduct[result.Hits.Count];
                for (var i = 0; i < _products.Length; i++)
                {
                    _products[i] = new IndexedProduct(request, search.Catalog, result.Hits[i].Document, result.Hits[i].Id) { Answer = this, Place = i };
                }
            }
            return _products;
        }
    }

    public FacetNode FacetAt(int index) => new(request, search.Catalog.Snapshot, search.Facets[index], search.Plan.Facets[index], result.Facets[index]);

    public bool WriteScore(int place, SearchOutput output)
    {
        output.AddScore(result.Hits[place].Score);
        return true;
    }

    public string CursorOf(int place) => request.Services.Cursors.Write(HitPlace.Of(search, result.Hits[place]), search.Fingerprint);

    /// <summary>How a hit stands to each condition; null where that was not asked.</summary>
    public IReadOnlyList<object?>? OutcomesOf(int place) => explanation is { IsOfEmptyAnswer: false } ? explanation.OfHit(place)?.Select(Describe).ToArray() : null;

    public object?[] Relaxations => explanation is null ? [] : [.. explanation.Relaxations.Select(relaxation => new Dictionary<string, object?>
    {
        ["kind"] = relaxation.Kind,
        ["pointer"] = Place(relaxation.Pointer),
        ["pointers"] = relaxation.Pointers?.Select(Place).ToArray(),
        ["change"] = relaxation.Change,
        ["filter"] = relaxation.Constraint is { } constraint && FilterWriter.Write(constraint, request.Names) is { } filter ? filter.Deserialize<JsonElement>() : null,
        ["size"] = relaxation.Size,
        ["count"] = relaxation.Count,
    })];

    public object?[] ExcludedBy => explanation is null ? [] : [.. explanation.ExcludedBy.Select(exclusion => new Dictionary<string, object?>
    {
        ["pointer"] = Place(exclusion.Pointer),
        ["attribute"] = exclusion.Attribute,
        ["matchesAlone"] = exclusion.MatchesAlone,
        ["pointers"] = exclusion.Pointers?.Select(Place).ToArray(),
        ["totalWithout"] = exclusion.TotalWithout,
    })];

    /// <summary>What became of the preferences; wishes in the form of the REST API.</summary>
    public object?[] AppliedPreferences => search.Request.Applied is not { } applied ? [] : [.. applied.Select(one => new Dictionary<string, object?>
    {
        ["preference"] = one.Preference,
        ["constraint"] = one.Constraint is null ? null : JsonSerializer.SerializeToElement(one.Constraint, Common.Json.Options),
        ["reason"] = one.Reason,
        ["detail"] = one.Detail,
    })];

    private object Describe(ConditionOutcome outcome) => new Dictionary<string, object?>
    {
        ["pointer"] = Place(outcome.Pointer),
        ["attribute"] = outcome.Attribute,
        ["op"] = outcome.Op,
        ["outcome"] = outcome.Outcome.ToUpperInvariant(),
        ["actual"] = outcome.Actual is null ? null : JsonSerializer.SerializeToElement(outcome.Actual, Common.Json.Options),
        ["missedBy"] = outcome.MissedBy is { } shortfall ? new Dictionary<string, object?> { ["value"] = shortfall.Value, ["unit"] = shortfall.Unit } : null,
    };

    private string? Place(string? pointer) => pointer is null || places is null ? pointer : places(pointer);
}

/// <summary>Where a hit lies in the order, so that a page can begin after it.</summary>
internal static class HitPlace
{
    public static PageEnd Of(BoundSearch search, in Hit hit)
    {
        var sort = search.Plan.Sort;
        var values = sort.Count == 0 ? [] : new SortValue[sort.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = sort[i].Source switch
            {
                SortSource.Score => new SortValue(false, hit.Score, null),
                SortSource.Id => new SortValue(false, hit.Id, null),
                _ => OfColumn(search.Catalog.Snapshot, hit.Document, sort[i].Column),
            };
        }
        return new PageEnd(values, hit.Id);
    }

    private static SortValue OfColumn(IndexSnapshot snapshot, DocumentRef document, int column)
    {
        Span<int> term = stackalloc int[1];
        switch (snapshot.Schema.Columns[column].Kind)
        {
            case ColumnKind.Number:
                return snapshot.TryGetNumber(document, column, out var number) ? new SortValue(false, number, null) : new SortValue(true, 0, null);
            case ColumnKind.Text:
                var text = snapshot.GetTextJson(document, column);
                return text.IsEmpty ? new SortValue(true, 0, null) : new SortValue(false, 0, JsonElement.Parse(text).GetString());
            default:
                return snapshot.GetTerms(document, column, term) == 0 ? new SortValue(true, 0, null) : new SortValue(false, 0, snapshot.Term(column, term[0]));
        }
    }
}
