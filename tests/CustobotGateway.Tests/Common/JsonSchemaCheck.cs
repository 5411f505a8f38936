using System.Text.Json;
using System.Text.RegularExpressions;

namespace CustobotGateway.Tests.Common;

/// <summary>The part of JSON Schema 2020-12 that our own schemas use. A keyword that it does not know fails, so that none is passed over.</summary>
public sealed class JsonSchemaCheck(JsonElement root)
{
    /// <summary>A check by a schema file.</summary>
    public static JsonSchemaCheck FromFile(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new JsonSchemaCheck(document.RootElement.Clone());
    }

    /// <summary>What is wrong with the value, by place; nothing when it is valid.</summary>
    public IReadOnlyList<string> Check(JsonElement value) => [.. Check(root, value, "")];

    private IEnumerable<string> Check(JsonElement schema, JsonElement value, string place) =>
        schema.EnumerateObject().SelectMany(keyword => Check(schema, keyword.Name, keyword.Value, value, place));

    private IEnumerable<string> Check(JsonElement schema, string keyword, JsonElement rule, JsonElement value, string place)
    {
        var isString = value.ValueKind == JsonValueKind.String;
        var isArray = value.ValueKind == JsonValueKind.Array;
        var isNumber = value.ValueKind == JsonValueKind.Number;
        return keyword switch
        {
            "$schema" or "$id" or "$defs" or "title" or "description" => [],
            "$ref" => Check(Resolve(rule.GetString()!), value, place),
            "type" => Fault(Types(rule).Any(type => IsOf(type, value)), $"{place} is no {rule}"),
            "enum" => Fault(rule.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)), $"{place} is none of {rule}"),
            "const" => Fault(JsonElement.DeepEquals(rule, value), $"{place} is not {rule}"),
            "pattern" => Fault(!isString || Regex.IsMatch(value.GetString()!, rule.GetString()!), $"{place} does not match {rule}"),
            "minLength" => Fault(!isString || value.GetString()!.Length >= rule.GetInt32(), $"{place} is too short"),
            "maxLength" => Fault(!isString || value.GetString()!.Length <= rule.GetInt32(), $"{place} is too long"),
            "minimum" => Fault(!isNumber || value.GetDecimal() >= rule.GetDecimal(), $"{place} is too small"),
            "maximum" => Fault(!isNumber || value.GetDecimal() <= rule.GetDecimal(), $"{place} is too large"),
            "minItems" => Fault(!isArray || value.GetArrayLength() >= rule.GetInt32(), $"{place} has too few items"),
            "maxItems" => Fault(!isArray || value.GetArrayLength() <= rule.GetInt32(), $"{place} has too many items"),
            "items" => isArray ? value.EnumerateArray().SelectMany((item, i) => Check(rule, item, $"{place}/{i}")) : [],
            "oneOf" => Fault(rule.EnumerateArray().Count(choice => !Check(choice, value, place).Any()) == 1, $"{place} is not exactly one of the choices"),
            _ when value.ValueKind != JsonValueKind.Object => keyword is "required" or "properties" or "additionalProperties" ? [] : throw Unknown(keyword),
            "required" => rule.EnumerateArray().SelectMany(name => Fault(value.TryGetProperty(name.GetString()!, out _), $"{place} lacks {name}")),
            "properties" => value.EnumerateObject().SelectMany(member =>
                rule.TryGetProperty(member.Name, out var of) ? Check(of, member.Value, $"{place}/{member.Name}") : []),
            "additionalProperties" => value.EnumerateObject().Where(member => !schema.TryGetProperty("properties", out var known) || !known.TryGetProperty(member.Name, out _))
                .SelectMany(member => rule.ValueKind == JsonValueKind.False ? [$"{place}/{member.Name} is not known"] : Check(rule, member.Value, $"{place}/{member.Name}")),
            _ => throw Unknown(keyword),
        };
    }

    private static NotSupportedException Unknown(string keyword) => new($"The check does not know the keyword {keyword}.");

    private static string[] Fault(bool valid, string fault) => valid ? [] : [fault];

    private static IEnumerable<string> Types(JsonElement rule) =>
        rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Select(type => type.GetString()!) : [rule.GetString()!];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };

    private JsonElement Resolve(string reference) =>
        reference[2..].Split('/').Aggregate(root, (at, step) => at.GetProperty(step));
}
