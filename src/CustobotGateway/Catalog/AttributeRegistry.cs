using System.Collections.Frozen;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.Catalog;

/// <summary>An attribute with its place in the registry.</summary>
public sealed class RegisteredAttribute
{
    private readonly FrozenDictionary<string, string>? _terms;

    /// <summary>An attribute at a place.</summary>
    /// <param name="ordinal">0, 1, 2 … in the order of registration; never reused, so that it can be an index into columns.</param>
    /// <param name="definition">What was registered.</param>
    public RegisteredAttribute(int ordinal, AttributeDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        (Ordinal, Definition) = (ordinal, definition);
        Operators = Catalog.Operators.Of(definition);
        if (IsNumeric(definition.Type) && Units.TryDeclare(definition.Unit ?? DefaultUnit(definition.Type), out var unit))
        {
            Unit = unit;
        }
        _terms = definition.Values is { Count: > 0 } values ? Fold(values) : null;
    }

    /// <summary>0, 1, 2 … in the order of registration.</summary>
    public int Ordinal { get; }

    /// <summary>What was registered.</summary>
    public AttributeDefinition Definition { get; }

    /// <summary>The key.</summary>
    public string Key => Definition.Key;

    /// <summary>The type.</summary>
    public AttributeType Type => Definition.Type;

    /// <summary>The unit that values are kept in: always of a measure or duration, sometimes of an integer or decimal, else null.</summary>
    public Unit? Unit { get; }

    /// <summary>What constraints can ask.</summary>
    public IReadOnlyList<Operator> Operators { get; }

    /// <summary>Whether constraints can be asked of it.</summary>
    public bool IsSearchable => Definition.Searchable ?? true;

    /// <summary>Whether <c>query</c> reads its words.</summary>
    public bool IsFullText => (Definition.FullText ?? false) && IsSearchable;

    /// <summary>Whether facets can be asked.</summary>
    public bool IsFacetable => IsSearchable && Type is not (AttributeType.Text or AttributeType.Geo) && (Definition.Facetable ?? true);

    /// <summary>Whether it can be sorted by.</summary>
    public bool IsSortable => IsSearchable && Type is not (AttributeType.KeywordSet or AttributeType.Geo) && (Definition.Sortable ?? true);

    /// <summary>Whether only staff sees it; then no constraint, facet or sort of another caller may name it either.</summary>
    public bool IsStaffOnly => Definition.StaffOnly ?? false;

    /// <summary>Whether it tells what something costs: an amount of money, or what is reckoned from one.</summary>
    public bool IsPrice => Type == AttributeType.Money || Key.Contains("price", StringComparison.Ordinal);

    /// <summary>Whether a caller is shown it.</summary>
    public bool IsSeenBy(Sight sight) => (sight.Staff || !IsStaffOnly) && !(sight.HidesPrices && IsPrice);

    /// <summary>The listed term that a text means, ignoring case: the term itself, a synonym or a label; the text as it is when it means none.</summary>
    public string Canonical(string text) => _terms is not null && _terms.TryGetValue(text, out var term) ? term : text;

    /// <summary>Whether it belongs to products of the category.</summary>
    public bool AppliesTo(string category) => Definition.Categories is not { Count: > 0 } categories || categories.Contains(category, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is asked for at the stage.</summary>
    public bool IsAskedAt(BuyingStage stage) => Definition.Stages is not { Count: > 0 } stages || stages.Contains(stage);

    internal static string? DefaultUnit(AttributeType type) => type switch { AttributeType.Measure => "1", AttributeType.Duration => "d", _ => null };

    internal static bool IsNumeric(AttributeType type) =>
        type is AttributeType.Integer or AttributeType.Decimal or AttributeType.Measure or AttributeType.Duration;

    private static FrozenDictionary<string, string> Fold(IReadOnlyList<AttributeTerm> values)
    {
        var terms = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var exact = new HashSet<string>(values.Select(term => term.Value), StringComparer.Ordinal);
        // Terms that differ by case only keep to themselves; a name that two terms claim goes to the first.
        foreach (var group in values.GroupBy(term => term.Value, StringComparer.OrdinalIgnoreCase))
        {
            if (group.Select(term => term.Value).Distinct(StringComparer.Ordinal).Count() == 1)
            {
                terms[group.Key] = group.First().Value;
            }
        }
        foreach (var term in values)
        {
            foreach (var name in (term.Synonyms ?? []).Concat(term.Labels?.Values ?? []))
            {
                if (!exact.Contains(name))
                {
                    terms.TryAdd(name, term.Value);
                }
            }
        }
        return terms.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>All attributes at one instant; immutable. A later registration makes a new one that extends this one.</summary>
public sealed class AttributeRegistry
{
    private readonly FrozenDictionary<string, RegisteredAttribute> _byKey;

    /// <summary>A registry of these attributes, whose ordinals are 0 to n-1 in order.</summary>
    public AttributeRegistry(IReadOnlyList<RegisteredAttribute> attributes, long revision = 0)
    {
        (Attributes, Revision) = (attributes, revision);
        _byKey = attributes.ToFrozenDictionary(attribute => attribute.Key, StringComparer.Ordinal);
        ByUtf16 = _byKey.GetAlternateLookup<ReadOnlySpan<char>>();
        Languages = [.. attributes.SelectMany(attribute => attribute.Definition.Labels?.Keys ?? []).Append(AttributeLanguages.Default)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
    }

    /// <summary>No attributes.</summary>
    public static AttributeRegistry Empty { get; } = new([]);

    /// <summary>In the order of ordinals.</summary>
    public IReadOnlyList<RegisteredAttribute> Attributes { get; }

    /// <summary>Grows with each change; equal on every gateway that has read the same state.</summary>
    public long Revision { get; }

    /// <summary>The languages that labels come in, by BCP 47 tag.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>Look-up without a string.</summary>
    public FrozenDictionary<string, RegisteredAttribute>.AlternateLookup<ReadOnlySpan<char>> ByUtf16 { get; }

    /// <summary>The attribute of that key, or null.</summary>
    public RegisteredAttribute? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The keys that a misspelt one may have meant, best first; staff's own are left out.</summary>
    public IReadOnlyList<string> Nearest(string key, int count = 3) =>
        NearestNames.Find(key, Attributes.Where(attribute => !attribute.IsStaffOnly).Select(attribute => attribute.Key), count);
}
