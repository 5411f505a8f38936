using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Import.Mappings;

/// <summary>A mapping made ready for the attributes of one registry.</summary>
internal sealed class CompiledMapping
{
    private readonly Dictionary<byte[], CompiledField> _fields;
    private readonly Dictionary<string, Dictionary<byte[], CompiledField>> _categories;

    /// <summary>Makes it ready. Throws <see cref="JsonException"/> where a rule is none.</summary>
    public CompiledMapping(MappingDefinition definition, AttributeRegistry registry)
    {
        Definition = definition;
        if (IsPlain && definition is not { Category: null, ExternalId: null, Brand: null })
        {
            throw new JsonException("A mapping without rules takes rows as they are: it has no 'category', 'external_id' or 'brand'.");
        }
        var formats = ValueFormats.Of(registry);
        Source = definition.Source ?? "feed:" + definition.Name;
        Confidence = definition.Confidence ?? 1;
        _fields = Compile(definition.Fields, formats, []);
        _categories = (definition.Categories ?? new Dictionary<string, MappedFields>())
            .ToDictionary(pair => pair.Key, pair => Compile(pair.Value.Fields, formats, _fields), StringComparer.Ordinal);
        Brand = definition.Brand is { } brand && registry.Find(brand.To) is { } to ? new CompiledBrand(brand, formats[to.Ordinal]) : null;
    }

    public MappingDefinition Definition { get; }

    public string Source { get; }

    public double Confidence { get; }

    public CompiledBrand? Brand { get; }

    /// <summary>Whether rows are as they are without a mapping.</summary>
    public bool IsPlain => Definition.Fields.Count == 0 && Definition.Categories is null or { Count: 0 };

    /// <summary>Whether rows of the same id are numbered.</summary>
    public bool NumbersRepeats => Definition.ExternalId is { Field: null, Repeats: RepeatedRows.Number };

    /// <summary>Reads a definition.</summary>
    public static MappingDefinition Parse(JsonElement json) => json.Deserialize<MappingDefinition>(Json.Options) ?? throw new JsonException("A mapping is a JSON object.");

    /// <summary>The rules by field, UTF-8, for rows of a category.</summary>
    public Dictionary<byte[], CompiledField>.AlternateLookup<ReadOnlySpan<byte>> FieldsOf(string? category) =>
        (category is not null && _categories.TryGetValue(category, out var own) ? own : _fields).GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Whether a field without a rule is used all the same: for the id, the category or the brand.</summary>
    public bool IsUsed(string field) =>
        field == (Definition.ExternalId is null ? "id" : Definition.ExternalId.Field) || field == Definition.Category?.Column || field == Definition.Brand?.From;

    /// <summary>The rules of a category and those that hold for all, in the order of the mapping, the category's own last.</summary>
    private static Dictionary<byte[], CompiledField> Compile(IReadOnlyDictionary<string, JsonElement> fields, ValueFormats formats, Dictionary<byte[], CompiledField> common)
    {
        var compiled = new Dictionary<byte[], CompiledField>(common, Utf8Keys.Comparer);
        foreach (var (name, rules) in fields)
        {
            compiled[Encoding.UTF8.GetBytes(name)] = new CompiledField(name, common.Count + compiled.Count, [.. RulesIn(rules).Select(rule => new CompiledRule(rule, formats))]);
        }
        return compiled;
    }

    private static IEnumerable<MappedRule> RulesIn(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? json.EnumerateArray().Select(rule => rule.Deserialize<MappedRule>(Json.Options) ?? throw new JsonException("A rule is an object."))
        : [json.Deserialize<MappedRule>(Json.Options) ?? throw new JsonException("A rule is an object.")];
}

/// <summary>The rules of a field.</summary>
/// <param name="Name">The field.</param>
/// <param name="Order">Its place among the fields of the mapping.</param>
/// <param name="Rules">All apply.</param>
internal sealed record CompiledField(string Name, int Order, CompiledRule[] Rules);

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
        IsPlain = rule is { Values: null, Constant: null, Template: null, Split: null };
        IsKnown = rule.Ignore is not null || Items is not null || (rule.Range is null ? To is not null : Range is { Least: not null, Most: not null });
    }

    public MappedRule Rule { get; }

    public ValueFormat? To { get; }

    public (ValueFormat? Least, ValueFormat? Most) Range { get; }

    public CompiledRule?[]? Items { get; }

    public Dictionary<string, string>? Values { get; }

    public string? Constant { get; }

    public Unit? Unit { get; }

    /// <summary>Whether a single value goes to its attribute as it is, but for a unit.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether the registry has the attributes.</summary>
    public bool IsKnown { get; }

    /// <summary>A value as text; null for one that has none.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static ValueFormat? FormatOf(string? key, ValueFormats formats) => key is not null && formats.Registry.Find(key) is { } attribute ? formats[attribute.Ordinal] : null;
}

/// <summary>Finds brands at the beginning of names.</summary>
internal sealed class CompiledBrand
{
    private readonly Dictionary<char, string[]> _byLetter;

    public CompiledBrand(MappedBrand brand, ValueFormat to)
    {
        (Brand, To) = (brand, to);
        // Longest first, so that "Lian Li" goes before "Lian".
        _byLetter = brand.List.OrderByDescending(name => name.Length).GroupBy(name => char.ToUpperInvariant(name[0])).ToDictionary(group => group.Key, group => group.ToArray());
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
        foreach (var name in _byLetter.GetValueOrDefault(char.ToUpperInvariant(text[0])) ?? [])
        {
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (text.Length == name.Length || !char.IsLetterOrDigit(text[name.Length])))
            {
                return (name, Brand.Confidence);
            }
        }
        return Brand.OtherwiseConfidence is { } confidence ? (text.Split(' ')[0], confidence) : null;
    }
}
