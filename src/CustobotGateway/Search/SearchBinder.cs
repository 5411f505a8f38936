using System.Globalization;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using SortKey = CustobotGateway.AttributeIndex.SortKey;

namespace CustobotGateway.Search;

/// <summary>A search that can be run on one catalogue: every name found, every operand in the attribute's own unit.</summary>
public sealed class BoundSearch
{
    /// <summary>As it was asked.</summary>
    public required SearchRequest Request { get; init; }

    /// <summary>What it runs on.</summary>
    public required IndexedCatalog Catalog { get; init; }

    /// <summary>What the index is asked.</summary>
    public required SearchPlan Plan { get; init; }

    /// <summary>What is answered of each product, each attribute once.</summary>
    public required IReadOnlyList<SearchableAttribute> Select { get; init; }

    /// <summary>Whether the merchant's key is answered among the attributes.</summary>
    public bool SelectsExternalId { get; init; }

    /// <summary>Whether the id is answered among the attributes.</summary>
    public bool SelectsId { get; init; }

    /// <summary>The facets, in the order of the plan's.</summary>
    public required IReadOnlyList<BoundFacet> Facets { get; init; }

    /// <summary>The filters of <c>must</c>, in order.</summary>
    public required Filter[] Must { get; init; }

    /// <summary>The filters of <c>must_not</c>, in order, not negated.</summary>
    public required Filter[] MustNot { get; init; }

    /// <summary>The words of the query, or null.</summary>
    public TextMatch? Words { get; init; }

    /// <summary>What the caller is shown.</summary>
    public Sight Sight { get; init; }

    /// <summary>Identifies query, constraints and order: what a cursor belongs to.</summary>
    public required ulong Fingerprint { get; init; }
}

/// <summary>A facet of a bound search.</summary>
/// <param name="Attribute">Of which attribute.</param>
/// <param name="Request">As it was asked.</param>
/// <param name="HasValues">Whether values are answered.</param>
/// <param name="Currency">The currency of the amounts, for money; empty when there are none.</param>
public readonly record struct BoundFacet(SearchableAttribute Attribute, FacetClause Request, bool HasValues, string? Currency);

/// <summary>
/// Binds a request to the attributes and values of one catalogue: the one place where a constraint gets its meaning, whatever door it came through.
/// </summary>
public sealed partial class SearchBinder
{
    private static readonly SortKey[] ByScore = [new SortKey(SortSource.Score, -1, true)];

    private readonly IndexedCatalog _catalog;
    private readonly SearchLayout _layout;
    private readonly SearchRequest _request;
    private readonly Sight _sight;
    private SearchErrors? _errors;

    private SearchBinder(IndexedCatalog catalog, SearchRequest request, Sight sight)
    {
        (_catalog, _request, _sight) = (catalog, request, sight);
        _layout = SearchLayout.Of(catalog);
    }

