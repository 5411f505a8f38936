using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Products;
using CustobotGateway.Common.Http;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Schemas;

namespace CustobotGateway.GraphQLDoor.Products;

/// <summary>Products by id, side by side, and their fields.</summary>
internal static class ProductFields
{
    public static void Bind(Resolvers resolvers, RegistryNames names)
    {
        foreach (var attribute in names.Attributes)
        {
            var ordinal = attribute.Ordinal;
            _ = attribute.Type is AttributeType.Measure or AttributeType.Duration or AttributeType.Money or AttributeType.Geo
                ? resolvers.Object("Product", attribute.Field, (in ProductNode product, out ValueNode value) =>
                {
                    value = new ValueNode(product, ordinal);
                    return product.Has(ordinal);
                })
                : resolvers.Leaf("Product", attribute.Field, (in ProductNode product, IValueBuffer values) => product.TryWrite(ordinal, values.Output()));
        }
        resolvers
            .Leaf<ProductNode>("Product", "id", (in product, values) => product.WriteId(values.Output()))
            .Leaf<ProductNode>("Product", "externalId", (in product, values) => product.WriteExternalId(values.Output()))
            .FieldAsync("Product", "attributes", ReadAllAsync)
            .FieldAsync("Product", "version", (context, parent, _) => DetailAsync(context, parent, product => product.Version))
            .FieldAsync("Product", "updatedAt", (context, parent, _) => DetailAsync(context, parent, product => FieldValue.From(product.UpdatedAt)))
            .FieldAsync("Product", "provenance", (context, parent, arguments) => DetailAsync(context, parent, product => StoredProduct.Of(product.Provenance, arguments["keys"] as IReadOnlyList<object?>)))
            .FieldAsync("Product", "given", (context, parent, _) => DetailAsync(context, parent, product => product.Given is null ? FieldValue.Null : StoredProduct.Of(product.Given, null)))
            .Leaf("Money", "amount", Part(ValuePart.Number))
            .Leaf("Money", "currency", Part(ValuePart.Unit))
            .Leaf("Measure", "value", Part(ValuePart.Number))
            .Leaf("Measure", "unit", Part(ValuePart.Unit))
            .Leaf("GeoPoint", "lat", Part(ValuePart.Latitude))
            .Leaf("GeoPoint", "lon", Part(ValuePart.Longitude));
    }

    /// <summary>One product; null where there is none.</summary>
    public static async ValueTask<FieldValue> FindAsync(ResolverContext context, object? parent, Arguments arguments)
    {
        var (id, key) = (arguments.Get<string>("id"), arguments.Get<string>("externalId"));
        if (id is null == key is null)
        {
            throw Problems.Invalid("", "invalid_arguments", "Give exactly one of id and externalId.");
        }
        return FieldValue.From(await context.LoadAsync(ProductLoader.ById, id ?? ProductReference.OfExternalId(key!).ToString()));
    }

    /// <summary>Products in the order asked for; null for each that is not there.</summary>
    public static async ValueTask<FieldValue> ListAsync(ResolverContext context, object? parent, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var ids = ((IReadOnlyList<object?>)arguments["ids"]!).Cast<string>().ToArray();
        if (Validation.Check(request.Services.Batches, new BatchGetProducts.Request(ids)) is { } problem)
        {
            throw Problems.ToException(problem with { Errors = [new("/ids", problem.Errors[0].Code, problem.Errors[0].Detail)] });
        }
        // All are asked for before the first is waited for, so that they are one read.
        var products = ids.Select(id => context.LoadAsync(ProductLoader.ById, id)).ToArray();
        return FieldValue.From(await Task.WhenAll(products));
    }

    /// <summary>A comparison, or the refusal that names the products that are not there.</summary>
    public static async ValueTask<FieldValue> CompareAsync(ResolverContext context, object? parent, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var asked = new CompareProducts.Request([.. ((IReadOnlyList<object?>)arguments["ids"]!).Cast<string>()], (arguments["attributes"] as IReadOnlyList<object?>)?.Cast<string>().ToArray());
        if (Validation.Check(request.Services.Comparisons, asked) is { } invalid)
        {
            throw Problems.ToException(invalid);
        }
        var services = request.Services;
        var outcome = await DatabaseReads.RunAsync(() =>
            CompareProducts.RunAsync(asked, request.Sight, services.Database, services.Registry.Current, context.CancellationToken));
        if (outcome.Problem is { } problem)
        {
            return problem.Type.Status == StatusCodes.Status404NotFound ? FieldValue.From(Problems.ToValue(problem)) : throw Problems.ToException(problem);
        }
        var comparison = JsonSerializer.SerializeToNode(outcome.Value, DoorJson.Options)!.AsObject();
        comparison["__typename"] = "Comparison";
        return FieldValue.From(comparison.Deserialize<JsonElement>());
    }

    private static LeafWriter<ValueNode> Part(ValuePart part) => (in value, values) => value.Product.WritePart(value.Ordinal, part, values.Output());

    private static ValueTask<FieldValue> ReadAllAsync(ResolverContext context, object? parent, Arguments arguments)
    {
        var (product, keys) = ((ProductNode)parent!, arguments["keys"] as IReadOnlyList<object?>);
        return product.TryReadAll(keys) is { } read ? new(read) : DetailAsync(context, parent, details => StoredProduct.ReadAll(details, keys));
    }

    private static async ValueTask<FieldValue> DetailAsync(ResolverContext context, object? parent, Func<Product, FieldValue> read) =>
        await ((ProductNode)parent!).DetailsAsync(context) is { } product ? read(product) : FieldValue.Null;
}
