using System.Collections.Frozen;

namespace CustobotGateway.Catalog;

/// <summary>An attribute with its place in the registry.</summary>
/// <param name="Ordinal">0, 1, 2 … in the order of registration; never reused, so that it can be an index into columns.</param>
/// <param name="Definition">What was registered.</param>
public sealed record RegisteredAttribute(int Ordinal, AttributeDefinition Definition)
{
    /// <summary>The key.</summary>
    public string Key => Definition.Key;

    /// <summary>The type.</summary>
    public AttributeType Type => Definition.Type;
}

/// <summary>All attributes at one instant; immutable. A later registration makes a new one that extends this one.</summary>
public sealed class AttributeRegistry
{
    private readonly FrozenDictionary<string, RegisteredAttribute> _byKey;

    /// <summary>A registry of these attributes, whose ordinals are 0 to n-1 in order.</summary>
    public AttributeRegistry(IReadOnlyList<RegisteredAttribute> attributes)
    {
        Attributes = attributes;
        _byKey = attributes.ToFrozenDictionary(attribute => attribute.Key, StringComparer.Ordinal);
        ByUtf16 = _byKey.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>In the order of ordinals.</summary>
    public IReadOnlyList<RegisteredAttribute> Attributes { get; }

    /// <summary>Look-up without a string.</summary>
    public FrozenDictionary<string, RegisteredAttribute>.AlternateLookup<ReadOnlySpan<char>> ByUtf16 { get; }

    /// <summary>The attribute of that key, or null.</summary>
    public RegisteredAttribute? Find(string key) => _byKey.GetValueOrDefault(key);
}
