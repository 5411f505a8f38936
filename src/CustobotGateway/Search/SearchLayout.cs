using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CustobotGateway.Catalog;

namespace CustobotGateway.Search;

/// <summary>What searching needs to know of one attribute, worked out once per registry.</summary>
public sealed class SearchableAttribute
{
    internal SearchableAttribute(RegisteredAttribute attribute, int column)
    {
        (Attribute, Column) = (attribute, column);
        KeyJson = [.. JsonSerializer.SerializeToUtf8Bytes(attribute.Key, Common.Json.Options), (byte)':'];
        UnitJson = attribute.Unit is { } unit ? JsonSerializer.SerializeToUtf8Bytes(unit.Code, Common.Json.Options) : [];
    }

    /// <summary>As registered.</summary>
    public RegisteredAttribute Attribute { get; }

    /// <summary>The key.</summary>
    public string Key => Attribute.Key;

    /// <summary>The type.</summary>
    public AttributeType Type => Attribute.Type;

    /// <summary>Its column, -1 when it takes no part in searches.</summary>
    public int Column { get; }

    /// <summary>The Keyword column of the currency of a money attribute.</summary>
    public int CurrencyColumn => Column + 1;

    /// <summary>The unit of a measure or duration, sometimes of another number.</summary>
    public Unit? Unit => Attribute.Unit;

    /// <summary>Whether the index keeps it as one number: then it has ranges and statistics, except booleans and GTINs.</summary>
    public bool IsQuantity => Type is AttributeType.Integer or AttributeType.Decimal or AttributeType.Measure or AttributeType.Duration or AttributeType.Money or AttributeType.Date;

    /// <summary><c>"key":</c> as UTF-8.</summary>
    internal byte[] KeyJson { get; }

    /// <summary>The unit's code as a JSON string.</summary>
    internal byte[] UnitJson { get; }
}

/// <summary>The attributes of a catalogue as searches see them.</summary>
public sealed class SearchLayout
{
    private static readonly ConditionalWeakTable<AttributeRegistry, SearchLayout> Layouts = [];

    private static readonly string[] DefaultKeys = ["name", "brand", "category", "price"];

    private readonly FrozenDictionary<string, SearchableAttribute> _byKey;

    private SearchLayout(IndexedCatalog catalog)
    {
        Attributes = [.. catalog.Registry.Attributes.Select(attribute => new SearchableAttribute(attribute, catalog.ColumnOf(attribute)))];
        _byKey = Attributes.ToFrozenDictionary(attribute => attribute.Key, StringComparer.Ordinal);
        DefaultSelect = [.. DefaultKeys.Select(Find).OfType<SearchableAttribute>().Where(attribute => attribute is { Column: >= 0, Attribute.IsStaffOnly: false })];
        DefaultSelectWithoutPrices = [.. DefaultSelect.Where(attribute => !attribute.Attribute.IsPrice)];
    }

    /// <summary>By ordinal.</summary>
    public SearchableAttribute[] Attributes { get; }

    /// <summary>What is answered of each product when nothing is said.</summary>
    public SearchableAttribute[] DefaultSelect { get; }

    /// <summary>The same for callers who are not shown prices.</summary>
    public SearchableAttribute[] DefaultSelectWithoutPrices { get; }

    /// <summary>The layout of a catalogue; made once for each registry.</summary>
    public static SearchLayout Of(IndexedCatalog catalog) =>
        Layouts.TryGetValue(catalog.Registry, out var layout) ? layout : Layouts.GetValue(catalog.Registry, _ => new SearchLayout(catalog));

    /// <summary>The attribute of that key, or null.</summary>
    public SearchableAttribute? Find(string key) => _byKey.GetValueOrDefault(key);
}
