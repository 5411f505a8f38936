using System.Text.Json;
using System.Text.Unicode;

namespace CustobotGateway.OAuth.Jose;

/// <summary>
/// Reads JSON as RFC 8725 §3.10 and I-JSON (RFC 7493) ask: well-formed UTF-8, no member twice, no half of a surrogate pair, little depth.
/// </summary>
internal static class StrictJson
{
    public const int MaxDepth = 12;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>True if the text is one JSON value of the kind that is wanted.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        if (!Utf8.IsValid(utf8.Span))
        {
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind != kind)
            {
                return false;
            }
            if (utf8.Span.IndexOf("\\u"u8) >= 0)
            {
                ReadAllText(document.RootElement);
            }
            value = document.RootElement.Clone();
            return true;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The member as text; null if it is absent or no text.</summary>
    public static string? Text(this JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    /// <summary>True if the member is there, whatever it holds.</summary>
    public static bool Has(this JsonElement value, string name) => value.TryGetProperty(name, out _);

    /// <summary>The member as a list of texts; false if it is there and is something else or longer.</summary>
    public static bool TryTexts(this JsonElement value, string name, int most, out string[]? texts)
    {
        texts = null;
        if (!value.TryGetProperty(name, out var member))
        {
            return true;
        }
        if (member.ValueKind != JsonValueKind.Array || member.GetArrayLength() > most || member.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return false;
        }
        texts = [.. member.EnumerateArray().Select(item => item.GetString()!)];
        return true;
    }

    // The parser looks at escapes only when a text is asked for, and then throws.
    private static void ReadAllText(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    ReadAllText(item);
                }
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    ReadAllText(member.Value);
                }
                break;
        }
    }
}
