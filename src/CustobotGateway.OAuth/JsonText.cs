using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CustobotGateway.OAuth;

/// <summary>Writes one JSON object.</summary>
internal static class JsonText
{
    private const int MostKept = 16_384;

    // As the standards' examples are written: at+jwt, not at\u002Bjwt. None of it is ever put into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Kept by thread. A writer that is taken is not there for what is written in the midst of it.
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _kept;

    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var (buffer, json) = _kept ?? New();
        _kept = null;
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        var written = buffer.WrittenSpan.ToArray();
        if (written.Length <= MostKept)
        {
            buffer.ResetWrittenCount();
            json.Reset();
            _kept = (buffer, json);
        }
        return written;
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) New()
    {
        var buffer = new ArrayBufferWriter<byte>(2_048);
        return (buffer, new Utf8JsonWriter(buffer, Options));
    }

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }

    public static void WriteIfGiven(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
