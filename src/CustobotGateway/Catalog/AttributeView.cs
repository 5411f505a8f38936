using System.Text.Json.Serialization;

namespace CustobotGateway.Catalog;

/// <summary>An attribute as it is described to a caller: the registered definition in the language asked for, with what follows from it.</summary>
public sealed record AttributeView
{
    /// <summary>The name in requests and products.</summary>
    public required string Key { get; init; }

    /// <summary>A short name in the language asked for.</summary>
    public string? Title { get; init; }

    /// <summary>What it means, in the language asked for.</summary>
    public string? Description { get; init; }

    /// <summary>Other names that people use for it, in the language asked for.</summary>
    public IReadOnlyList<string>? Synonyms { get; init; }

    /// <summary>The kind of value.</summary>
    public required AttributeType Type { get; init; }

    /// <summary>The UCUM code that values are kept and answered in; of money the usual currency.</summary>
    public string? Unit { get; init; }

    /// <summary>What constraints can ask, by wire name; none when it is not searchable.</summary>
    public required IReadOnlyList<Operator> Operators { get; init; }

    /// <summary>The terms that are recommended.</summary>
    public IReadOnlyList<TermView>? Values { get; init; }

    /// <summary>Whether <c>query</c> reads its words.</summary>
    public required bool FullText { get; init; }

    /// <summary>The language whose stemming applies to its words, or null.</summary>
    public string? Language { get; init; }

    /// <summary>Whether facets can be asked.</summary>
    public required bool Facetable { get; init; }

    /// <summary>Whether it can be sorted by.</summary>
    public required bool Sortable { get; init; }

    /// <summary>Whether constraints can be asked.</summary>
    public required bool Searchable { get; init; }

    /// <summary>Whether only staff sees it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StaffOnly { get; init; }

    /// <summary>The buying stages in which it is asked for.</summary>
    public required IReadOnlyList<BuyingStage> Stages { get; init; }

    /// <summary>The categories that it belongs to; absent when it belongs to all.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>The same property in other vocabularies.</summary>
    public IReadOnlyList<string>? SameAs { get; init; }

    /// <summary>The words in every language that there is.</summary>
    public IReadOnlyDictionary<string, AttributeLabels>? Labels { get; init; }

    /// <summary>A term of a keyword attribute.</summary>
    /// <param name="Value">As products carry it and constraints ask for it.</param>
    /// <param name="Label">Its name in the language asked for, where it has one.</param>
    /// <param name="Synonyms">Other spellings that are read as this term, ignoring case.</param>
    public sealed record TermView(string Value, string? Label, IReadOnlyList<string>? Synonyms);

    private static readonly BuyingStage[] AllStages = Enum.GetValues<BuyingStage>();

    /// <summary>The description of an attribute.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="language">A tag that <see cref="AttributeLanguages.Choose"/> gave.</param>
    public static AttributeView Of(RegisteredAttribute attribute, string language)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        var definition = attribute.Definition;
        var labels = definition.Labels?.GetValueOrDefault(language);
        return new AttributeView
        {
            Key = definition.Key,
            Title = labels?.Title ?? definition.Title,
            Description = labels?.Description ?? definition.Description,
            Synonyms = labels?.Synonyms,
            Type = definition.Type,
            Unit = definition.Unit,
            Operators = attribute.Operators,
            Values = definition.Values?.Select(term => new TermView(term.Value, term.Labels?.GetValueOrDefault(language), term.Synonyms)).ToArray(),
            FullText = attribute.IsFullText,
            Language = definition.Language,
            Facetable = attribute.IsFacetable,
            Sortable = attribute.IsSortable,
            Searchable = attribute.IsSearchable,
            StaffOnly = attribute.IsStaffOnly,
            Stages = definition.Stages ?? AllStages,
            Categories = definition.Categories,
            SameAs = definition.SameAs,
            Labels = definition.Labels,
        };
    }
}
