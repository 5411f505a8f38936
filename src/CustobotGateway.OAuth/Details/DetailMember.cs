using System.Text.Json;

namespace CustobotGateway.OAuth.Details;

/// <summary>
/// One member of a type of authorization details, with its form and its order: which values allow no more than another. An absent member restricts
/// nothing, so that it covers every value and is covered by absence alone; kinds that differ say so.
/// </summary>
public abstract class DetailMember
{
    private protected DetailMember(string name, bool required)
    {
        (Name, Required) = (name, required);
    }

    /// <summary>The member's name.</summary>
    public string Name { get; }

    /// <summary>Whether every element of the type has it.</summary>
    public bool Required { get; }

    /// <summary>Why the value is not of this form, to be read after the path to it; null if it is.</summary>
    internal abstract string? FaultOf(JsonElement value);

    /// <summary>True if whoever has <paramref name="granted"/> may have <paramref name="asked"/>. Both are in form; null is absent.</summary>
    internal virtual bool Covers(JsonElement? granted, JsonElement? asked) => granted is not { } most || (asked is { } some && Compares(most, some));

    /// <summary>True if the value says the same as none at all, so that the normal form leaves it out.</summary>
    internal virtual bool IsNothing(JsonElement value) => false;

    /// <summary>Writes the value in the one spelling that equal values share.</summary>
    internal abstract void WriteNormal(Utf8JsonWriter json, JsonElement value);

    /// <summary>True if <paramref name="asked"/> is no more than <paramref name="granted"/>.</summary>
    private protected abstract bool Compares(JsonElement granted, JsonElement asked);

    private protected static JsonElement? MemberOf(JsonElement? value, string name) => value is { } whole && whole.TryGetProperty(name, out var member) ? member : null;

    private protected static string[] Sorted(JsonElement value) =>
        [.. value.EnumerateArray().Select(item => item.GetString()!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private protected static string? FaultOfTexts(JsonElement value, int most)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most)
        {
            return $": an array of at most {most} texts is expected";
        }
        return value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 and <= 256 } text && IsStorable(text))
            ? null
            : ": each item is a text of 1 to 256 characters";
    }

    // JSON allows the escape of NUL; PostgreSQL, where grants are kept, holds it in no column.
    private protected static bool IsStorable(string text) => !text.Contains('\0', StringComparison.Ordinal);
}