    /// <summary>Binds a request that is valid in form.</summary>
    /// <param name="catalog">What it will run on.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="sight">What the caller is shown.</param>
    /// <param name="cursors">Reads <c>page.after</c>.</param>
    public static Outcome<BoundSearch> Bind(IndexedCatalog catalog, SearchRequest request, Sight sight, CursorKey cursors)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(cursors);
        return new SearchBinder(catalog, request, sight).Bind(cursors);
    }

    /// <summary>The filter of one constraint of a search that was bound, or of a constraint changed within its bounds.</summary>
    internal static Filter BindOne(BoundSearch search, Constraint constraint)
    {
        var binder = new SearchBinder(search.Catalog, search.Request, search.Sight);
        var filter = binder.Bind(constraint);
        return binder._errors is null ? filter : throw new InvalidOperationException(binder._errors.ToProblem().Detail);
    }

    /// <summary>Why a constraint could not be among the wishes of a search on the catalogue; null where it could.</summary>
    internal static Problem? FaultOf(IndexedCatalog catalog, SearchRequest request, Constraint constraint)
    {
        var binder = new SearchBinder(catalog, request, false);
        binder.Bind(constraint);
        return binder._errors?.ToProblem();
    }

    private Outcome<BoundSearch> Bind(CursorKey cursors)
    {
        var words = string.IsNullOrWhiteSpace(_request.Query) ? null : new TextMatch(_request.Query, _request.QueryMode == QueryMode.Any);
        var must = BindAll(_request.Must);
        var mustNot = BindAll(_request.MustNot);
        var filter = Combine(words, must, mustNot);
        var preferences = BindPreferences();
        var sort = BindSort(words is not null || preferences.Length > 0);
        var select = BindSelect(out var selectsId, out var selectsExternalId);
        var facets = BindFacets(out var facetRequests, words, must, mustNot);
        if (_errors is not null)
        {
            return _errors.ToProblem();
        }
        var fingerprint = RequestFingerprint.Of(_request);
        PageEnd? after = null;
        if (_request.Page?.After is { } cursor && cursors.Read(cursor, fingerprint, sort.Length, out after) is { } refusal)
        {
            return refusal;
        }
        return new BoundSearch
        {
            Request = _request,
            Catalog = _catalog,
            Plan = new SearchPlan
            {
                Filter = filter,
                Scoring = words,
                Preferences = preferences,
                Sort = sort,
                Offset = _request.Page?.Offset ?? 0,
                Size = _request.Page?.Size ?? SearchLimits.DefaultPageSize,
                After = after,
                Facets = facetRequests,
            },
            Select = select,
            SelectsId = selectsId,
            SelectsExternalId = selectsExternalId,
            Facets = facets,
            Must = must,
            MustNot = mustNot,
            Words = words,
            Sight = _sight,
            Fingerprint = fingerprint,
        };
    }

    /// <summary>What a product must meet in all; null for nothing.</summary>
    public static Filter? Combine(TextMatch? words, ReadOnlySpan<Filter> must, ReadOnlySpan<Filter> mustNot)
    {
        var count = (words is null ? 0 : 1) + must.Length + mustNot.Length;
        if (count == 0)
        {
            return null;
        }
        var parts = new Filter[count];
        var at = 0;
        if (words is not null)
        {
            parts[at++] = words;
        }
        must.CopyTo(parts.AsSpan(at));
        at += must.Length;
        foreach (var part in mustNot)
        {
            parts[at++] = new Not(part);
        }
        return count == 1 ? parts[0] : new AllOf(parts);
    }

    private Preference[] BindPreferences()
    {
        var preferences = _request.Should.Count == 0 ? [] : new Preference[_request.Should.Count];
        for (var i = 0; i < preferences.Length; i++)
        {
            preferences[i] = new Preference(Bind(_request.Should[i]), _request.Should[i].Weight ?? 1);
        }
        return preferences;
    }

    private SortKey[] BindSort(bool hasScore)
    {
        if (_request.Sort.Count == 0)
        {
            return hasScore ? ByScore : [];
        }
        var keys = new SortKey[_request.Sort.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var clause = _request.Sort[i];
            var descending = clause.Order == SortOrder.Desc;
            keys[i] = clause.By switch
            {
                "_score" or "score" or "relevance" => new SortKey(SortSource.Score, -1, clause.Order != SortOrder.Asc),
                "id" => new SortKey(SortSource.Id, -1, descending),
                "external_id" => new SortKey(SortSource.Column, IndexedCatalog.ExternalIdColumn, descending),
                _ => BindSortAttribute(clause.By, i, descending),
            };
        }
        return keys;
    }

    private SortKey BindSortAttribute(string key, int index, bool descending) => Find(key, ("/sort", index, "/by")) switch
    {
        null => default,
        { Attribute.IsSortable: true } attribute => new SortKey(SortSource.Column, attribute.Column, descending),
        _ => Refuse<SortKey>(SearchProblems.SortNotSupported, string.Create(CultureInfo.InvariantCulture, $"/sort/{index}/by"), $"{key} cannot be sorted by."),
    };

    private IReadOnlyList<SearchableAttribute> BindSelect(out bool selectsId, out bool selectsExternalId)
    {
        selectsId = selectsExternalId = false;
        if (_request.Select is not { } keys)
        {
            return _sight.HidesPrices ? _layout.DefaultSelectWithoutPrices : _layout.DefaultSelect;
        }
        var attributes = new List<SearchableAttribute>(keys.Count);
        for (var i = 0; i < keys.Count; i++)
        {
            switch (keys[i])
            {
                case "id":
                    selectsId = true;
                    break;
                case "external_id":
                    selectsExternalId = true;
                    break;
                default:
                    // What is not shown is left out here, as in products.
                    if (!(_sight.HidesPrices && _layout.Find(keys[i]) is { Attribute.IsPrice: true })
                        && Find(keys[i], ("/select", i, "")) is { } attribute && !attributes.Contains(attribute))
                    {
                        attributes.Add(attribute);
                    }
                    break;
            }
        }
        return attributes;
    }

    /// <summary>The attribute of that key, if the caller may search by it; else the fault is noted.</summary>
    private SearchableAttribute? Find(string key, (string List, int Index, string Member) place) =>
        FindQuietly(key) is { Column: >= 0 } attribute ? attribute : RefuseAttribute(key, string.Create(CultureInfo.InvariantCulture, $"{place.List}/{place.Index}{place.Member}"));

    private SearchableAttribute? FindQuietly(string key) =>
        _layout.Find(key) is { } attribute && attribute.Attribute.IsSeenBy(_sight) ? attribute : null;

    private SearchableAttribute? RefuseAttribute(string key, string pointer)
    {
        if (_errors is { IsFull: true })
        {
            return null;
        }
        if (_sight.HidesPrices && _layout.Find(key) is { Attribute: { IsPrice: true } price } && price.IsSeenBy(_sight with { HidesPrices = false }))
        {
            return Refuse<SearchableAttribute?>(CommonProblems.PricesHidden, pointer, $"{key} is a price, and this caller is not shown prices.");
        }
        if (FindQuietly(key) is not null)
        {
            return Refuse<SearchableAttribute?>(SearchProblems.AttributeNotSearchable, pointer, $"{key} is shown with the product only: GET /v1/products/{{id}}.");
        }
        var nearest = _catalog.Registry.Nearest(key);
        return Refuse<SearchableAttribute?>(SearchProblems.UnknownAttribute, pointer,
            nearest.Count == 0 ? $"There is no attribute '{key}'; there are none at all yet." : $"There is no attribute '{key}'; the nearest are {string.Join(", ", nearest)}.");
    }

    private T? Refuse<T>(ProblemType type, string pointer, string detail)
    {
        (_errors ??= new SearchErrors()).Add(type, pointer, detail);
        return default;
    }
}
