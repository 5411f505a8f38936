using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <summary>One facet of an answer.</summary>
internal sealed class FacetNode(DoorRequest request, IndexSnapshot snapshot, BoundFacet facet, FacetRequest asked, FacetResult result)
{
    public FieldValue Attribute => facet.Attribute.Key;

    public FieldValue Unit => facet.Attribute.Type is AttributeType.Measure or AttributeType.Duration ? facet.Attribute.Unit?.Code : null;

    public FieldValue Missing => result.Missing;

    public FieldValue Other => facet.HasValues ? result.Other : FieldValue.Null;

    public FieldValue Values
    {
        get
        {
            if (!facet.HasValues)
            {
                return FieldValue.Null;
            }
            var values = new object?[result.Values.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = new ValueNode(this, result.Values[i]);
            }
            return FieldValue.From(values);
        }
    }

    public FieldValue Ranges => asked.Ranges.Count == 0 ? FieldValue.Null
        : FieldValue.From(asked.Ranges.Select((range, i) => (object?)new RangeNode(this, range, result.Ranges[i])).ToArray());

    public FieldValue Stats => asked.Statistics ? FieldValue.From(new StatsNode(this)) : FieldValue.Null;

    private FieldValue Number(double number)
    {
        var (output, start) = (request.Output, request.Output.Length);
        ValueWriter.Write(output, facet.Attribute, number, facet.Currency);
        return FieldValue.Json(output.Bytes, start, output.Length - start);
    }

    /// <summary>A value with its count.</summary>
    internal sealed class ValueNode(FacetNode facet, FacetCount count)
    {
        public FieldValue Count => count.Count;

        public FieldValue Value => count.Term < 0 ? facet.Number(count.Number) : facet.Term(count.Term);

        public FieldValue Name => count.Term < 0 ? FieldValue.Null : facet.NameOf(count.Term);
    }

    /// <summary>A range with its count.</summary>
    internal sealed class RangeNode(FacetNode facet, FacetRange range, long count)
    {
        public FieldValue Count => count;

        public FieldValue From => double.IsFinite(range.From) ? facet.Number(range.From) : FieldValue.Null;

        public FieldValue To => double.IsFinite(range.To) ? facet.Number(range.To) : FieldValue.Null;
    }

    /// <summary>Statistics.</summary>
    internal sealed class StatsNode(FacetNode facet)
    {
        public FieldValue Count => facet.ResultCount;

        public FieldValue Min => facet.ResultCount > 0 ? facet.Number(facet.Least) : FieldValue.Null;

        public FieldValue Max => facet.ResultCount > 0 ? facet.Number(facet.Most) : FieldValue.Null;
    }

    private long ResultCount => result.Count;

    private double Least => result.Minimum;

    private double Most => result.Maximum;

    private FieldValue Term(int term)
    {
        var (output, start) = (request.Output, request.Output.Length);
        output.Add(snapshot.TermJson(facet.Attribute.Column, term));
        return FieldValue.Json(output.Bytes, start, output.Length - start);
    }

    private FieldValue NameOf(int term) => request.Names.ByKey(facet.Attribute.Key) is { EnumType: not null } names ? names.NameOf(snapshot.Term(facet.Attribute.Column, term)) : null;
}
