using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Delegation;
using CustobotGateway.GraphQLDoor.Operations;
using CustobotGateway.GraphQLDoor.Products;
using CustobotGateway.GraphQLDoor.Registry;
using CustobotGateway.GraphQLDoor.Searching;

namespace CustobotGateway.GraphQLDoor.Schemas;

/// <summary>Binds the schema's fields to the operations. What is not bound here is read from its parent by name.</summary>
internal static class SchemaResolvers
{
    private const long LargestLong = 9_007_199_254_740_991;

    public static Resolvers Of(RegistryNames names)
    {
        var resolvers = new Resolvers();
        resolvers
            .FieldAsync("Query", "products", (context, _, arguments) => SearchFields.SearchAsync(context, arguments))
            .FieldAsync("Query", "product", ProductFields.FindAsync)
            .FieldAsync("Query", "productsById", ProductFields.ListAsync)
            .FieldAsync("Query", "compare", ProductFields.CompareAsync)
            .Field("Query", "attributes", RegistryFields.List)
            .Field("Query", "attribute", RegistryFields.Find)
            .Field("Query", "searchFilters", RegistryFields.SearchFilters)
            .Field("Query", "catalog", (context, _, _) => FieldValue.From(CatalogFields.Describe((DoorRequest)context.State!)))
            .Subscribe("catalogChanged", CatalogFields.Changes)
            .Field("Subscription", "catalogChanged", (_, parent, _) => FieldValue.From(parent))
            .Subscribe("priceAndStock", CatalogFields.Offers)
            .Field("Subscription", "priceAndStock", (_, parent, _) => FieldValue.From(parent));
        GatewayOperations.Fields.Bind(resolvers);
        GrantFields.Bind(resolvers);
        SearchFields.Bind(resolvers);
        ProductFields.Bind(resolvers, names);
        // A schema has scalars only where an attribute uses them, besides those of its common part.
        return resolvers.Scalar("Long", ReadLong).Scalar("Date", ReadText).Scalar("GTIN", ReadText).Scalar("Duration", ReadDuration);
    }

    private static object ReadLong(object value) => value switch
    {
        long and >= -LargestLong and <= LargestLong => value,
        double number when double.IsInteger(number) && Math.Abs(number) <= LargestLong => (long)number,
        _ => throw new FormatException("A whole number of at most 9007199254740991 either way is expected."),
    };

    private static object ReadText(object value) => value as string ?? throw new FormatException("A string is expected.");

    private static object ReadDuration(object value) => value is string or long or double ? value : throw new FormatException("A number or an ISO 8601 duration is expected.");
}
