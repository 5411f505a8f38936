using System.Globalization;
using System.Text.Json;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Preferences;

namespace CustobotGateway.Search;

/// <summary>
/// Turns a person's preferences into wishes of one search. A preference with a threshold is one wish. One without, such as "the quieter the better", becomes three
/// that step through the values of what the search finds, each with a third of the weight, so that what is better scores higher.
/// </summary>
internal sealed class PreferenceWishes(IndexedCatalog catalog, SearchRequest request, Sight sight, Func<SearchRequest, SearchResult, BoundSearch?> search)
{
    private const double BrandWeight = 0.5;
    private const double DeliveryWeight = 0.5;
    private const double StanceWeight = 0.5;

    private static readonly double[] Steps = [0.25, 0.5, 0.75];
    private static readonly string[] EfficientClasses = ["A", "B"];

    private readonly SearchLayout _layout = SearchLayout.Of(catalog);
    private readonly List<AppliedPreference> _applied = [];
    private readonly List<Graded> _graded = [];

    /// <summary>The search with the wishes behind its own, and what became of each preference.</summary>
    public SearchRequest Apply(BuyingPreferences preferences)
    {
        for (var i = 0; i < (preferences.Weights?.Count ?? 0); i++)
        {
            var wish = preferences.Weights![i];
            Want(string.Create(CultureInfo.InvariantCulture, $"/weights/{i}"), wish.Attribute, wish.Direction, ValueOf(wish.Value), wish.Weight);
        }
        if (preferences.Brands is { } brands)
        {
            AddBrands(brands);
        }
        if (preferences.Delivery is { } delivery)
        {
            Want("/delivery/max_days", "delivery_time", WishDirection.Lower, ConstraintValue.Measure(delivery.MaxDays, "d"), DeliveryWeight);
        }
        if (preferences.Sustainability is { } sustainability)
        {
            AddSustainability(sustainability);
        }
        switch (preferences.BudgetStance)
        {
            case BudgetStance.Frugal:
                Want("/budget_stance", "price", WishDirection.Lower, null, StanceWeight);
                break;
            case BudgetStance.Generous:
                Want("/budget_stance", "rating", WishDirection.Higher, null, StanceWeight);
                break;
        }
        Grade();
        return request with { Should = [.. request.Should, .. _applied.Select(applied => applied.Constraint).OfType<Constraint>()], Applied = _applied };
    }

    private void AddBrands(BrandWishes brands)
    {
        if (brands.Prefer is { Count: > 0 } liked)
        {
            Add("/brands/prefer", "brand", new Constraint { Attribute = "brand", Op = Operator.In, Values = [.. liked.Select(ConstraintValue.Of)], Weight = BrandWeight });
        }
        if (brands.Avoid is { Count: > 0 } disliked)
        {
            // A wish that every other brand meets: what is disliked is found all the same, behind the others.
            Add("/brands/avoid", "brand", new Constraint
            {
                Not = [new Constraint { Attribute = "brand", Op = Operator.In, Values = [.. disliked.Select(ConstraintValue.Of)] }],
                Weight = BrandWeight,
            });
        }
    }

    private void AddSustainability(SustainabilityWish wish)
    {
        if (wish.Repairable)
        {
            Want("/sustainability/repairable", "repairability_index", WishDirection.Higher, null, wish.Weight);
        }
        if (wish.Recycled)
        {
            Want("/sustainability/recycled", "recyclable", WishDirection.Is, ConstraintValue.Of(true), wish.Weight);
            Want("/sustainability/recycled", "recycled_content", WishDirection.Higher, null, wish.Weight);
        }
        if (wish.Efficient)
        {
            Add("/sustainability/efficient", "energy_class", new Constraint
            {
                Attribute = "energy_class",
                Op = Operator.In,
                Values = [.. EfficientClasses.Select(ConstraintValue.Of)],
                Weight = wish.Weight,
            });
            Want("/sustainability/efficient", "energy_consumption", WishDirection.Lower, null, wish.Weight);
        }
        if (wish.Labels is { Count: > 0 } labels)
        {
            Add("/sustainability/labels", "certifications", new Constraint { Attribute = "certifications", Op = Operator.In, Values = [.. labels.Select(ConstraintValue.Of)], Weight = wish.Weight });
        }
    }

    private void Want(string preference, string key, WishDirection direction, ConstraintValue? value, double weight)
    {
        if (value is not null)
        {
            Add(preference, key, new Constraint { Attribute = key, Op = OperatorOf(direction), Value = value, Weight = weight });
        }
        else if (Find(preference, key) is { } attribute)
        {
            _graded.Add(new Graded(_applied.Count, preference, attribute, direction, weight));
        }
    }

