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
    private const int NumberBytes = 32;

    private readonly SearchLayout _layout = request.Layout;

    /// <summary>The answer that it is a hit of, and its place there; the parent of an edge's fields.</summary>
    public SearchAnswer? Answer { get; init; }

    public int Place { get; init; }

    public override bool WriteId(SearchOutput output)
    {
        SearchWriter.WriteId(output, number);
        return true;
    }

    public override bool WriteExternalId(SearchOutput output)
    {
        SearchWriter.WriteExternalId(output, catalog.Snapshot, document);
        return true;
    }

    public override bool TryWrite(int ordinal, SearchOutput output) => IsShown(_layout.Attributes[ordinal]) && ValueWriter.TryWrite(output, catalog.Snapshot, document, _layout.Attributes[ordinal]);

    public override bool Has(int ordinal)
    {
        var (attribute, snapshot) = (_layout.Attributes[ordinal], catalog.Snapshot);
        Span<int> currency = stackalloc int[1];
        return IsShown(attribute) && attribute.Type switch
        {
            AttributeType.Geo => snapshot.TryGetGeo(document, attribute.Column, out _, out _),
            AttributeType.Money => snapshot.TryGetNumber(document, attribute.Column, out _) && snapshot.GetTerms(document, attribute.CurrencyColumn, currency) > 0,
            _ => snapshot.TryGetNumber(document, attribute.Column, out _),
        };
    }

    public override bool WritePart(int ordinal, ValuePart part, SearchOutput output)
    {
        var (attribute, snapshot) = (_layout.Attributes[ordinal], catalog.Snapshot);
        switch (part)
        {
            case ValuePart.Number:
                var any = snapshot.TryFormatNumber(document, attribute.Column, output.Reserve(NumberBytes), out var written);
                output.Advance(written);
                return any;
            case ValuePart.Unit when attribute.Type == AttributeType.Money:
                Span<int> currency = stackalloc int[1];
                if (snapshot.GetTerms(document, attribute.CurrencyColumn, currency) == 0)
                {
                    return false;
                }
                output.Add(snapshot.TermJson(attribute.CurrencyColumn, currency[0]));
                return true;
            case ValuePart.Unit:
                output.Add(attribute.UnitJson);
                return true;
            default:
                if (!snapshot.TryGetGeo(document, attribute.Column, out var latitude, out var longitude))
                {
                    return false;
                }
                output.Add(part == ValuePart.Latitude ? latitude : longitude);
                return true;
        }
    }

    public override FieldValue? TryReadAll(IReadOnlyList<object?>? keys)
    {
        if (keys is null)
        {
            return null;
        }
        var output = request.Output;
        for (var i = 0; i < keys.Count; i++)
        {
            if (_layout.Find((string)keys[i]!) is not { Column: >= 0 })
            {
                return null;
            }
        }
        var start = output.Length;
        output.Add((byte)'{');
        for (var i = 0; i < keys.Count; i++)
        {
            var before = output.Length;
            var attribute = _layout.Find((string)keys[i]!)!;
            if (before > start + 1)
            {
                output.Add((byte)',');
            }
            output.Add(attribute.KeyJson);
            if (IndexOf(keys, attribute.Key) < i || !IsShown(attribute) || !ValueWriter.TryWrite(output, catalog.Snapshot, document, attribute))
            {
                output.BackTo(before);
            }
        }
        output.Add((byte)'}');
        return FieldValue.Json(output.Bytes, start, output.Length - start);
    }

    public override async ValueTask<Product?> DetailsAsync(ResolverContext context) =>
        (await context.LoadAsync(ProductLoader.ById, Ids.FromNumber(ProductReference.IdPrefix, number)))?.Product;

    private bool IsShown(SearchableAttribute attribute) => !(request.Sight.HidesPrices && attribute.Attribute.IsPrice);

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
}
