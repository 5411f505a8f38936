using System.Text.Json;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Import.Mappings;

/// <summary>A mapping made ready for the attributes of one registry.</summary>
internal sealed class CompiledMapping
{
    private readonly Dictionary<string, CompiledField> _fields;
    private readonly Dictionary<string, Dictionary<string, CompiledField>> _categories;

    /// <summary>Makes it ready. Throws <see cref="JsonException"/> where a rule is none.</summary>
    public CompiledMapping(MappingDefinition definition, AttributeRegistry registry)
    {
        Definition = definition;
        var formats = ValueFormats.Of(registry);
        Source = definition.Source ?? "feed:" + definition.Name;
        Confidence = definition.Confidence ?? 1;
        _fields = Compile(definition.Fields, formats);
        _categories = (definition.Categories ?? new Dictionary<string, MappedFields>())
            .ToDictionary(pair => pair.Key, pair => Compile(pair.Value.Fields, formats), StringComparer.Ordinal);
        Brand = definition.Brand is { } brand && registry.Find(brand.To) is { } to ? new CompiledBrand(brand, formats[to.Ordinal]) : null;
    }

    public MappingDefinition Definition { get; }

    public string Source { get; }

    public double Confidence { get; }

    public CompiledBrand? Brand { get; }

    /// <summary>Whether rows of the same id are numbered.</summary>
    public bool NumbersRepeats => Definition.ExternalId is { Field: null, Repeats: RepeatedRows.Number };

    /// <summary>Reads a definition.</summary>
    public static MappingDefinition Parse(JsonElement json) => json.Deserialize<MappingDefinition>(Json.Options) ?? throw new JsonException("A mapping is a JSON object.");

    /// <summary>The rules of a field; null when it has none.</summary>
    public CompiledField? RulesOf(string? category, string field) =>
        category is not null && _categories.TryGetValue(category, out var own) && own.TryGetValue(field, out var rules) ? rules
        : _fields.GetValueOrDefault(field);

    /// <summary>Whether a field without a rule is used all the same: for the id, the category or the brand.</summary>
    public bool IsUsed(string field) =>
        field == (Definition.ExternalId is null ? "id" : Definition.ExternalId.Field) || field == Definition.Category?.Column || field == Definition.Brand?.From;

    private static Dictionary<string, CompiledField> Compile(IReadOnlyDictionary<string, JsonElement> fields, ValueFormats formats) =>
        fields.Select((pair, order) => (pair.Key, Field: new CompiledField(order, [.. RulesIn(pair.Value).Select(rule => new CompiledRule(rule, formats))])))
            .ToDictionary(pair => pair.Key, pair => pair.Field, StringComparer.Ordinal);

    private static IEnumerable<MappedRule> RulesIn(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? json.EnumerateArray().Select(rule => rule.Deserialize<MappedRule>(Json.Options) ?? throw new JsonException("A rule is an object."))
        : [json.Deserialize<MappedRule>(Json.Options) ?? throw new JsonException("A rule is an object.")];
}

/// <summary>The rules of a field.</summary>
/// <param name="Order">Its place among the fields of the mapping.</param>
/// <param name="Rules">All apply.</param>
internal sealed record CompiledField(int Order, CompiledRule[] Rules);

/// <summary>A rule with its attributes found.</summary>
internal sealed class CompiledRule
{
    public CompiledRule(MappedRule rule, ValueFormats formats)
    {
        if ((rule.To is null ? 0 : 1) + (rule.Items is null ? 0 : 1) + (rule.Range is null ? 0 : 1) + (rule.Ignore is null ? 0 : 1) != 1 || rule.Range is { Count: not 2 })
        {
            throw new JsonException("A rule has one of 'to', 'items', 'range' (two attributes) and 'ignore'.");
        }
        Rule = rule;
        To = FormatOf(rule.To, formats);
        Range = rule.Range is { } range ? (FormatOf(range[0], formats), FormatOf(range[1], formats)) : default;
        Items = rule.Items?.Select(item => item is null ? null : new CompiledRule(item, formats)).ToArray();
        Values = rule.Values?.ToDictionary(pair => pair.Key, pair => TextOf(pair.Value), StringComparer.Ordinal);
        Constant = rule.Constant is { } constant ? TextOf(constant) : null;
        Unit = rule.Unit is not null && Units.TryParse(rule.Unit, out var unit) ? unit : null;
        IsKnown = rule.Ignore is not null || Items is not null || (rule.Range is null ? To is not null : Range is { Least: not null, Most: not null });
    }

    public MappedRule Rule { get; }

    public ValueFormat? To { get; }

    public (ValueFormat? Least, ValueFormat? Most) Range { get; }

    public CompiledRule?[]? Items { get; }

    public Dictionary<string, string>? Values { get; }

    public string? Constant { get; }

    public Unit? Unit { get; }

    /// <summary>Whether the registry has the attributes.</summary>
    public bool IsKnown { get; }

    /// <summary>A value as text; null for one that has none.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static ValueFormat? FormatOf(string? key, ValueFormats formats) => key is not null && formats.Registry.Find(key) is { } attribute ? formats[attribute.Ordinal] : null;
}

/// <summary>Finds brands at the beginning of names.</summary>
internal sealed class CompiledBrand
{
    private readonly ILookup<char, string> _byLetter;

    public CompiledBrand(MappedBrand brand, ValueFormat to)
    {
        (Brand, To) = (brand, to);
        // Longest first, so that "Lian Li" goes before "Lian".
        _byLetter = brand.List.OrderByDescending(name => name.Length).ToLookup(name => char.ToUpperInvariant(name[0]));
    }

    public MappedBrand Brand { get; }

    public ValueFormat To { get; }

    /// <summary>The brand and how sure it is; null where there is none to be told.</summary>
    public (string Name, double Confidence)? Find(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            return null;
        }
        foreach (var name in _byLetter[char.ToUpperInvariant(text[0])])
        {
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (text.Length == name.Length || !char.IsLetterOrDigit(text[name.Length])))
            {
                return (name, Brand.Confidence);
            }
        }
        return Brand.OtherwiseConfidence is { } confidence ? (text.Split(' ')[0], confidence) : null;
    }
}
