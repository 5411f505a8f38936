using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustobotGateway.Catalog.Import.Mappings;

/// <summary>How the rows of a feed become products; docs/mappings.md explains each member.</summary>
public sealed record MappingDefinition
{
    /// <summary>The schema that editors use; not read.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The name: 1 to 64 lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Provenance of every value; <c>feed:NAME</c> when null.</summary>
    public string? Source { get; init; }

    /// <summary>Provenance of every value, 0 to 1; 1 when null.</summary>
    public double? Confidence { get; init; }

    /// <summary>
    /// Whether a row is laid over the product that has its id: values that the row has replace the product's, all others stay. A row
    /// whose product is not there is refused.
    /// </summary>
    public bool Merge { get; init; }

    /// <summary>Where the category comes from.</summary>
    public MappedCategory? Category { get; init; }

    /// <summary>Where the merchant's own key comes from; the field <c>id</c> when null.</summary>
    public MappedId? ExternalId { get; init; }

    /// <summary>How the brand is told from a name.</summary>
    public MappedBrand? Brand { get; init; }

    /// <summary>Rules for the fields of every row: one or an array for each. Without any, rows are taken as without a mapping: members named like attributes.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Fields { get; init; }

    /// <summary>Rules for rows of one category, which replace those above.</summary>
    public IReadOnlyDictionary<string, MappedFields>? Categories { get; init; }
}

/// <summary>The rules of one category.</summary>
/// <param name="Fields">One rule or an array for each field.</param>
public sealed record MappedFields(IReadOnlyDictionary<string, JsonElement> Fields);

/// <summary>Where the category comes from: the first that gives one.</summary>
/// <param name="Column">A field of the row.</param>
/// <param name="Recognise">Told by the fields that a row has.</param>
/// <param name="File">Whether the file's name without folder and extension is it.</param>
/// <param name="Constant">When nothing else gives one.</param>
/// <param name="Values">Renames what was found.</param>
public sealed record MappedCategory(
    string? Column = null, IReadOnlyList<RecognisedCategory>? Recognise = null, bool File = false, string? Constant = null, IReadOnlyDictionary<string, string>? Values = null);

/// <summary>A category told by the fields that a row has.</summary>
/// <param name="Category">The category.</param>
/// <param name="Has">All of these are members of the row.</param>
public sealed record RecognisedCategory(string Category, IReadOnlyList<string> Has);

/// <summary>Where the merchant's own key comes from: a field, or a hash of the row.</summary>
/// <param name="Field">A field of the row.</param>
/// <param name="Prefix">What stands before the hash; <c>{category}</c> stands for the category.</param>
/// <param name="HashExcept">The fields that are left out of the hash, since they change.</param>
/// <param name="Repeats">What happens to rows that come out the same.</param>
public sealed record MappedId(string? Field = null, string? Prefix = null, IReadOnlyList<string>? HashExcept = null, RepeatedRows Repeats = RepeatedRows.Refuse);

/// <summary>What happens to rows whose hash is the same.</summary>
public enum RepeatedRows
{
    /// <summary>The last one counts, the others are refused.</summary>
    Refuse,

    /// <summary>They are numbered in the order of the feed.</summary>
    Number,
}

/// <summary>How the brand is told from a name.</summary>
/// <param name="From">The field that begins with it.</param>
/// <param name="To">The attribute that gets it.</param>
/// <param name="List">Known brands.</param>
/// <param name="Confidence">Of a known one.</param>
/// <param name="OtherwiseConfidence">Of the first word, where none is known; nothing is taken when null.</param>
public sealed record MappedBrand(string From, string To, IReadOnlyList<string> List, double Confidence, double? OtherwiseConfidence = null);

/// <summary>What becomes of a field.</summary>
public sealed record MappedRule
{
    /// <summary>The attribute that gets the value.</summary>
    public string? To { get; init; }

    /// <summary>The kind of value for which the rule holds; any when null.</summary>
    public MappedKind? When { get; init; }

    /// <summary>The unit that the feed means.</summary>
    public string? Unit { get; init; }

    /// <summary>The currency that the feed means; amounts are decimal numbers of its major unit.</summary>
    public string? Currency { get; init; }

    /// <summary>Renames values by their text.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Values { get; init; }

    /// <summary>This value instead of the field's.</summary>
    public JsonElement? Constant { get; init; }

    /// <summary>A text around the value.</summary>
    public string? Template { get; init; }

    /// <summary>Cuts a string at this separator.</summary>
    public string? Split { get; init; }

    /// <summary><c>first</c>: only the first of several.</summary>
    public MappedTake? Take { get; init; }

    /// <summary>One rule for each place of an array; null skips a place.</summary>
    public IReadOnlyList<MappedRule?>? Items { get; init; }

    /// <summary>The attributes for the lowest and the highest number.</summary>
    public IReadOnlyList<string>? Range { get; init; }

    /// <summary>Whether the numbers of an array are multiplied.</summary>
    public bool Product { get; init; }

    /// <summary>Provenance of this value.</summary>
    public double? Confidence { get; init; }

    /// <summary>Provenance of this value.</summary>
    public string? Source { get; init; }

    /// <summary>Why the field is left out.</summary>
    public string? Ignore { get; init; }
}

/// <summary>Kinds of values that a rule may be for.</summary>
public enum MappedKind
{
    /// <summary>Text.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>Several values.</summary>
    Array,
}

/// <summary>Which of several values are taken.</summary>
public enum MappedTake
{
    /// <summary>Only the first.</summary>
    First,
}
