using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Common;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Searching;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Products;

/// <summary>A product in the index: its values are written as JSON straight from there, and its details read only where they are asked for.</summary>
internal sealed class IndexedProduct(DoorRequest request, IndexedCatalog catalog, DocumentRef document, long number) : ProductNode
{
    private const int TermsOnStack = 64;

    /// <summary>The answer that it is a hit of, and its place there; the parent of an edge's fields.</summary>
    public SearchAnswer? Answer { get; init; }

    public int Place { get; init; }

    public override FieldValue Id
    {
        get
        {
            var (output, start) = (request.Output, request.Output.Length);
            SearchWriter.WriteId(output, number);
            return Written(output, start);
        }
    }

    public override FieldValue ExternalId
    {
        get
        {
            var (output, start) = (request.Output, request.Output.Length);
            SearchWriter.WriteExternalId(output, catalog.Snapshot, document);
            return Written(output, start);
        }
    }

    public override FieldValue Read(int ordinal)
    {
        var attribute = request.Layout.Attributes[ordinal];
        var snapshot = catalog.Snapshot;
        switch (attribute.Type)
        {
            case AttributeType.Measure or AttributeType.Duration:
                return snapshot.TryGetNumber(document, attribute.Column, out var value) ? FieldValue.From(new MeasureNode(value, FieldValue.Json(attribute.UnitJson))) : FieldValue.Null;
            case AttributeType.Money:
                return ReadMoney(attribute);
            case AttributeType.Geo:
                return snapshot.TryGetGeo(document, attribute.Column, out var latitude, out var longitude) ? FieldValue.From(new GeoNode(latitude, longitude)) : FieldValue.Null;
            case AttributeType.KeywordSet:
                return ReadSet(attribute.Column);
            default:
                var (output, start) = (request.Output, request.Output.Length);
                return ValueWriter.TryWrite(output, snapshot, document, attribute) ? Written(output, start) : FieldValue.Null;
        }
    }

    public override FieldValue? TryReadAll(IReadOnlyList<object?>? keys)
    {
        if (keys is null)
        {
            return null;
        }
        var (output, layout) = (request.Output, request.Layout);
        for (var i = 0; i < keys.Count; i++)
        {
            if (layout.Find((string)keys[i]!) is not { Column: >= 0 })
            {
                return null;
            }
        }
        var start = output.Length;
        output.Add((byte)'{');
        for (var i = 0; i < keys.Count; i++)
        {
            var before = output.Length;
            var attribute = layout.Find((string)keys[i]!)!;
            if (before > start + 1)
            {
                output.Add((byte)',');
            }
            output.Add(attribute.KeyJson);
            if (IndexOf(keys, attribute.Key) < i || !ValueWriter.TryWrite(output, catalog.Snapshot, document, attribute))
            {
                output.BackTo(before);
            }
        }
        output.Add((byte)'}');
        return Written(output, start);
    }

    public override async ValueTask<Product?> DetailsAsync(ResolverContext context) =>
        (await context.LoadAsync(ProductLoader.ById, Ids.FromNumber(ProductReference.IdPrefix, number)))?.Product;

    private static int IndexOf(IReadOnlyList<object?> keys, string key)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if ((string)keys[i]! == key)
            {
                return i;
            }
        }
        return -1;
    }

    private static FieldValue Written(SearchOutput output, int start) => FieldValue.Json(output.Bytes, start, output.Length - start);

    private FieldValue ReadMoney(SearchableAttribute attribute)
    {
        Span<int> currency = stackalloc int[1];
        if (!catalog.Snapshot.TryGetNumber(document, attribute.Column, out var amount) || catalog.Snapshot.GetTerms(document, attribute.CurrencyColumn, currency) == 0)
        {
            return FieldValue.Null;
        }
        var (output, start) = (request.Output, request.Output.Length);
        output.Add(catalog.Snapshot.TermJson(attribute.CurrencyColumn, currency[0]));
        return FieldValue.From(new MoneyNode((long)amount, Written(output, start)));
    }

    private FieldValue ReadSet(int column)
    {
        Span<int> terms = stackalloc int[TermsOnStack];
        var count = catalog.Snapshot.GetTerms(document, column, terms);
        while (count == terms.Length)
        {
            // There may be more than there was room for.
            terms = new int[terms.Length * 8];
            count = catalog.Snapshot.GetTerms(document, column, terms);
        }
        if (count == 0)
        {
            return FieldValue.Null;
        }
        var values = new object?[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = catalog.Snapshot.Term(column, terms[i]);
        }
        return FieldValue.From(values);
    }
}
