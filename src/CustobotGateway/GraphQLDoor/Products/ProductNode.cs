using CustobotGateway.Catalog.Products;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Products;

/// <summary>A product, wherever it was read: the parent of the fields of Product.</summary>
internal abstract class ProductNode
{
    public abstract bool WriteId(SearchOutput output);

    public abstract bool WriteExternalId(SearchOutput output);

    /// <summary>Writes the value of an attribute that can be searched, by its ordinal; false and nothing where it has none.</summary>
    public abstract bool TryWrite(int ordinal, SearchOutput output);

    /// <summary>Whether there is a value; for those that have parts.</summary>
    public abstract bool Has(int ordinal);

    /// <summary>Writes a part of a value that there is.</summary>
    public abstract bool WritePart(int ordinal, ValuePart part, SearchOutput output);

    /// <summary>The values of these attributes as JSON, or of all where it is null; null where the product's details are needed for them.</summary>
    public abstract FieldValue? TryReadAll(IReadOnlyList<object?>? keys);

    /// <summary>What the database has of it: here, or by the loader.</summary>
    public abstract ValueTask<Product?> DetailsAsync(ResolverContext context);
}

/// <summary>The parts of values that have fields of their own.</summary>
internal enum ValuePart
{
    /// <summary>The number of a measure, the amount of money.</summary>
    Number,

    /// <summary>The unit of a measure, the currency of money.</summary>
    Unit,

    /// <summary>The latitude of a place.</summary>
    Latitude,

    /// <summary>The longitude of a place.</summary>
    Longitude,
}

/// <summary>A product's measure, money or place: the parent of its parts.</summary>
internal readonly record struct ValueNode(ProductNode Product, int Ordinal);
