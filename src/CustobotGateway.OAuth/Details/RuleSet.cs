using System.Text.Json;

namespace CustobotGateway.OAuth.Details;

/// <summary>
/// Conditions that all have to hold, such as <c>[{"attribute":"repairability","op":"gte","value":7}]</c>; more and stricter ones ask for less. None is the same as
/// absent. The normal form leaves out what another condition says already.
/// </summary>
public sealed class RuleSet(string name, int most = 32) : DetailMember(name, false)
{
    private const int MostValues = 100;

    private static readonly string[] Members = ["attribute", "op", "value"];

    internal override string? FaultOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most)
        {
            return $": an array of at most {most} rules is expected";
        }
        foreach (var rule in value.EnumerateArray())
        {
            if (FaultOfRule(rule) is { } fault)
            {
                return fault;
            }
        }
        return null;
    }

    internal override bool Covers(JsonElement? granted, JsonElement? asked) => granted is not { } least || Compares(least, asked);

    internal override bool IsNothing(JsonElement value) => value.GetArrayLength() == 0;

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value)
    {
        json.WriteStartArray(Name);
        foreach (var rule in Minimal(value))
        {
            json.WriteStartObject();
            json.WriteString("attribute", rule.Attribute);
            json.WriteString("op", rule.Operator);
            json.WritePropertyName("value");
            rule.WriteValue(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private protected override bool Compares(JsonElement granted, JsonElement asked) => Compares(granted, (JsonElement?)asked);

    private static bool Compares(JsonElement granted, JsonElement? asked)
    {
        List<Rule> stricter = asked is { } some ? [.. some.EnumerateArray().Select(Rule.Of)] : [];
        return granted.EnumerateArray().Select(Rule.Of).All(rule => stricter.Exists(rule.IsImpliedBy));
    }

    private static IEnumerable<Rule> Minimal(JsonElement value)
    {
        List<Rule> rules = [.. value.EnumerateArray().Select(Rule.Of).DistinctBy(rule => rule.Text).OrderBy(rule => rule.Text, StringComparer.Ordinal)];
        return rules.Where(rule => !rules.Exists(other => other.Text != rule.Text && rule.IsImpliedBy(other)));
    }

    private static string? FaultOfRule(JsonElement rule)
    {
        if (rule.ValueKind != JsonValueKind.Object || rule.EnumerateObject().Any(member => !Members.Contains(member.Name)) || !Members.All(member => rule.TryGetProperty(member, out _)))
        {
            return ": each rule has attribute, op and value, and nothing else";
        }
        if (rule.GetProperty("attribute") is not { ValueKind: JsonValueKind.String } attribute || attribute.GetString() is not { Length: > 0 and <= 128 } key || !IsStorable(key))
        {
            return ": a rule's attribute is a text of 1 to 128 characters";
        }
        var value = rule.GetProperty("value");
        return rule.GetProperty("op") is not { ValueKind: JsonValueKind.String } operation ? ": a rule's op is a text" : operation.GetString() switch
        {
            "gte" or "gt" or "lte" or "lt" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out _) ? null : ": a comparison needs a number",
            "eq" or "ne" => IsScalar(value) ? null : ": eq and ne need a text, a number, true or false",
            "in" or "not_in" => FaultOfTexts(value, MostValues) is { } fault ? fault : value.GetArrayLength() > 0 ? null : ": in and not_in need at least one value",
            _ => ": a rule's op is one of eq, ne, in, not_in, gte, gt, lte and lt",
        };
    }

    private static bool IsScalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: <= 256 } text && IsStorable(text),
        JsonValueKind.Number => value.TryGetDecimal(out _),
        JsonValueKind.True or JsonValueKind.False => true,
        _ => false,
    };

    /// <summary>One condition in its normal form.</summary>
    private sealed record Rule(string Attribute, string Operator, decimal? Number, string[]? Values, JsonElement Value)
    {
        /// <summary>The same for equal conditions.</summary>
        public string Text { get; } = JsonSerializer.Serialize<string[]>([
            Attribute, Operator, Number is { } number ? Plain(number) : "", .. Values ?? [],
            Value.ValueKind == JsonValueKind.String ? "=" + Value.GetString() : Value.ValueKind.ToString()]);

        public static Rule Of(JsonElement rule)
        {
            var value = rule.GetProperty("value");
            return new Rule(rule.GetProperty("attribute").GetString()!, rule.GetProperty("op").GetString()!,
                value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : null, value.ValueKind == JsonValueKind.Array ? Sorted(value) : null, value);
        }

        /// <summary>True if whatever meets the other meets this. Conditions of different operators are not compared.</summary>
        public bool IsImpliedBy(Rule other) => Attribute == other.Attribute && Operator == other.Operator && Operator switch
        {
            "gte" or "gt" => other.Number >= Number,
            "lte" or "lt" => other.Number <= Number,
            "in" => !other.Values!.Except(Values!, StringComparer.Ordinal).Any(),
            "not_in" => !Values!.Except(other.Values!, StringComparer.Ordinal).Any(),
            _ => Number is not null || other.Number is not null ? Number == other.Number
                : Value.ValueKind == other.Value.ValueKind && (Value.ValueKind != JsonValueKind.String || Value.ValueEquals(other.Value.GetString())),
        };

        public void WriteValue(Utf8JsonWriter json)
        {
            if (Number is { } number)
            {
                json.WriteRawValue(Plain(number));
            }
            else if (Values is not null)
            {
                json.WriteStartArray();
                foreach (var text in Values)
                {
                    json.WriteStringValue(text);
                }
                json.WriteEndArray();
            }
            else if (Value.ValueKind == JsonValueKind.String)
            {
                json.WriteStringValue(Value.GetString());
            }
            else
            {
                json.WriteBooleanValue(Value.ValueKind == JsonValueKind.True);
            }
        }

        // 7, 7.0 and 70e-1 are one number.
        private static string Plain(decimal number) => number.ToString("0.############################", System.Globalization.CultureInfo.InvariantCulture);
    }
}