    private void Add(string preference, string key, Constraint wish)
    {
        if (Find(preference, key) is null)
        {
            return;
        }
        _applied.Add(SearchBinder.FaultOf(catalog, request, wish) is { } fault
            ? new AppliedPreference(preference, null, fault.Errors.Count > 0 ? fault.Errors[0].Code : fault.Type.Code, fault.Errors.Count > 0 ? fault.Errors[0].Detail : fault.Detail)
            : new AppliedPreference(preference, wish));
    }

    private SearchableAttribute? Find(string preference, string key)
    {
        if (_layout.Find(key) is { Column: >= 0 } attribute && attribute.Attribute.IsSeenBy(sight with { Staff = false }))
        {
            return attribute;
        }
        _applied.Add(new AppliedPreference(preference, null, "unknown_attribute", $"The catalogue has no attribute '{key}' to search by."));
        return null;
    }

    // One search for the bounds of all of them, over what the caller's own constraints leave. Inserted from behind, so that places stay right.
    private void Grade()
    {
        var possible = _graded.Where(wish => FaultOf(wish) is null).ToArray();
        string[] keys = [.. possible.Select(wish => wish.Attribute.Key).Distinct()];
        var result = new SearchResult();
        var bound = keys.Length == 0 ? null : search(
            request with { Should = [], Sort = [], Select = [], Explain = false, Page = new PageClause { Size = 1 }, Facets = [.. keys.Select(key => new FacetClause { Attribute = key, Stats = true })] }, result);
        foreach (var wish in Enumerable.Reverse(_graded))
        {
            var facet = bound is null ? -1 : Array.IndexOf(keys, wish.Attribute.Key);
            _applied.InsertRange(wish.Place, FaultOf(wish) is { } fault ? [fault]
                : facet < 0 || result.Facets[facet] is not { Count: > 0 } range || range.Maximum <= range.Minimum
                    ? [new AppliedPreference(wish.Preference, null, "nothing_to_compare", $"What was found does not differ in {wish.Attribute.Key}.")]
                : Steps.Select(step => new AppliedPreference(wish.Preference, new Constraint
                {
                    Attribute = wish.Attribute.Key,
                    Op = OperatorOf(wish.Direction),
                    Value = Threshold(wish.Attribute.Type, range.Minimum + ((range.Maximum - range.Minimum) * step), bound!.Facets[facet].Currency),
                    Weight = wish.Weight / Steps.Length,
                })));
        }
    }

    private AppliedPreference? FaultOf(Graded wish) =>
        !wish.Attribute.IsQuantity || wish.Attribute.Type == AttributeType.Date || !wish.Attribute.Attribute.IsFacetable
            ? new AppliedPreference(wish.Preference, null, "value_needed", $"Of {wish.Attribute.Key} the preference has to say from which value on it is good.")
        : wish.Attribute.Type == AttributeType.Money && catalog.Snapshot.TermCount(wish.Attribute.CurrencyColumn) != 1
            ? new AppliedPreference(wish.Preference, null, "currencies_differ", $"The catalogue has {wish.Attribute.Key} in several currencies, which are not compared.")
        : null;

    /// <summary>The wish as a constraint; null where it has no threshold.</summary>
    internal static Constraint? ConstraintOf(AttributeWish wish) =>
        ValueOf(wish.Value) is { } value ? new Constraint { Attribute = wish.Attribute, Op = OperatorOf(wish.Direction), Value = value } : null;

    private static ConstraintValue Threshold(AttributeType type, double value, string? currency) => type switch
    {
        AttributeType.Money => ConstraintValue.Money((decimal)Math.Round(value), currency!),
        AttributeType.Integer => ConstraintValue.Of((decimal)Math.Round(value)),
        _ => ConstraintValue.Of((decimal)Math.Round(value, 3)),
    };

    private static Operator OperatorOf(WishDirection direction) => direction switch { WishDirection.Higher => Operator.Gte, WishDirection.Lower => Operator.Lte, _ => Operator.Eq };

    private static ConstraintValue? ValueOf(JsonElement? value) => value is not { } given ? null : given.ValueKind switch
    {
        JsonValueKind.Number => given.TryGetDecimal(out var number) ? ConstraintValue.Of(number) : ConstraintValue.OutOfRange,
        JsonValueKind.String => ConstraintValue.Of(given.GetString()!),
        JsonValueKind.True => ConstraintValue.Of(true),
        JsonValueKind.False => ConstraintValue.Of(false),
        JsonValueKind.Object when given.TryGetProperty("amount", out var amount) && amount.TryGetDecimal(out var minor) && given.TryGetProperty("currency", out var currency) =>
            ConstraintValue.Money(minor, currency.GetString() ?? ""),
        JsonValueKind.Object when given.TryGetProperty("value", out var quantity) && quantity.TryGetDecimal(out var number) =>
            ConstraintValue.Measure(number, given.TryGetProperty("unit", out var unit) ? unit.GetString() : null),
        _ => ConstraintValue.OutOfRange,
    };

    private sealed record Graded(int Place, string Preference, SearchableAttribute Attribute, WishDirection Direction, double Weight);
}
