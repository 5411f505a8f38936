using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Webhooks.Sending;

/// <summary>The body of a delivery: <c>type</c>, <c>timestamp</c> and <c>data</c> as Standard Webhooks has them, and what the event is about and which of its events it is.</summary>
internal static class MessageBody
{
    /// <summary>Standard Webhooks' advice: a receiver need not take more.</summary>
    public const int MostBytes = 20_000;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of an event. What is longer than a receiver need take goes without its data: the subject can be read by its id.</summary>
    public static string Of(Event entry)
    {
        var body = Write(entry.Type, entry.Stream, entry.At, entry.Version, entry.Data);
        return Encoding.UTF8.GetByteCount(body) <= MostBytes ? body : Write(entry.Type, entry.Stream, entry.At, entry.Version, null);
    }

    /// <summary>The body of a message that tells of nothing.</summary>
    public static string OfTest(string type, string subject, DateTimeOffset at) => Write(type, subject, at, 1, JsonElement.Parse("""{"test":true}"""));

    private static string Write(string type, string subject, DateTimeOffset at, int version, JsonElement? data)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("timestamp", at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteString("subject", subject);
            json.WriteNumber("sequence", version);
            json.WritePropertyName("data");
            if (data is { } whole)
            {
                whole.WriteTo(json);
            }
            else
            {
                json.WriteStartObject();
                json.WriteBoolean("too_long", true);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
