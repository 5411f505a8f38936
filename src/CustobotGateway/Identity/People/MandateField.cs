using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Details;

namespace CustobotGateway.Identity.People;

/// <summary>How a number or a time of a mandate is written on the page.</summary>
internal enum MandateFieldKind
{
    /// <summary>An amount, in the currency's major unit.</summary>
    Amount,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A day, of which the last moment in UTC is meant.</summary>
    Day,
}

/// <summary>One number of a mandate that a person may lower.</summary>
/// <param name="Path">Where it stands, with dots.</param>
/// <param name="Label">What it is, in words.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="MayBeAdded">Whether the person may set it where the client did not.</param>
internal sealed record MandateField(string Path, string Label, MandateFieldKind Kind, bool MayBeAdded)
{
    public static IReadOnlyList<MandateField> All { get; } =
    [
        new("limits.per_item", "At most for one item", MandateFieldKind.Amount, false),
        new("limits.per_order", "At most for one order", MandateFieldKind.Amount, true),
        new("limits.period.amount", "At most", MandateFieldKind.Amount, false),
        new("limits.total", "At most altogether", MandateFieldKind.Amount, true),
        new("max_orders", "Number of orders, at most", MandateFieldKind.Count, true),
        new("approval_above", "Ask me when an order is above", MandateFieldKind.Amount, true),
        new("not_after", "Until the end of", MandateFieldKind.Day, true),
    ];

    private const int LongestText = 32;

    /// <summary>The name of the form's field.</summary>
    public string NameIn(int mandate) => $"mandate_{mandate.ToString(CultureInfo.InvariantCulture)}_{Path.Replace('.', '_')}";

    /// <summary>The value where it stands; null where it is absent.</summary>
    public JsonElement? Find(JsonElement mandate)
    {
        var at = mandate;
        foreach (var step in Path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
            {
                return null;
            }
        }
        return at;
    }

    /// <summary>The value as the field shows it; empty where it is absent.</summary>
    public string TextOf(JsonElement mandate) => Find(mandate) is not { } value ? "" : Kind switch
    {
        MandateFieldKind.Amount => Major(value.GetInt64(), Digits(mandate)),
        MandateFieldKind.Count => value.GetInt32().ToString(CultureInfo.InvariantCulture),
        _ => Deadline.TryRead(value, out var time) ? time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "",
    };

    /// <summary>
    /// What a person wrote into the field, as the mandate has it; false if it is none of the kind. A field that is left out, or left as it was shown, leaves the
    /// value as it was asked, to the second and the cent.
    /// </summary>
    public bool TryRead(JsonElement mandate, string? text, out JsonNode? value)
    {
        var shown = TextOf(mandate);
        text = text?.Trim();
        value = Find(mandate) is { } asked ? JsonNode.Parse(asked.GetRawText()) : null;
        if (text is null || text == shown)
        {
            return true;
        }
        if (text.Length is 0 or > LongestText)
        {
            // Emptying a limit would be raising it.
            return false;
        }
        switch (Kind)
        {
            case MandateFieldKind.Amount:
                var digits = Digits(mandate);
                if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var major) || major > 1_000_000_000_000m
                    || major * Scale(digits) is var minor && minor != decimal.Truncate(minor))
                {
                    return false;
                }
                value = JsonValue.Create((long)(major * Scale(digits)));
                return true;
            case MandateFieldKind.Count:
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                {
                    return false;
                }
                value = JsonValue.Create(count);
                return true;
            default:
                if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                {
                    return false;
                }
                value = JsonValue.Create(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T23:59:59Z");
                return true;
        }
    }

    private static int Digits(JsonElement mandate) => Currencies.TryGetDigits(mandate.GetProperty("currency").GetString(), out var digits) ? digits : 2;

    private static decimal Scale(int digits) => digits switch { 0 => 1, 1 => 10, 2 => 100, 3 => 1_000, _ => 10_000 };

    private static string Major(long minor, int digits) => (minor / Scale(digits)).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
