using System.Globalization;
using System.Text.Json.Nodes;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;

namespace CustobotGateway.Search;

/// <summary>Says of each hit how it stands to each condition, and of an empty answer why it is empty.</summary>
internal sealed class ExplainSearch
{
    private readonly BoundSearch _search;
    private readonly IndexSnapshot _snapshot;
    private readonly SearchLayout _layout;
    private readonly List<Condition> _conditions = [];

    private ExplainSearch(BoundSearch search)
    {
        (_search, _snapshot, _layout) = (search, search.Catalog.Snapshot, SearchLayout.Of(search.Catalog));
        Collect(search.Request.Must, "/must", false);
        Collect(search.Request.Should, "/should", false);
        Collect(search.Request.MustNot, "/must_not", true);
    }

    public static SearchExplanation Explain(BoundSearch search, SearchResult result, CancellationToken cancellationToken)
    {
        if (result.Total == 0)
        {
            return ExplainEmpty.Explain(search, cancellationToken);
        }
        var explain = new ExplainSearch(search);
        var hits = new IReadOnlyList<ConditionOutcome>[result.Hits.Count];
        for (var i = 0; i < hits.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hits[i] = explain.OfHit(result.Hits[i].Document);
        }
        return new SearchExplanation { Hits = hits };
    }

    private void Collect(IReadOnlyList<Constraint> constraints, string prefix, bool negated, bool single = false)
    {
        for (var i = 0; i < constraints.Count; i++)
        {
            var pointer = single ? prefix : string.Create(CultureInfo.InvariantCulture, $"{prefix}/{i}");
            var constraint = constraints[i];
            if (constraint.Parts is not { } parts)
            {
                _conditions.Add(new Condition(constraint, pointer, negated, SearchBinder.BindOne(_search, constraint), _layout.Find(constraint.Attribute!)));
                continue;
            }
            var group = constraint.Any is not null ? "/any" : constraint.All is not null ? "/all" : "/not";
            Collect(parts, pointer + group, constraint.Not is null ? negated : !negated, constraint.HasSingleNot);
        }
    }

    private List<ConditionOutcome> OfHit(DocumentRef document)
    {
        var outcomes = new List<ConditionOutcome>(_conditions.Count + 1);
        if (_search.Words is { } words)
        {
            outcomes.Add(new ConditionOutcome { Pointer = "/query", Op = "matches", Outcome = _snapshot.Matches(words, document) ? "met" : "missed" });
        }
        foreach (var condition in _conditions)
        {
            outcomes.Add(OfCondition(condition, document));
        }
        return outcomes;
    }

    private ConditionOutcome OfCondition(Condition condition, DocumentRef document)
    {
        var (constraint, attribute) = (condition.Constraint, condition.Attribute);
        var known = attribute is null || _snapshot.HasValue(document, attribute.Column);
        var met = _snapshot.Matches(condition.Filter, document) != condition.Negated;
        var missed = known && !met;
        return new ConditionOutcome
        {
            Pointer = condition.Pointer,
            Attribute = constraint.Attribute,
            Op = SearchRequestReader.NameOf(constraint.Op!.Value),
            Outcome = !known && constraint.Op != Operator.Exists ? "unknown" : met ? "met" : "missed",
            Actual = known && attribute is not null ? ValueOf(attribute, document) : null,
            MissedBy = missed && !condition.Negated && attribute is not null ? ShortfallOf(condition.Filter, constraint, attribute, document) : null,
        };
    }

    private JsonNode? ValueOf(SearchableAttribute attribute, DocumentRef document)
    {
        var output = new SearchOutput();
        return ValueWriter.TryWrite(output, _snapshot, document, attribute) ? JsonNode.Parse(output.Written) : null;
    }

    private Shortfall? ShortfallOf(Filter filter, Constraint constraint, SearchableAttribute attribute, DocumentRef document)
    {
        if (filter is Within circle && _snapshot.TryGetGeo(document, attribute.Column, out var latitude, out var longitude))
        {
            return new Shortfall(Math.Round(GreatCircle.Metres(circle.Latitude, circle.Longitude, latitude, longitude) - circle.RadiusMetres, 3), "m");
        }
        // Amounts of several currencies: the range is one part of two.
        var range = filter as NumberRange ?? (filter as AllOf)?.Parts.OfType<NumberRange>().FirstOrDefault();
        if (range is null || !attribute.IsQuantity || constraint.Op == Operator.Eq || !_snapshot.TryGetNumber(document, attribute.Column, out var actual))
        {
            return null;
        }
        if (actual >= range.Minimum && actual <= range.Maximum)
        {
            // Only products without a value are wanted: this one is not missed by a bound.
            return null;
        }
        var bound = actual < range.Minimum ? range.Minimum : range.Maximum;
        // Decimals: 15 digits of either bring the bound back as it was written, also where it was exclusive.
        var difference = Math.Abs((decimal)bound - (decimal)actual);
        return attribute.Type switch
        {
            AttributeType.Date => new Shortfall((double)Math.Ceiling(difference / 864m) / 100, "d"),
            AttributeType.Money => new Shortfall((double)difference, (constraint.Value ?? constraint.From)?.Text),
            _ => new Shortfall((double)difference, attribute.Unit?.Code),
        };
    }

    private sealed record Condition(Constraint Constraint, string Pointer, bool Negated, Filter Filter, SearchableAttribute? Attribute);
}
