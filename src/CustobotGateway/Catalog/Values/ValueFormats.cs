using System.Runtime.CompilerServices;
using System.Text;

namespace CustobotGateway.Catalog.Values;

/// <summary>The value formats of all attributes of one registry.</summary>
public sealed class ValueFormats
{
    private static readonly ConditionalWeakTable<AttributeRegistry, ValueFormats> Known = [];

    private readonly ValueFormat[] _byOrdinal;
    private readonly Dictionary<byte[], ValueFormat>.AlternateLookup<ReadOnlySpan<byte>> _byKey;

    private ValueFormats(AttributeRegistry registry)
    {
        Registry = registry;
        _byOrdinal = [.. registry.Attributes.Select(attribute => new ValueFormat(attribute))];
        var byKey = _byOrdinal.ToDictionary(format => Encoding.UTF8.GetBytes(format.Attribute.Key), Utf8Keys.Comparer);
        _byKey = byKey.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The registry.</summary>
    public AttributeRegistry Registry { get; }

    /// <summary>The formats of a registry; made once for each.</summary>
    public static ValueFormats Of(AttributeRegistry registry) => Known.GetValue(registry, static registry => new ValueFormats(registry));

    /// <summary>The format of the attribute at an ordinal.</summary>
    public ValueFormat this[int ordinal] => _byOrdinal[ordinal];

    /// <summary>The format of the attribute of that key, UTF-8; null when there is none.</summary>
    public ValueFormat? Find(ReadOnlySpan<byte> key) => _byKey.TryGetValue(key, out var format) ? format : null;
}
