using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Products;
using CustobotGateway.GraphQL.Execution;

namespace CustobotGateway.GraphQLDoor.Products;

/// <summary>A product as the database has it.</summary>
internal sealed class StoredProduct(Product product, AttributeRegistry registry) : ProductNode
{
    public Product Product => product;

    public override FieldValue Id => product.Id;

    public override FieldValue ExternalId => product.ExternalId;

    public override FieldValue Read(int ordinal)
    {
        var attribute = registry.Attributes[ordinal];
        if (!product.Attributes.TryGetValue(attribute.Key, out var value))
        {
            return FieldValue.Null;
        }
        return attribute.Type switch
        {
            AttributeType.Measure or AttributeType.Duration => FieldValue.From(new MeasureNode(value.GetProperty("value").GetDouble(), value.GetProperty("unit").GetString())),
            AttributeType.Money => FieldValue.From(new MoneyNode(value.GetProperty("amount").GetInt64(), value.GetProperty("currency").GetString())),
            AttributeType.Geo => FieldValue.From(new GeoNode(value[0].GetDouble(), value[1].GetDouble())),
            _ => FieldValue.From(value),
        };
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
            BatchGetProducts.RunAsync(new BatchGetProducts.Request(ids), request.Agent.IsAdministrator, request.Services.Database, registry, cancellationToken));
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
