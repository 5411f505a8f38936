using System.Collections.Frozen;
using CustobotGateway.Catalog;

namespace CustobotGateway.GraphQLDoor.Schemas;

/// <summary>What the schema calls the attributes of one registry. Later registrations change no earlier name.</summary>
internal sealed class RegistryNames
{
    // The members that Product and ProductFilterInput have for all products, and what no enum value may be called (spec §3.9).
    private static readonly string[] OwnFields =
        ["id", "externalId", "attributes", "version", "updatedAt", "provenance", "given", "any", "all", "not", "true", "false", "null", "_score"];

    private readonly FrozenDictionary<string, AttributeNames> _byField;
    private readonly FrozenDictionary<string, AttributeNames> _byKey;

    public RegistryNames(AttributeRegistry registry, IEnumerable<string> takenTypes)
    {
        var (fields, types) = (new HashSet<string>(OwnFields, StringComparer.Ordinal), new HashSet<string>(takenTypes, StringComparer.Ordinal));
        Registry = registry;
        Attributes = [.. registry.Attributes.Where(attribute => attribute is { IsSearchable: true, IsStaffOnly: false }).Select(attribute => new AttributeNames(attribute, fields, types))];
        _byField = Attributes.ToFrozenDictionary(attribute => attribute.Field, StringComparer.Ordinal);
        _byKey = Attributes.ToFrozenDictionary(attribute => attribute.Key, StringComparer.Ordinal);
    }

    public AttributeRegistry Registry { get; }

    /// <summary>Those that can be searched by anyone, in the order of registration.</summary>
    public IReadOnlyList<AttributeNames> Attributes { get; }

    /// <summary>The attribute of a field that the schema has.</summary>
    public AttributeNames ByField(string field) => _byField[field];

    /// <summary>The attribute of a key; null where the schema has no field for it.</summary>
    public AttributeNames? ByKey(string key) => _byKey.GetValueOrDefault(key);
}
