using System.Collections.Frozen;
using CustobotGateway.Catalog;

namespace CustobotGateway.GraphQLDoor.Schemas;

/// <summary>What the schema calls an attribute that can be searched.</summary>
internal sealed class AttributeNames
{
    private readonly FrozenDictionary<string, string> _termByName;
    private readonly FrozenDictionary<string, string> _nameByTerm;

    public AttributeNames(RegisteredAttribute attribute, HashSet<string> takenFields, HashSet<string> takenTypes)
    {
        (Ordinal, Key, Type) = (attribute.Ordinal, attribute.Key, attribute.Type);
        Field = SchemaNames.Take(attribute.Key, takenFields);
        var terms = attribute.Definition.Values is { Count: > 0 } listed && attribute.Type is AttributeType.Keyword or AttributeType.KeywordSet ? attribute.Definition.Values! : [];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        Terms = [.. terms.Select(term => (SchemaNames.Take(SchemaNames.EnumValue(term.Value), taken), term))];
        _termByName = Terms.ToFrozenDictionary(term => term.Name, term => term.Term.Value, StringComparer.Ordinal);
        _nameByTerm = Terms.DistinctBy(term => term.Term.Value).ToFrozenDictionary(term => term.Term.Value, term => term.Name, StringComparer.Ordinal);
        if (Terms.Count > 0)
        {
            var name = SchemaNames.TypeName(attribute.Key);
            EnumType = SchemaNames.Take(name, takenTypes);
            FilterType = SchemaNames.Take(EnumType + "Filter", takenTypes);
        }
        else
        {
            FilterType = SharedFilter(attribute);
        }
    }

    /// <summary>The attribute's place in every registry.</summary>
    public int Ordinal { get; }

    public string Key { get; }

    public AttributeType Type { get; }

    /// <summary>The field of Product and of ProductFilterInput: the key, unless that is taken.</summary>
    public string Field { get; }

    public string FilterType { get; }

    /// <summary>The enum of its listed terms; null where it lists none.</summary>
    public string? EnumType { get; }

    /// <summary>Enum values with the terms that they stand for.</summary>
    public IReadOnlyList<(string Name, AttributeTerm Term)> Terms { get; }

    /// <summary>The term that an enum value stands for.</summary>
    public string TermOf(string name) => _termByName[name];

    /// <summary>The enum value of a term; null where it is not listed.</summary>
    public string? NameOf(string term) => _nameByTerm.GetValueOrDefault(term);

    private static string SharedFilter(RegisteredAttribute attribute) => attribute.Type switch
    {
        AttributeType.Text => attribute.IsFullText ? "TextFilter" : "PresenceFilter",
        AttributeType.Keyword => "TermFilter",
        AttributeType.KeywordSet => "TermSetFilter",
        AttributeType.Boolean => "BooleanFilter",
        AttributeType.Money => "MoneyFilter",
        AttributeType.Date => "DateFilter",
        AttributeType.Duration => "DurationFilter",
        AttributeType.Geo => "GeoFilter",
        AttributeType.Gtin => "GTINFilter",
        _ => attribute.Unit is null ? "NumberFilter" : "MeasureFilter",
    };
}
