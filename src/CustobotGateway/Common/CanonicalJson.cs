using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CustobotGateway.Common;

/// <summary>
/// One spelling for equal JSON values: no white space, members by ordinal name, numbers without trailing zeros. What is hashed
/// (events, repeated requests) is hashed in this form, since jsonb and other writers keep neither order nor spelling.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value, as this gateway serialises it, in canonical form, UTF-8.</summary>
    public static byte[] Of<T>(T value) => Of(JsonSerializer.SerializeToElement(value, Json.Options));

    /// <summary>The element in canonical form, UTF-8.</summary>
    public static byte[] Of(JsonElement element)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            Write(writer, element);
        }
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(element));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    // Decimal first: it keeps every digit of an amount. Dividing by a one of 28 zeros drops trailing zeros.
    private static string Number(JsonElement element) => element.TryGetDecimal(out var exact)
        ? (exact / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : element.GetDouble().ToString("R", CultureInfo.InvariantCulture);
}
