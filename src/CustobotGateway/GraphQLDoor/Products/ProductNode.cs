using CustobotGateway.Catalog.Products;
using CustobotGateway.GraphQL.Execution;

namespace CustobotGateway.GraphQLDoor.Products;

/// <summary>A product, wherever it was read: the parent of the fields of Product.</summary>
internal abstract class ProductNode
{
    public abstract FieldValue Id { get; }

    public abstract FieldValue ExternalId { get; }

    /// <summary>The value of an attribute that can be searched, by its ordinal.</summary>
    public abstract FieldValue Read(int ordinal);

    /// <summary>The values of these attributes as JSON, or of all where it is null; null where the product's details are needed for them.</summary>
    public abstract FieldValue? TryReadAll(IReadOnlyList<object?>? keys);

    /// <summary>What the database has of it: here, or by the loader.</summary>
    public abstract ValueTask<Product?> DetailsAsync(ResolverContext context);
}

/// <summary>A number with its unit, as a field's value.</summary>
internal sealed class MeasureNode(double value, FieldValue unit)
{
    public FieldValue Value => value;

    public FieldValue Unit => unit;
}

/// <summary>An amount, as a field's value.</summary>
internal sealed class MoneyNode(long amount, FieldValue currency)
{
    public FieldValue Amount => amount;

    public FieldValue Currency => currency;
}

/// <summary>A place, as a field's value.</summary>
internal sealed class GeoNode(double latitude, double longitude)
{
    public FieldValue Lat => latitude;

    public FieldValue Lon => longitude;
}
