using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;

namespace CustobotGateway.Search;

/// <content>Facets.</content>
public sealed partial class SearchBinder
{
    private const int DefaultFacetLimit = 10;

    private BoundFacet[] BindFacets(out FacetRequest[] requests, TextMatch? words, Filter[] must, Filter[] mustNot)
    {
        var clauses = _request.Facets;
        if (clauses.Count == 0)
        {
            requests = [];
            return [];
        }
        var facets = new BoundFacet[clauses.Count];
        requests = new FacetRequest[clauses.Count];
        for (var i = 0; i < facets.Length; i++)
        {
            var clause = clauses[i];
            if (Find(clause.Attribute, ("/facets", i, "/attribute")) is not { } attribute)
            {
                continue;
            }
            for (var before = 0; before < i; before++)
            {
                if (ReferenceEquals(facets[before].Attribute, attribute))
                {
                    Refuse<object>(SearchProblems.FacetNotSupported, $"/facets/{i}/attribute", $"{clause.Attribute} is asked twice; one facet gives values, ranges and statistics together.");
                }
            }
            if (!attribute.Attribute.IsFacetable)
            {
                Refuse<object>(SearchProblems.FacetNotSupported, $"/facets/{i}/attribute", $"{clause.Attribute} has no facet.");
                continue;
            }
            if ((clause.Stats || clause.Ranges is not null) && !attribute.IsQuantity)
            {
                Refuse<object>(SearchProblems.FacetNotSupported, $"/facets/{i}/{(clause.Stats ? "stats" : "ranges")}", $"{clause.Attribute} has values only: statistics and ranges are for numbers, amounts and dates.");
                continue;
            }
            var currency = attribute.Type == AttributeType.Money ? CurrencyOf(clause, attribute, i) : null;
            var over = clause.ExcludeOwn && Mentions(attribute.Key) ? Lifted(attribute.Key, words, must, mustNot) : null;
            if (currency is { Length: > 0 } && _catalog.Snapshot.TermCount(attribute.CurrencyColumn) > 1)
            {
                var inCurrency = new KeywordIn(attribute.CurrencyColumn, [currency]);
                over = (over ?? Combine(words, must, mustNot)) is { } condition ? new AllOf([condition, inCurrency]) : inCurrency;
            }
            var hasValues = clause.Limit is not null || (!clause.Stats && clause.Ranges is null);
            facets[i] = new BoundFacet(attribute, clause, hasValues, currency);
            requests[i] = new FacetRequest(attribute.Column)
            {
                Limit = clause.Limit ?? DefaultFacetLimit,
                Over = over,
                Values = hasValues,
                Statistics = clause.Stats,
                Ranges = clause.Ranges is null ? [] : BindRanges(clause, attribute, i, currency),
            };
        }
        return facets;
    }

    private FacetRange[] BindRanges(FacetClause clause, SearchableAttribute attribute, int index, string? currency)
    {
        var ranges = new FacetRange[clause.Ranges!.Count];
        for (var i = 0; i < ranges.Length; i++)
        {
            var (from, to) = (double.NegativeInfinity, double.PositiveInfinity);
            if (clause.Ranges[i].From is { } lower)
            {
                from = BindBound(lower, $"/facets/{index}/ranges/{i}/from");
            }
            if (clause.Ranges[i].To is { } upper)
            {
                to = BindBound(upper, $"/facets/{index}/ranges/{i}/to");
            }
            if (from > to)
            {
                Refuse<object>(SearchProblems.RangeReversed, $"/facets/{index}/ranges/{i}", "from is above to: exchange them.");
            }
            ranges[i] = new FacetRange(from, to);
        }
        return ranges;

        double BindBound(ConstraintValue value, string pointer)
        {
            if (!OperandReader.TryRead(attribute, value, clause.Unit, out var bound, out var fault))
            {
                return Refuse<double>(fault.Type, fault.Member.Length == 0 ? pointer : value.Kind == ConstraintValueKind.Measure ? $"{pointer}/unit" : $"/facets/{index}/unit", fault.Detail);
            }
            return attribute.Type == AttributeType.Money && currency is { Length: > 0 } && value.Text != currency
                ? Refuse<double>(SearchProblems.CurrencyNotAvailable, pointer + "/currency", $"The facet counts amounts in {currency}.")
                : bound.Lowest;
        }
    }

