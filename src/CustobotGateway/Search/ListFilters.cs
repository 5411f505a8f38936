using System.Text.Json.Nodes;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Search;

/// <summary>What can be asked here: the attributes that products of a category really carry, with their operators, units, values and coverage.</summary>
public static class ListFilters
{
    private const int MaxValues = 50;
    private const string CategoryKey = "category";

    /// <summary>Which filters are asked for.</summary>
    /// <param name="Category">Only attributes of products of this category, counted over these products; all products when null.</param>
    /// <param name="Stage">Only attributes asked for at this buying stage: discover, evaluate, buy, after_sales.</param>
    public sealed record Query([FromQuery(Name = "category")] string? Category = null, [FromQuery(Name = "stage")] string? Stage = null);

    /// <summary>What can be asked.</summary>
    public sealed record Listing
    {
        /// <summary>Names the state of the catalogue that everything here was counted on.</summary>
        public required string CatalogVersion { get; init; }

        /// <summary>The category asked for, or null.</summary>
        public string? Category { get; init; }

        /// <summary>The stage asked for, or null.</summary>
        public string? Stage { get; init; }

        /// <summary>How many products there are.</summary>
        public required long Total { get; init; }

        /// <summary>The attributes, those that most products have first.</summary>
        public required IReadOnlyList<FilterView> Filters { get; init; }
    }

    /// <summary>What can be asked of one attribute.</summary>
    public sealed record FilterView
    {
        /// <summary>The key, as constraints name it.</summary>
        public required string Attribute { get; init; }

        /// <summary>A short name in the language of Accept-Language.</summary>
        public string? Title { get; init; }

        /// <summary>What it means, in the language of Accept-Language.</summary>
        public string? Description { get; init; }

        /// <summary>The kind of value.</summary>
        public required AttributeType Type { get; init; }

        /// <summary>What constraints can ask.</summary>
        public required IReadOnlyList<Operator> Operators { get; init; }

        /// <summary>The UCUM code that values are answered in; null when there is none.</summary>
        public string? Unit { get; init; }

        /// <summary>UCUM codes in common use that constraints may use instead; many more convert.</summary>
        public IReadOnlyList<string>? ConvertibleUnits { get; init; }

        /// <summary>The currencies that amounts are in, of a money attribute; most frequent first.</summary>
        public IReadOnlyList<string>? Currencies { get; init; }

        /// <summary>Whether <c>query</c> reads its words.</summary>
        public required bool FullText { get; init; }

        /// <summary>Whether facets can be asked.</summary>
        public required bool Facetable { get; init; }

        /// <summary>Whether it can be sorted by.</summary>
        public required bool Sortable { get; init; }

        /// <summary>The buying stages in which it is asked for; all when null.</summary>
        public IReadOnlyList<BuyingStage>? Stages { get; init; }

        /// <summary>How many of the products have a value.</summary>
        public required long Count { get; init; }

        /// <summary><c>count</c> as a share of all, 0 to 1.</summary>
        public required double Coverage { get; init; }

        /// <summary>How many different values occur, where values are counted.</summary>
        public int? Distinct { get; init; }

        /// <summary>The 50 most frequent values; of quantities only where there are no more than that.</summary>
        public IReadOnlyList<FilterValue>? Values { get; init; }

        /// <summary>The lowest value of a quantity, in its own unit; of money the lowest in the most frequent currency.</summary>
        public object? Min { get; init; }

        /// <summary>The highest value of a quantity.</summary>
        public object? Max { get; init; }
    }

