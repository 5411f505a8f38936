using System.Text;
using System.Text.RegularExpressions;
using CustobotGateway.Catalog;
using CustobotGateway.GraphQLDoor.Operations;

namespace CustobotGateway.GraphQLDoor.Schemas;

/// <summary>The schema's text: what is the same for every registry, extended by a field, a filter and an enum for each attribute.</summary>
internal static partial class SchemaText
{
    private static readonly string Common = ReadCommon() + GatewayOperations.Fields.Write();

    /// <summary>The names that the common part has taken, those of the language included.</summary>
    public static IEnumerable<string> TakenTypes => TypeDefinition().Matches(Common).Select(match => match.Groups["name"].Value).Concat(["Int", "Float", "String", "Boolean", "ID", "Mutation"]);

    /// <summary>Writes the schema of a registry.</summary>
    public static string Write(RegistryNames names)
    {
        var text = new StringBuilder(Common);
        AppendFields(text, names, "extend type Product {", OutputType);
        AppendFields(text, names, "extend input ProductFilterInput {", (attribute, _) => attribute.FilterType);
        AppendKeys(text, "extend enum ProductSortKey {", names, attribute => attribute.IsSortable);
        // An enum has a value; while nothing is registered nothing can be counted.
        AppendKeys(text, "\"What products can be counted by.\"\nenum ProductFacetKey {", names, attribute => attribute.IsFacetable, "_none");
        foreach (var attribute in names.Attributes.Where(attribute => attribute.EnumType is not null))
        {
            AppendEnum(text, attribute);
            AppendFilter(text, attribute);
        }
        return text.ToString();
    }

    private static void AppendFields(StringBuilder text, RegistryNames names, string head, Func<AttributeNames, RegisteredAttribute, string> type)
    {
        if (names.Attributes.Count == 0)
        {
            return;
        }
        text.Append('\n').Append(head).Append('\n');
        foreach (var attribute in names.Attributes)
        {
            var registered = names.Registry.Attributes[attribute.Ordinal];
            AppendDescription(text, "  ", Describe(registered));
            text.Append("  ").Append(attribute.Field).Append(": ").Append(type(attribute, registered)).Append('\n');
        }
        text.Append("}\n");
    }

    private static void AppendKeys(StringBuilder text, string head, RegistryNames names, Func<RegisteredAttribute, bool> has, string? otherwise = null)
    {
        var fields = names.Attributes.Where(attribute => has(names.Registry.Attributes[attribute.Ordinal])).Select(attribute => attribute.Field).ToList();
        if (fields.Count == 0 && otherwise is not null)
        {
            fields.Add(otherwise);
        }
        if (fields.Count > 0)
        {
            text.Append('\n').Append(head).Append("\n  ").AppendJoin("\n  ", fields).Append("\n}\n");
        }
    }

    private static void AppendEnum(StringBuilder text, AttributeNames attribute)
    {
        text.Append("\n\"The listed terms of ").Append(attribute.Key).Append("; products may carry others.\"\nenum ").Append(attribute.EnumType).Append(" {\n");
        foreach (var (name, term) in attribute.Terms)
        {
            if (name != term.Value)
            {
                AppendDescription(text, "  ", term.Value);
            }
            text.Append("  ").Append(name).Append('\n');
        }
        text.Append("}\n");
    }

    private static void AppendFilter(StringBuilder text, AttributeNames attribute)
    {
        var (type, set) = (attribute.EnumType, attribute.Type == AttributeType.KeywordSet);
        text.Append("\n\"Of ").Append(attribute.Key).Append(".\"\ninput ").Append(attribute.FilterType).Append(" {\n")
            .Append(set ? "  \"Holds it.\"\n" : "").Append("  eq: ").Append(type).Append('\n')
            .Append("  \"A term that may not be listed, a synonym or a label.\"\n  eqValue: String\n")
            .Append(set ? "  \"Holds at least one, of these or of inValues.\"\n" : "  \"One of these or of inValues.\"\n").Append("  in: [").Append(type).Append("!]\n")
            .Append("  \"Terms that may not be listed, synonyms or labels.\"\n  inValues: [String!]\n");
        if (set)
        {
            text.Append("  \"Holds all of these and of allValues.\"\n  all: [").Append(type).Append("!]\n  \"Terms that may not be listed, synonyms or labels.\"\n  allValues: [String!]\n");
        }
        text.Append("  prefix: String\n  \"Whether there is a value.\"\n  exists: Boolean\n  unknown: UnknownPolicy\n}\n");
    }

    private static string OutputType(AttributeNames names, RegisteredAttribute attribute) => attribute.Type switch
    {
        AttributeType.KeywordSet => "[String!]",
        AttributeType.Boolean => "Boolean",
        AttributeType.Integer => "Long",
        AttributeType.Decimal => "Float",
        AttributeType.Measure or AttributeType.Duration => "Measure",
        AttributeType.Money => "Money",
        AttributeType.Date => "Date",
        AttributeType.Geo => "GeoPoint",
        AttributeType.Gtin => "GTIN",
        // Products may carry terms that are not listed, which an enum could not name.
        _ => "String",
    };

    private static string Describe(RegisteredAttribute attribute)
    {
        var (definition, text) = (attribute.Definition, new StringBuilder());
        text.Append(definition.Title ?? definition.Key).Append('.');
        if (definition.Description is { Length: > 0 } description)
        {
            text.Append(' ').Append(description);
        }
        return (attribute.Unit is { } unit ? text.Append(" In ").Append(unit.Code).Append('.') : text).ToString();
    }

    /// <summary>Writes a description on a line of its own, where there is one.</summary>
    public static void AppendDescribed(StringBuilder text, string indent, string? description)
    {
        if (description is not null)
        {
            AppendDescription(text, indent, description);
        }
    }

    private static void AppendDescription(StringBuilder text, string indent, string description)
    {
        text.Append(indent).Append('"');
        foreach (var letter in description)
        {
            _ = letter switch
            {
                '"' or '\\' => text.Append('\\').Append(letter),
                < ' ' => text.Append("\\u").Append(((int)letter).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => text.Append(letter),
            };
        }
        text.Append("\"\n");
    }

    private static string ReadCommon()
    {
        using var stream = typeof(SchemaText).Assembly.GetManifestResourceStream("GraphQLDoor/door.graphql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^(type|input|enum|scalar|union|interface) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeDefinition();
}
