using System.Text.Json;

namespace CustobotGateway.OAuth.Mandates;

/// <summary>
/// A condition on an attribute of every product. <c>eq</c>, <c>in</c>, <c>gte</c>, <c>gt</c>, <c>lte</c> and <c>lt</c> allow what meets them: a product without the
/// attribute does not. <c>ne</c> and <c>not_in</c> deny what they name: a product without the attribute passes. Of an attribute with several values, one is enough
/// to meet or to be denied.
/// </summary>
/// <param name="Attribute">A key of the attribute registry.</param>
/// <param name="Op">The operator.</param>
/// <param name="Value">A number for comparisons, a list of texts for <c>in</c> and <c>not_in</c>, else a text, a number, true or false.</param>
public sealed record MandateRule(string Attribute, string Op, JsonElement Value)
{
    /// <summary>Whether a product passes.</summary>
    /// <param name="attributes">The product's attributes by key.</param>
    public bool Passes(JsonElement attributes)
    {
        var denies = Op is "ne" or "not_in";
        return attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty(Attribute, out var value) && value.ValueKind != JsonValueKind.Null
            ? ValuesOf(value).Any(Meets) != denies
            : denies;
    }

    // A set has its items, a measure or a sum of money its number.
    private static IEnumerable<JsonElement> ValuesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray(),
        JsonValueKind.Object when value.TryGetProperty("value", out var number) => [number],
        JsonValueKind.Object when value.TryGetProperty("amount", out var amount) => [amount],
        _ => [value],
    };

    private bool Meets(JsonElement value) => Op switch
    {
        "eq" or "ne" => IsSame(value, Value),
        "in" or "not_in" => Value.EnumerateArray().Any(wanted => IsSame(value, wanted)),
        _ => NumberOf(value) is { } number && NumberOf(Value) is { } bound && Op switch
        {
            "gte" => number >= bound,
            "gt" => number > bound,
            "lte" => number <= bound,
            _ => number < bound,
        },
    };

    private static bool IsSame(JsonElement value, JsonElement wanted) => (value.ValueKind, wanted.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => value.ValueEquals(wanted.GetString()),
        (JsonValueKind.Number, JsonValueKind.Number) => NumberOf(value) is { } number && number == NumberOf(wanted),
        (JsonValueKind.True, JsonValueKind.True) or (JsonValueKind.False, JsonValueKind.False) => true,
        _ => false,
    };

    private static decimal? NumberOf(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;
}
