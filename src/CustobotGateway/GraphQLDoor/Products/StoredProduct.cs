using System.Runtime.InteropServices;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Products;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Products;

/// <summary>A product as the database has it.</summary>
internal sealed class StoredProduct(Product product, AttributeRegistry registry) : ProductNode
{
    public Product Product => product;

    public override bool WriteId(SearchOutput output)
    {
        output.AddAsciiString(product.Id);
        return true;
    }

    public override bool WriteExternalId(SearchOutput output)
    {
        output.AddString(product.ExternalId);
        return true;
    }

    public override bool TryWrite(int ordinal, SearchOutput output)
    {
        if (!product.Attributes.TryGetValue(registry.Attributes[ordinal].Key, out var value))
        {
            return false;
        }
        output.Add(JsonMarshal.GetRawUtf8Value(value));
        return true;
    }

    public override bool Has(int ordinal) => product.Attributes.ContainsKey(registry.Attributes[ordinal].Key);

    public override bool WritePart(int ordinal, ValuePart part, SearchOutput output)
    {
        var attribute = registry.Attributes[ordinal];
        var value = product.Attributes[attribute.Key];
        output.Add(JsonMarshal.GetRawUtf8Value((attribute.Type, part) switch
        {
            (AttributeType.Money, ValuePart.Number) => value.GetProperty("amount"),
            (AttributeType.Money, _) => value.GetProperty("currency"),
            (AttributeType.Geo, _) => value[part == ValuePart.Latitude ? 0 : 1],
            (_, ValuePart.Number) => value.GetProperty("value"),
            _ => value.GetProperty("unit"),
        }));
        return true;
    }

    public override FieldValue? TryReadAll(IReadOnlyList<object?>? keys) => ReadAll(product, keys);

    public override ValueTask<Product?> DetailsAsync(ResolverContext context) => new(product);

    /// <summary>The values of these attributes as JSON, or of all.</summary>
    public static FieldValue ReadAll(Product product, IReadOnlyList<object?>? keys) => Of(product.Attributes, keys);

    /// <summary>The members of these keys as JSON, or all members.</summary>
    public static FieldValue Of<T>(IReadOnlyDictionary<string, T> members, IReadOnlyList<object?>? keys) => FieldValue.Json(JsonSerializer.SerializeToUtf8Bytes(
        keys is null ? members : keys.Cast<string>().Distinct().Where(members.ContainsKey).ToDictionary(key => key, key => members[key]), Common.Json.Options));
}

/// <summary>Reads products from the database, all that a request asks for at once.</summary>
internal static class ProductLoader
{
    /// <summary>By id, or by the merchant's key written <c>external_id:KEY</c>.</summary>
    public static readonly BatchLoader<string, StoredProduct> ById = new(LoadAsync, BatchSize);

    private const int BatchSize = 100;

    private static async ValueTask<IReadOnlyDictionary<string, StoredProduct>> LoadAsync(IReadOnlyList<string> ids, object? state, CancellationToken cancellationToken)
    {
        var request = (DoorRequest)state!;
        var registry = request.Services.Registry.Current;
        var found = await DatabaseReads.RunAsync(() =>
            BatchGetProducts.RunAsync(new BatchGetProducts.Request(ids), request.Sight, request.Services.Database, registry, cancellationToken));
        var (byId, byKey) = (found.Products.ToDictionary(product => product.Id), found.Products.ToDictionary(product => product.ExternalId, StringComparer.Ordinal));
        var products = new Dictionary<string, StoredProduct>();
        foreach (var id in ids)
        {
            var reference = ProductReference.Parse(id, null);
            if ((reference.ExternalId is { } key ? byKey.GetValueOrDefault(key) : byId.GetValueOrDefault(reference.ToString())) is { } product)
            {
                products[id] = new StoredProduct(product, registry);
            }
        }
        return products;
    }
}
