using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;

namespace CustobotGateway.Search;

/// <summary>
/// What is looked for: words, constraints over any attribute, wishes, an order, and what is answered of it. Every member may be left out;
/// an empty object finds all products.
/// </summary>
public sealed record SearchRequest
{
    /// <summary>Words to find in the full-text attributes (name, brand, description), in any order; at most 512 characters and 32 words. Null for none.</summary>
    public string? Query { get; init; }

    /// <summary>Whether all words must occur (default) or any one is enough.</summary>
    public QueryMode QueryMode { get; init; }

    /// <summary>What every product must meet. A product without a value meets no constraint, unless the constraint's <c>unknown</c> says otherwise.</summary>
    public IReadOnlyList<Constraint> Must { get; init; } = [];

    /// <summary>Wishes: each one met adds its weight to the product's score.</summary>
    public IReadOnlyList<Constraint> Should { get; init; } = [];

    /// <summary>What no product may meet. A product without a value passes.</summary>
    public IReadOnlyList<Constraint> MustNot { get; init; } = [];

    /// <summary>Sort keys, first one first, at most 16. Missing values come last in both directions; ties are broken by id. Default: by score where there is a query or a wish, else by id.</summary>
    public IReadOnlyList<SortClause> Sort { get; init; } = [];

    /// <summary>The attributes answered with each product, at most 200. Default: name, brand, category and price.</summary>
    public IReadOnlyList<string>? Select { get; init; }

    /// <summary>Counts over all matching products, at most 200.</summary>
    public IReadOnlyList<FacetClause> Facets { get; init; } = [];

    /// <summary>Which part of the hits is answered.</summary>
    public PageClause? Page { get; init; }

    /// <summary>Whether each hit tells which constraints it meets or misses, and an empty answer tells why it is empty and what would fill it.</summary>
    public bool Explain { get; init; }

    /// <summary>Whether the preferences that are held with the caller's grant are added to <c>should</c>; the answer's <c>applied_preferences</c> shows each. Refused with <c>grant_required</c> where the caller acts under no grant.</summary>
    public bool ApplyPreferences { get; init; }

    /// <summary>What became of the preferences, once they are among the wishes; null where none were asked for.</summary>
    internal IReadOnlyList<AppliedPreference>? Applied { get; init; }
}

/// <summary>How the words of a query are combined.</summary>
public enum QueryMode
{
    /// <summary>Every word must occur.</summary>
    All,

    /// <summary>One word is enough.</summary>
    Any,
}

/// <summary>
/// One constraint: either a condition on one attribute (<c>attribute</c>, <c>op</c> and its operands), or a group
/// (exactly one of <c>any</c>, <c>all</c>, <c>not</c>). Groups nest to 8; a request holds at most 256 constraints.
/// </summary>
public sealed record Constraint
{
    /// <summary>The attribute's key, or <c>id</c> or <c>external_id</c>.</summary>
    public string? Attribute { get; init; }

    /// <summary>The operator. Which ones an attribute has follows from its type and is told by <c>GET /v1/search/filters</c>.</summary>
    public Operator? Op { get; init; }

    /// <summary>The operand of every operator but <c>in</c>, <c>all</c> and <c>between</c>.</summary>
    public ConstraintValue? Value { get; init; }

    /// <summary>The operands of <c>in</c> and <c>all</c>, 1 to 1,000.</summary>
    public IReadOnlyList<ConstraintValue>? Values { get; init; }

    /// <summary>The lower bound of <c>between</c>, inclusive.</summary>
    public ConstraintValue? From { get; init; }

    /// <summary>The upper bound of <c>between</c>, inclusive.</summary>
    public ConstraintValue? To { get; init; }

    /// <summary>The unit of the operands: UCUM code or a listed alias; the attribute's own unit when null.</summary>
    public string? Unit { get; init; }

    /// <summary>What is said of products without a value: <c>exclude</c> (default: they do not meet it), <c>include</c> (they meet it too), <c>only</c> (only they do).</summary>
    public UnknownPolicy? Unknown { get; init; }

    /// <summary>What meeting it adds to the score, above 0 and at most 1,000,000; default 1. For members of <c>should</c> only.</summary>
    public double? Weight { get; init; }

    /// <summary>A group that is met when one of these is.</summary>
    public IReadOnlyList<Constraint>? Any { get; init; }

    /// <summary>A group that is met when all of these are.</summary>
    public IReadOnlyList<Constraint>? All { get; init; }

    /// <summary>A group that is met when none of these is; one constraint may stand without the array.</summary>
    public IReadOnlyList<Constraint>? Not { get; init; }

    /// <summary>The parts of a group; null for a condition.</summary>
    internal IReadOnlyList<Constraint>? Parts => Any ?? All ?? Not;

    /// <summary>Whether <see cref="Not"/> was given without the array; only its place in the body depends on it.</summary>
    internal bool HasSingleNot { get; init; }
}

/// <summary>A sort key.</summary>
/// <param name="By">An attribute's key, <c>id</c>, <c>external_id</c>, or <c>_score</c> (also <c>score</c>, <c>relevance</c>).</param>
/// <param name="Order">Default ascending; descending for the score.</param>
public sealed record SortClause(string By, SortOrder? Order = null);

/// <summary>A direction.</summary>
public enum SortOrder
{
    /// <summary>Lowest first.</summary>
    Asc,

    /// <summary>Highest first.</summary>
    Desc,
}

/// <summary>Counts of one attribute's values over all matching products.</summary>
public sealed record FacetClause
{
    /// <summary>The attribute's key.</summary>
    public required string Attribute { get; init; }

    /// <summary>How many values are answered, 1 to 10,000; default 10. Values are left out where <c>stats</c> or <c>ranges</c> is asked and no limit is.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether the constraints on the attribute itself are lifted for this count, so that its other values can be offered; default false.</summary>
    public bool ExcludeOwn { get; init; }

    /// <summary>Whether count, minimum and maximum are answered; for numbers, amounts and dates.</summary>
    public bool Stats { get; init; }

    /// <summary>Ranges to count in, at most 100; for numbers, amounts and dates.</summary>
    public IReadOnlyList<FacetRangeClause>? Ranges { get; init; }

    /// <summary>The unit of the ranges' bounds; the attribute's own when null.</summary>
    public string? Unit { get; init; }

    /// <summary>Which currency is counted; needed only where the attribute has several and no constraint names one.</summary>
    public string? Currency { get; init; }
}

/// <summary>A half-open range.</summary>
/// <param name="From">The lowest value that counts; no lower bound when null.</param>
/// <param name="To">The lowest value that no longer counts; no upper bound when null.</param>
public sealed record FacetRangeClause(ConstraintValue? From = null, ConstraintValue? To = null);

/// <summary>Which part of the hits is answered.</summary>
public sealed record PageClause
{
    /// <summary>How many products, 1 to 100; default 24.</summary>
    public int? Size { get; init; }

    /// <summary>The <c>page.next</c> of the answer before; not together with <c>offset</c>.</summary>
    public string? After { get; init; }

    /// <summary>How many hits are left out, 0 to 10,000; default 0.</summary>
    public int? Offset { get; init; }
}
