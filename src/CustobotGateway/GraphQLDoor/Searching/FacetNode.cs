using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <summary>One facet of an answer.</summary>
internal sealed class FacetNode(DoorRequest request, IndexSnapshot snapshot, BoundFacet facet, FacetRequest asked, FacetResult result)
{
    public static void Bind(Resolvers resolvers) => resolvers
        .Leaf<FacetNode>("Facet", "attribute", (in facet, values) => values.WriteAscii(facet.Attribute.Key))
        .Leaf<FacetNode>("Facet", "unit", (in facet, values) => facet.TryWriteUnit(values))
        .Leaf<FacetNode>("Facet", "missing", (in facet, values) => values.Write(facet.Result.Missing))
        .Leaf<FacetNode>("Facet", "other", (in facet, values) => facet.HasValues && values.Write(facet.Result.Other))
        .List<FacetNode, ValueCount>("Facet", "values",
            (in facet) => facet.HasValues ? facet.Result.Values.Count : -1, (in facet, i) => new ValueCount(facet, facet.Result.Values[i]))
        .List<FacetNode, RangeCount>("Facet", "ranges",
            (in facet) => facet.Ranges.Count > 0 ? facet.Ranges.Count : -1, (in facet, i) => new RangeCount(facet, facet.Ranges[i], facet.Result.Ranges[i]))
        .Object("Facet", "stats", (in FacetNode facet, out Statistics statistics) =>
        {
            statistics = new Statistics(facet);
            return facet.HasStatistics;
        })
        .Leaf<ValueCount>("FacetValue", "value", (in value, values) => value.Facet.Write(value.Count, values))
        .Leaf<ValueCount>("FacetValue", "name", (in value, values) => values.WriteAscii(value.Facet.NameOf(value.Count)))
        .Leaf<ValueCount>("FacetValue", "count", (in value, values) => values.Write(value.Count.Count))
        .Leaf<RangeCount>("FacetRange", "from", (in range, values) => double.IsFinite(range.Range.From) && range.Facet.Write(range.Range.From, values))
        .Leaf<RangeCount>("FacetRange", "to", (in range, values) => double.IsFinite(range.Range.To) && range.Facet.Write(range.Range.To, values))
        .Leaf<RangeCount>("FacetRange", "count", (in range, values) => values.Write(range.Count))
        .Leaf<Statistics>("FacetStats", "count", (in statistics, values) => values.Write(statistics.Facet.Result.Count))
        .Leaf<Statistics>("FacetStats", "min", (in statistics, values) => statistics.Facet.Result is { Count: > 0 } result && statistics.Facet.Write(result.Minimum, values))
        .Leaf<Statistics>("FacetStats", "max", (in statistics, values) => statistics.Facet.Result is { Count: > 0 } result && statistics.Facet.Write(result.Maximum, values));

    private RegisteredAttribute Attribute => facet.Attribute.Attribute;

    private FacetResult Result => result;

    private IReadOnlyList<FacetRange> Ranges => asked.Ranges;

    private bool HasValues => facet.HasValues;

    private bool HasStatistics => asked.Statistics;

    private bool TryWriteUnit(IValueBuffer values)
    {
        if (facet.Attribute.Type is not (AttributeType.Measure or AttributeType.Duration))
        {
            return false;
        }
        values.Add(facet.Attribute.UnitJson);
        return true;
    }

    private bool Write(double number, IValueBuffer values)
    {
        ValueWriter.Write(values.Output(), facet.Attribute, number, facet.Currency);
        return true;
    }

    private bool Write(in FacetCount count, IValueBuffer values)
    {
        if (count.Term < 0)
        {
            return Write(count.Number, values);
        }
        values.Add(snapshot.TermJson(facet.Attribute.Column, count.Term));
        return true;
    }

    private string? NameOf(in FacetCount count) =>
        count.Term >= 0 && request.Names.ByKey(facet.Attribute.Key) is { EnumType: not null } names ? names.NameOf(snapshot.Term(facet.Attribute.Column, count.Term)) : null;

    /// <summary>A value with its count.</summary>
    private readonly record struct ValueCount(FacetNode Facet, FacetCount Count);

    /// <summary>A range with its count.</summary>
    private readonly record struct RangeCount(FacetNode Facet, FacetRange Range, long Count);

    /// <summary>The parent of the statistics' fields.</summary>
    private readonly record struct Statistics(FacetNode Facet);
}