    /// <summary>A value that occurs.</summary>
    /// <param name="Value">As constraints ask for it.</param>
    /// <param name="Label">Its name in the language of Accept-Language, where it has one.</param>
    /// <param name="Count">How many products have it.</param>
    public sealed record FilterValue(object Value, string? Label, long Count);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/search/filters", Handle).WithName("listSearchFilters").WithTags("Search").AllowPublicRead()
        .WithSummary("What can be asked of the products of a category")
        .WithDescription("For each attribute that the category's products carry or should carry: operators, units, the most frequent values with counts, bounds and coverage, counted now. Titles and descriptions come in the language of Accept-Language (en, es-MX). Answers with an ETag; If-None-Match gives 304.")
        .Produces<Listing>().Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>Counts over the catalogue as it is now.</summary>
    public static Outcome<Listing> Run(Query query, string language, IndexedCatalog catalog, Sight sight, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(catalog);
        var stage = BuyingStages.Parse(query.Stage);
        if (query.Stage is not null && stage is null)
        {
            return CommonProblems.InvalidRequest.With("A stage is discover, evaluate, buy or after_sales.", [new("?stage", "unknown_value", "A stage is discover, evaluate, buy or after_sales.")]);
        }
        var layout = SearchLayout.Of(catalog);
        Filter? filter = null;
        var category = query.Category;
        if (category is not null)
        {
            if (CategoryFilter(ref category, layout, catalog) is not { } found)
            {
                return UnknownCategory(category, layout, catalog);
            }
            filter = found;
        }
        SearchableAttribute[] asked = [.. layout.Attributes.Where(attribute => attribute.Column >= 0 && attribute.Attribute.IsSeenBy(sight with { Staff = false }) && (stage is null || attribute.Attribute.IsAskedAt(stage.Value)))];
        FacetRequest[] facets = [.. asked.Select(attribute => Facet(attribute, filter, catalog.Snapshot))];
        var result = new SearchResult();
        catalog.Snapshot.Search(new SearchPlan { Filter = filter, Size = 1, Facets = facets }, result, cancellationToken);
        var filters = new List<FilterView>(asked.Length);
        for (var i = 0; i < asked.Length; i++)
        {
            var attribute = asked[i];
            // The facet of an amount counts its main currency only.
            var isCounted = attribute.Type != AttributeType.Money && (facets[i].Values || facets[i].Statistics);
            var count = isCounted ? result.Facets[i].Count : CountOf(attribute, filter, catalog.Snapshot);
            if (count > 0 || category is null || attribute.Attribute.AppliesTo(category))
            {
                filters.Add(View(attribute, language, catalog.Snapshot, facets[i], result.Facets[i], count, result.Total));
            }
        }
        filters.Sort(static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : string.CompareOrdinal(a.Attribute, b.Attribute));
        return new Listing { CatalogVersion = catalog.Version, Category = category, Stage = query.Stage, Total = result.Total, Filters = filters };
    }

    private static IResult Handle([AsParameters] Query query, HttpContext context, CatalogIndex index)
    {
        if (index.Current is not { } catalog)
        {
            return SearchProducts.Loading().ToHttp();
        }
        var language = AttributeLanguages.Choose(context.Request.Headers.AcceptLanguage.ToString(), catalog.Registry);
        var outcome = Run(query, language, catalog, Sight.Of(context), context.RequestAborted);
        if (outcome.Problem is { } problem)
        {
            return problem.ToHttp();
        }
        GetAttribute.DescribeLanguage(context, language);
        return GetAttribute.Cached(context, outcome.Value);
    }

    private static KeywordIn? CategoryFilter(ref string category, SearchLayout layout, IndexedCatalog catalog)
    {
        if (layout.Find(CategoryKey) is not { Column: >= 0, Type: AttributeType.Keyword or AttributeType.KeywordSet } attribute)
        {
            return null;
        }
        category = attribute.Attribute.Canonical(category);
        var asked = category;
        return catalog.Snapshot.FindTerm(attribute.Column, asked) >= 0 || catalog.Registry.Attributes.Any(other => other.Definition.Categories?.Contains(asked) ?? false)
            ? new KeywordIn(attribute.Column, [asked])
            : null;
    }

    private static Problem UnknownCategory(string category, SearchLayout layout, IndexedCatalog catalog)
    {
        var known = new List<string>();
        if (layout.Find(CategoryKey) is { Column: >= 0, Type: AttributeType.Keyword or AttributeType.KeywordSet } attribute)
        {
            for (var term = 0; term < catalog.Snapshot.TermCount(attribute.Column); term++)
            {
                known.Add(catalog.Snapshot.Term(attribute.Column, term));
            }
        }
        var detail = known.Count == 0 ? "No product has a category." : $"There is no category '{category}'; the nearest are {string.Join(", ", NearestNames.Find(category, known))}.";
        return SearchProblems.ValueInvalid.With(detail, [new FieldError("?category", SearchProblems.ValueInvalid.Code, detail)]);
    }

