using System.Text.Json.Serialization;

namespace CustobotGateway.Catalog;

/// <summary>What kind of value an attribute holds; the operators that can be asked of it follow from this.</summary>
public enum AttributeType
{
    /// <summary>Free text, searched by word when <c>full_text</c>.</summary>
    Text,

    /// <summary>One exact term.</summary>
    Keyword,

    /// <summary>Several exact terms, each once.</summary>
    KeywordSet,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A whole number, at most 2^53-1 either way.</summary>
    Integer,

    /// <summary>A decimal number of at most 15 significant digits.</summary>
    Decimal,

    /// <summary>A decimal number with a UCUM unit.</summary>
    Measure,

    /// <summary>Whole minor units with an ISO 4217 currency.</summary>
    Money,

    /// <summary>An ISO 8601 date, or a date-time in UTC.</summary>
    Date,

    /// <summary>A length of time with a UCUM unit, or an ISO 8601 duration.</summary>
    Duration,

    /// <summary>A place on earth, WGS 84: <c>[latitude, longitude]</c> in degrees.</summary>
    Geo,

    /// <summary>A GS1 Global Trade Item Number of 8, 12, 13 or 14 digits with a right check digit.</summary>
    Gtin,
}

/// <summary>When in a purchase an attribute is asked for.</summary>
public enum BuyingStage
{
    /// <summary>Finding candidates.</summary>
    Discover,

    /// <summary>Comparing candidates.</summary>
    Evaluate,

    /// <summary>Deciding and paying.</summary>
    Buy,

    /// <summary>Using, repairing, returning.</summary>
    AfterSales,
}

/// <summary>One attribute of products, in the one wire form that files and the API share.</summary>
public sealed record AttributeDefinition
{
    /// <summary>The name in requests and products: lower-case snake_case, 1 to 64 characters, starting with a letter.</summary>
    public required string Key { get; init; }

    /// <summary>A short English name.</summary>
    public string? Title { get; init; }

    /// <summary>What it means, for an agent that has never seen it.</summary>
    public string? Description { get; init; }

    /// <summary>The kind of value.</summary>
    public required AttributeType Type { get; init; }

    /// <summary>
    /// The unit that values are kept and answered in, as UCUM code or a listed name; for <c>measure</c> and <c>duration</c>, where it defaults to
    /// <c>1</c> and <c>d</c>, and for <c>integer</c> and <c>decimal</c>. A text that is no known unit (<c>star</c>) is a unit of its own, which
    /// converts to itself alone. For <c>money</c> the usual currency, which values still name.
    /// </summary>
    public string? Unit { get; init; }

    /// <summary>The terms that are recommended, for <c>keyword</c> and <c>keyword_set</c>; products may carry others.</summary>
    public IReadOnlyList<AttributeTerm>? Values { get; init; }

    /// <summary>Whether the words of the value are found by <c>query</c>, for text, keyword and keyword_set; default false.</summary>
    public bool? FullText { get; init; }

    /// <summary>The BCP 47 language whose stemming applies to a full-text attribute; none when null.</summary>
    public string? Language { get; init; }

    /// <summary>Whether facets can be asked; default true. Text and geo never can.</summary>
    public bool? Facetable { get; init; }

    /// <summary>Whether it can be sorted by; default true. Sets and geo never can.</summary>
    public bool? Sortable { get; init; }

    /// <summary>Whether constraints can be asked of it; default true. An attribute that is not searchable is shown with the product only.</summary>
    public bool? Searchable { get; init; }

    /// <summary>Whether only the merchant's staff sees it (unit cost, for example); default false.</summary>
    public bool? StaffOnly { get; init; }

    /// <summary>The buying stages in which it is asked for; all when null.</summary>
    [JsonConverter(typeof(BuyingStages))]
    public IReadOnlyList<BuyingStage>? Stages { get; init; }

    /// <summary>The categories that it belongs to; all when null.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>The same property elsewhere: <c>schema.org/gtin13</c>, <c>gs1:netWeight</c>, <c>google:price</c>.</summary>
    public IReadOnlyList<string>? SameAs { get; init; }

    /// <summary>Words by BCP 47 language tag, for example <c>es-MX</c>. Where <c>title</c> or <c>description</c> is null there, the English one above holds.</summary>
    public IReadOnlyDictionary<string, AttributeLabels>? Labels { get; init; }
}

/// <summary>A term of a keyword attribute.</summary>
/// <param name="Value">The term as products carry it.</param>
/// <param name="Synonyms">Other spellings that are read as this term, ignoring case.</param>
/// <param name="Labels">The term's name by BCP 47 language tag.</param>
public sealed record AttributeTerm(string Value, IReadOnlyList<string>? Synonyms = null, IReadOnlyDictionary<string, string>? Labels = null);

/// <summary>An attribute's words in one language.</summary>
/// <param name="Title">A short name.</param>
/// <param name="Description">What it means.</param>
/// <param name="Synonyms">Other names that are asked for.</param>
public sealed record AttributeLabels(string? Title = null, string? Description = null, IReadOnlyList<string>? Synonyms = null);
