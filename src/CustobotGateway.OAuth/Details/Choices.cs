using System.Text.Json;

namespace CustobotGateway.OAuth.Details;

/// <summary>What is allowed, as texts; fewer of them ask for less. None at all allows nothing, or, where an empty list means all, is the same as absent.</summary>
public sealed class AllowedSet(string name, bool required = false, IReadOnlyList<string>? values = null, int most = 100, bool emptyMeansAll = false) : DetailMember(name, required)
{
    internal override string? FaultOf(JsonElement value) => FaultOfTexts(value, most)
        ?? (values is null || value.EnumerateArray().All(item => values.Contains(item.GetString()!)) ? null : $": only {string.Join(", ", values!)} are known");

    internal override bool Covers(JsonElement? granted, JsonElement? asked) => base.Covers(Meant(granted), Meant(asked));

    internal override bool IsNothing(JsonElement value) => Meant(value) is null;

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => json.WriteStrings(Name, Sorted(value));

    private JsonElement? Meant(JsonElement? value) => emptyMeansAll && value is { } list && list.GetArrayLength() == 0 ? null : value;

    private protected override bool Compares(JsonElement granted, JsonElement asked) => !Sorted(asked).Except(Sorted(granted), StringComparer.Ordinal).Any();
}

/// <summary>What is denied, as texts; more of them ask for less. None is the same as absent.</summary>
public sealed class DeniedSet(string name, int most = 100) : DetailMember(name, false)
{
    internal override string? FaultOf(JsonElement value) => FaultOfTexts(value, most);

    internal override bool Covers(JsonElement? granted, JsonElement? asked) =>
        granted is not { } least || !Sorted(least).Except(asked is { } more ? Sorted(more) : [], StringComparer.Ordinal).Any();

    internal override bool IsNothing(JsonElement value) => value.GetArrayLength() == 0;

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => json.WriteStrings(Name, Sorted(value));

    private protected override bool Compares(JsonElement granted, JsonElement asked) => Covers(granted, asked);
}

/// <summary>A text that may not change, such as a currency.</summary>
public sealed class FixedText(string name, Func<string, bool> isValid, string form, bool required = false) : DetailMember(name, required)
{
    internal override string? FaultOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= 256 } text && isValid(text) ? null : $": {form} is expected";

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => json.WriteString(Name, value.GetString());

    private protected override bool Compares(JsonElement granted, JsonElement asked) => asked.ValueEquals(granted.GetString());
}

/// <summary>A text out of a few that may not change. The first of them is meant where it is absent, and the normal form leaves that one out.</summary>
public sealed class DefaultedText(string name, IReadOnlyList<string> values) : DetailMember(name, false)
{
    internal override string? FaultOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && values.Contains(value.GetString()!) ? null : $": one of {string.Join(", ", values)} is expected";

    internal override bool Covers(JsonElement? granted, JsonElement? asked) => ValueOf(granted) == ValueOf(asked);

    internal override bool IsNothing(JsonElement value) => value.ValueEquals(values[0]);

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => json.WriteString(Name, value.GetString());

    private protected override bool Compares(JsonElement granted, JsonElement asked) => Covers(granted, asked);

    private string ValueOf(JsonElement? value) => value?.GetString() ?? values[0];
}

/// <summary>A text that the server adds to what it grants, such as an id. A client may send it back unchanged or leave it out, and may not invent it.</summary>
public sealed class AssignedText(string name) : DetailMember(name, false)
{
    internal override string? FaultOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 256 } ? null : ": a text that the server gives is expected";

    internal override bool Covers(JsonElement? granted, JsonElement? asked) => asked is not { } some || (granted is { } known && Compares(known, some));

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value) => json.WriteString(Name, value.GetString());

    private protected override bool Compares(JsonElement granted, JsonElement asked) => asked.ValueEquals(granted.GetString());
}
