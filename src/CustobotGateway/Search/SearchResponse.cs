using System.Text.Json.Serialization;

namespace CustobotGateway.Search;

/// <summary>The answer to a search, computed from one state of the catalogue.</summary>
public sealed record SearchResponse
{
    /// <summary>How many products match.</summary>
    public required long Total { get; init; }

    /// <summary>Always <c>exact</c>.</summary>
    public required string TotalRelation { get; init; }

    /// <summary>Names the state of the catalogue that everything in this answer was computed from.</summary>
    public required string CatalogVersion { get; init; }

    /// <summary>The page of hits.</summary>
    public required IReadOnlyList<ProductHit> Products { get; init; }

    /// <summary>By attribute, the facets that were asked.</summary>
    public required IReadOnlyDictionary<string, FacetAnswer> Facets { get; init; }

    /// <summary>Where to go on.</summary>
    public required PageAnswer Page { get; init; }

    /// <summary>Of an empty answer that was asked to explain itself: the smallest changes that give at least 5 hits, smallest first. Else empty.</summary>
    public required IReadOnlyList<Relaxation> Relaxations { get; init; }

    /// <summary>Of an empty answer that was asked to explain itself: which constraints exclude everything.</summary>
    public IReadOnlyList<Exclusion>? ExcludedBy { get; init; }

    /// <summary>Where <c>apply_preferences</c> was asked: the preferences of the person behind the agent, each as the wish that was added or with the reason why none was. Else empty.</summary>
    public required IReadOnlyList<AppliedPreference> AppliedPreferences { get; init; }
}

/// <summary>One product that matches.</summary>
public sealed record ProductHit
{
    /// <summary>The product's id.</summary>
    public required string Id { get; init; }

    /// <summary>The merchant's own key.</summary>
    public required string ExternalId { get; init; }

    /// <summary>BM25 of the query's words plus the weights of the wishes that are met; 0 without either.</summary>
    public required double Score { get; init; }

    /// <summary>The selected attributes that the product has: a measure as <c>{"value","unit"}</c>, money as <c>{"amount","currency"}</c>, a place as <c>[lat,lon]</c>, others plain.</summary>
    public required IReadOnlyDictionary<string, object> Attributes { get; init; }

    /// <summary>How the product stands to each condition, where the search asked to explain.</summary>
    public IReadOnlyList<ConditionOutcome>? Explain { get; init; }
}

/// <summary>How a product stands to one condition of the search.</summary>
public sealed record ConditionOutcome
{
    /// <summary>JSON Pointer to the condition in the request.</summary>
    public required string Pointer { get; init; }

    /// <summary>The attribute; null for the query.</summary>
    public string? Attribute { get; init; }

    /// <summary>The operator; <c>matches</c> for the query.</summary>
    public required string Op { get; init; }

    /// <summary><c>met</c>, <c>missed</c>, or <c>unknown</c> where the product has no value. Of a condition in <c>must_not</c> or <c>not</c>, met means that it does not hold, as was asked.</summary>
    public required string Outcome { get; init; }

    /// <summary>The product's value, in the form of products' attributes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Actual { get; init; }

    /// <summary>By how much a bound was missed.</summary>
    public Shortfall? MissedBy { get; init; }
}

/// <summary>A difference to a bound.</summary>
/// <param name="Value">Above 0, in the unit.</param>
/// <param name="Unit">The attribute's unit, the currency (in minor units), <c>s</c> for dates, <c>m</c> for distances; null for plain numbers.</param>
public sealed record Shortfall(double Value, string? Unit);

/// <summary>Counts of one attribute over the matching products.</summary>
public sealed record FacetAnswer
{
    /// <summary>The unit of the numbers in it, for measures and durations.</summary>
    public string? Unit { get; init; }

    /// <summary>By count, descending, then by value.</summary>
    public IReadOnlyList<FacetValue>? Values { get; init; }

    /// <summary>The counts of the values that are not listed, added up.</summary>
    public long? Other { get; init; }

    /// <summary>How many matching products have no value.</summary>
    public required long Missing { get; init; }

    /// <summary>Counts in the ranges that were asked, in their order.</summary>
    public IReadOnlyList<FacetRangeAnswer>? Ranges { get; init; }

    /// <summary>Statistics, where they were asked.</summary>
    public FacetStatistics? Stats { get; init; }
}

/// <summary>How often a value occurs.</summary>
/// <param name="Value">A string, number, boolean or money.</param>
/// <param name="Count">How many matching products have it.</param>
public sealed record FacetValue(object Value, long Count);

/// <summary>How many products are in a range.</summary>
/// <param name="From">The lowest value that counts, in the attribute's own unit; left out when open.</param>
/// <param name="To">The lowest value that no longer counts; left out when open.</param>
/// <param name="Count">How many matching products.</param>
public sealed record FacetRangeAnswer(object? From, object? To, long Count);

/// <summary>Statistics of the matching products' values, in the attribute's own unit.</summary>
/// <param name="Count">How many have a value.</param>
/// <param name="Min">The lowest; left out when there is none.</param>
/// <param name="Max">The highest; left out when there is none.</param>
public sealed record FacetStatistics(long Count, object? Min, object? Max);

/// <summary>Where to go on.</summary>
/// <param name="Next">Pass it as <c>page.after</c>; null after the last product.</param>
public sealed record PageAnswer(string? Next);

/// <summary>A constraint that alone, or together with others, lets nothing through.</summary>
public sealed record Exclusion
{
    /// <summary>JSON Pointer to the constraint in the request.</summary>
    public string? Pointer { get; init; }

    /// <summary>Its attribute; null for the query and for groups.</summary>
    public string? Attribute { get; init; }

    /// <summary>How many products of the catalogue meet this constraint when it stands alone.</summary>
    public long? MatchesAlone { get; init; }

    /// <summary>JSON Pointers to the constraints, where it takes several to exclude everything.</summary>
    public IReadOnlyList<string>? Pointers { get; init; }

    /// <summary>How many products match without it, or without all of them.</summary>
    public required long TotalWithout { get; init; }
}

/// <summary>A change of the search that gives at least 5 hits.</summary>
public sealed record Relaxation
{
    /// <summary><c>widen</c> a bound, <c>add_values</c> to a list, <c>remove_values</c> from an <c>all</c>, enlarge a <c>radius</c>, <c>allow_unknown</c> values, want <c>any_word</c>, <c>drop</c> constraints.</summary>
    public required string Kind { get; init; }

    /// <summary>JSON Pointer to what changes; null where several are dropped.</summary>
    public string? Pointer { get; init; }

    /// <summary>JSON Pointers to the constraints that are dropped together.</summary>
    public IReadOnlyList<string>? Pointers { get; init; }

    /// <summary>The change in words.</summary>
    public required string Change { get; init; }

    /// <summary>The condition to put in place of the one that the pointer names; null where something is dropped or only <c>query_mode</c> changes.</summary>
    public Constraint? Constraint { get; init; }

    /// <summary>How large the change is, from 0 (none) to 1 (a constraint dropped), above 1 for several.</summary>
    public required double Size { get; init; }

    /// <summary>How many products match after the change; exact.</summary>
    public required long Count { get; init; }
}