    /// <summary>The currency that a facet counts: the one asked, the only one, or the one that a constraint names.</summary>
    private string CurrencyOf(FacetClause clause, SearchableAttribute attribute, int index)
    {
        if (clause.Currency is { } asked)
        {
            return HasCurrency(attribute, asked)
                ? asked
                : Refuse<string>(SearchProblems.CurrencyNotAvailable, $"/facets/{index}/currency", $"No product has {attribute.Key} in '{asked}'; there are {string.Join(", ", Currencies(attribute))}.") ?? "";
        }
        switch (_catalog.Snapshot.TermCount(attribute.CurrencyColumn))
        {
            case 0:
                return "";
            case 1:
                return _catalog.Snapshot.Term(attribute.CurrencyColumn, 0);
            default:
                return NamedCurrency(_request.Must, attribute.Key)
                    ?? Refuse<string>(SearchProblems.CurrencyRequired, $"/facets/{index}", $"{attribute.Key} is in {string.Join(", ", Currencies(attribute))}: give the facet a currency.") ?? "";
        }
    }

    private static string? NamedCurrency(IReadOnlyList<Constraint> constraints, string key)
    {
        foreach (var constraint in constraints)
        {
            if (constraint.Attribute == key && (constraint.Value ?? constraint.From ?? constraint.Values?[0]) is { Kind: ConstraintValueKind.Money } value)
            {
                return value.Text;
            }
        }
        return null;
    }

    private bool Mentions(string key) => Mentions(_request.Must, key) || Mentions(_request.MustNot, key);

    private static bool Mentions(IReadOnlyList<Constraint> constraints, string key)
    {
        for (var i = 0; i < constraints.Count; i++)
        {
            if (Mentions(constraints[i], key))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Mentions(Constraint constraint, string key) =>
        constraint.Parts is { } parts ? Mentions(parts, key) : constraint.Attribute == key;

    /// <summary>
    /// The search's condition without what it asks of one attribute: each condition on it is taken as one that hinders no product,
    /// also inside groups. So <c>any</c> of a panel type and a brand no longer excludes anything when panel types are counted.
    /// </summary>
    private Filter Lifted(string key, TextMatch? words, Filter[] must, Filter[] mustNot) =>
        Combine(words, Lift(_request.Must, must, key, true), Lift(_request.MustNot, mustNot, key, false)) ?? new AllOf([]);

    private Filter[] Lift(IReadOnlyList<Constraint> constraints, Filter[] filters, string key, bool positive)
    {
        var lifted = new List<Filter>(filters.Length);
        for (var i = 0; i < filters.Length; i++)
        {
            if (constraints[i].Parts is not null && Mentions(constraints[i], key))
            {
                lifted.Add(Lift(constraints[i], key, positive));
            }
            else if (constraints[i].Attribute != key)
            {
                lifted.Add(filters[i]);
            }
        }
        return [.. lifted];
    }

    private Filter Lift(Constraint constraint, string key, bool positive)
    {
        if (constraint.Parts is not { } parts)
        {
            return constraint.Attribute != key ? Bind(constraint) : positive ? new AllOf([]) : new AnyOf([]);
        }
        var lifted = new Filter[parts.Count];
        for (var i = 0; i < lifted.Length; i++)
        {
            lifted[i] = Lift(parts[i], key, constraint.Not is null ? positive : !positive);
        }
        return constraint.All is not null ? new AllOf(lifted) : constraint.Any is not null ? new AnyOf(lifted) : new Not(new AnyOf(lifted));
    }
}
