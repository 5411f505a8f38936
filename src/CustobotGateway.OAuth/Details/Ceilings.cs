using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CustobotGateway.OAuth.Details;

/// <summary>A decimal number above zero as a text, such as <c>"80.00"</c>; a smaller one asks for less.</summary>
public sealed partial class AmountCeiling(string name, bool required = false) : DetailMember(name, required)
{
    /// <summary>Reads an amount in the only form that is accepted.</summary>
    public static bool TryRead(JsonElement value, out decimal amount)
    {
        amount = 0;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= 20 } text && Form().IsMatch(text)
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount) && amount > 0;
    }

    internal override string? FaultOf(JsonElement value) => TryRead(value, out _) ? null : ": a decimal number above zero is expected, as a text with at most four decimals";

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) =>
        json.WriteString(Name, Amount(value).ToString("0.####", CultureInfo.InvariantCulture));

    private protected override bool Compares(JsonElement granted, JsonElement asked) => Amount(asked) <= Amount(granted);

    private static decimal Amount(JsonElement value) => TryRead(value, out var amount) ? amount : throw new InvalidOperationException("The amount was not checked.");

    [GeneratedRegex(@"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>An amount in minor units, such as cents: a whole number from one; a smaller one asks for less.</summary>
/// <param name="name">The member's name.</param>
/// <param name="most">The largest amount that is read; sums of some stay far from overflowing.</param>
/// <param name="required">Whether every element has it.</param>
public sealed class MinorUnitsCeiling(string name, long most = 1_000_000_000_000, bool required = false) : DetailMember(name, required)
{
    internal override string? FaultOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && IsWhole(value) && value.TryGetInt64(out var amount) && amount > 0 && amount <= most
            ? null
            : $": a whole number of minor units from 1 to {most} is expected";

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => json.WriteNumber(Name, value.GetInt64());

    private protected override bool Compares(JsonElement granted, JsonElement asked) => asked.GetInt64() <= granted.GetInt64();

    // 1.0 and 1e3 are whole too, but a sum of money that is written like that was computed with fractions.
    private static bool IsWhole(JsonElement value) => !value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');
}

/// <summary>A whole number from one; a smaller one asks for less.</summary>
public sealed class CountCeiling(string name, bool required = false) : DetailMember(name, required)
{
    internal override string? FaultOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count > 0 ? null : ": a whole number above zero is expected";

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => json.WriteNumber(Name, value.GetInt32());

    private protected override bool Compares(JsonElement granted, JsonElement asked) => asked.GetInt32() <= granted.GetInt32();
}

/// <summary>A time of RFC 3339, with a time zone; an earlier one asks for less.</summary>
public sealed partial class Deadline(string name, bool required = false) : DetailMember(name, required)
{
    /// <summary>Reads a time in the only form that is accepted.</summary>
    public static bool TryRead(JsonElement value, out DateTimeOffset time)
    {
        time = default;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { } text && Form().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
    }

    internal override string? FaultOf(JsonElement value) => TryRead(value, out _) ? null : ": a time like 2026-12-31T23:59:59Z is expected";

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => WriteTime(json, Name, value);

    private protected override bool Compares(JsonElement granted, JsonElement asked) => Time(asked) <= Time(granted);

    internal static void WriteTime(Utf8JsonWriter json, string name, JsonElement value) =>
        json.WriteString(name, Time(value).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    internal static DateTimeOffset Time(JsonElement value) => TryRead(value, out var time) ? time : throw new InvalidOperationException("The time was not checked.");

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>A time of RFC 3339, with a time zone; a later one asks for less.</summary>
public sealed class Beginning(string name, bool required = false) : DetailMember(name, required)
{
    internal override string? FaultOf(JsonElement value) => Deadline.TryRead(value, out _) ? null : ": a time like 2026-01-01T00:00:00Z is expected";

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => Deadline.WriteTime(json, Name, value);

    private protected override bool Compares(JsonElement granted, JsonElement asked) => Deadline.Time(asked) >= Deadline.Time(granted);
}
