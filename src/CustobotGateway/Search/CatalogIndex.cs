using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;

namespace CustobotGateway.Search;

/// <summary>The catalogue as searches see it at one instant; immutable.</summary>
/// <param name="Registry">The attributes that the columns were made from.</param>
/// <param name="Snapshot">The documents; a document's id is the product's number.</param>
/// <param name="Version">Names this state of the catalogue; equal on every gateway that has read the same state.</param>
/// <param name="AsOf">When the database was last known to have nothing newer.</param>
public sealed record IndexedCatalog(AttributeRegistry Registry, IndexSnapshot Snapshot, string Version, DateTimeOffset AsOf)
{
    /// <summary>The Keyword column of the merchant's own key.</summary>
    public const int ExternalIdColumn = 0;

    /// <summary>The column of an attribute's values; -1 when it is not searchable.</summary>
    public int ColumnOf(RegisteredAttribute attribute) => Columns[attribute.Ordinal];

    /// <summary>The Keyword column of a money attribute's currency.</summary>
    public int CurrencyColumnOf(RegisteredAttribute attribute) => Columns[attribute.Ordinal] + 1;

    /// <summary>By attribute ordinal; -1 when it is not searchable.</summary>
    public required IReadOnlyList<int> Columns { get; init; }
}

/// <summary>Holds the catalogue that searches read.</summary>
public sealed class CatalogIndex
{
    private volatile IndexedCatalog? _current;

    /// <summary>The newest catalogue; null until the first load is done, when readiness is refused.</summary>
    public IndexedCatalog? Current
    {
        get => _current;
        internal set => _current = value;
    }
}