    private static FacetRequest Facet(SearchableAttribute attribute, Filter? filter, IndexSnapshot snapshot)
    {
        var over = filter;
        if (attribute.Type == AttributeType.Money && MainCurrency(attribute, filter, snapshot) is [var main, ..] and { Count: > 1 })
        {
            var inCurrency = new KeywordIn(attribute.CurrencyColumn, [main]);
            over = filter is null ? inCurrency : new AllOf([filter, inCurrency]);
        }
        return new FacetRequest(attribute.Column)
        {
            Limit = MaxValues,
            Over = over,
            Values = attribute.Attribute.IsFacetable && attribute.Type != AttributeType.Money,
            Statistics = attribute.IsQuantity,
        };
    }

    /// <summary>The currencies of an attribute's amounts, most frequent first.</summary>
    private static List<string> MainCurrency(SearchableAttribute attribute, Filter? filter, IndexSnapshot snapshot)
    {
        var result = new SearchResult();
        snapshot.Search(new SearchPlan { Filter = filter, Size = 1, Facets = [new FacetRequest(attribute.CurrencyColumn) { Limit = MaxValues }] }, result);
        return result.Facets[0].Values.ConvertAll(value => snapshot.Term(attribute.CurrencyColumn, value.Term));
    }

    private static long CountOf(SearchableAttribute attribute, Filter? filter, IndexSnapshot snapshot)
    {
        var exists = new Exists(attribute.Column);
        return snapshot.CountMatches(filter is null ? exists : new AllOf([filter, exists]));
    }

    private static FilterView View(
        SearchableAttribute attribute, string language, IndexSnapshot snapshot, FacetRequest request, FacetResult facet, long count, long total)
    {
        var definition = attribute.Attribute.Definition;
        var labels = definition.Labels?.GetValueOrDefault(language);
        var currencies = attribute.Type == AttributeType.Money ? MainCurrency(attribute, null, snapshot) : null;
        var hasValues = request.Values && (!attribute.IsQuantity || facet.Distinct <= MaxValues);
        return new FilterView
        {
            Attribute = attribute.Key,
            Title = labels?.Title ?? definition.Title,
            Description = labels?.Description ?? definition.Description,
            Type = attribute.Type,
            Operators = attribute.Attribute.Operators,
            Unit = attribute.Unit?.Code,
            ConvertibleUnits = attribute.Unit is { } unit ? Units.ConvertibleTo(unit) : null,
            Currencies = currencies,
            FullText = attribute.Attribute.IsFullText,
            Facetable = attribute.Attribute.IsFacetable,
            Sortable = attribute.Attribute.IsSortable,
            Stages = definition.Stages,
            Count = count,
            Coverage = total == 0 ? 0 : Math.Round((double)count / total, 4),
            Distinct = hasValues ? facet.Distinct : null,
            Values = hasValues ? Values(attribute, language, snapshot, facet) : null,
            Min = attribute.IsQuantity && facet.Count > 0 ? Wire(attribute, facet.Minimum, currencies) : null,
            Max = attribute.IsQuantity && facet.Count > 0 ? Wire(attribute, facet.Maximum, currencies) : null,
        };
    }

    private static List<FilterValue> Values(SearchableAttribute attribute, string language, IndexSnapshot snapshot, FacetResult facet)
    {
        var values = new List<FilterValue>(facet.Values.Count);
        foreach (var value in facet.Values)
        {
            if (value.Term < 0)
            {
                values.Add(new FilterValue(Wire(attribute, value.Number, null)!, null, value.Count));
                continue;
            }
            var term = snapshot.Term(attribute.Column, value.Term);
            var label = attribute.Attribute.Definition.Values?.FirstOrDefault(known => known.Value == term)?.Labels?.GetValueOrDefault(language);
            values.Add(new FilterValue(term, label, value.Count));
        }
        return values;
    }

    private static JsonNode? Wire(SearchableAttribute attribute, double number, List<string>? currencies)
    {
        var output = new SearchOutput();
        ValueWriter.Write(output, attribute, number, currencies is [var main, ..] ? main : null);
        return JsonNode.Parse(output.Written);
    }
}
