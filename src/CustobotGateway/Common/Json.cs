using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustobotGateway.Common;

/// <summary>How this gateway reads and writes JSON: snake_case members, strict numbers, no unknown and no duplicate members.</summary>
public static class Json
{
    /// <summary>The deepest nesting that is read (RFC 8259 §9 lets a parser set one).</summary>
    public const int MaxDepth = 32;

    /// <summary>The options that every door and store uses.</summary>
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Sets what <see cref="Options"/> has on the framework's own options.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = MaxDepth;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        if (!options.Converters.Any(converter => converter is StorableText))
        {
            options.Converters.Add(new StorableText());
        }
        if (options.Converters.All(converter => converter is not JsonStringEnumConverter))
        {
            options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        }
        return options;
    }
}

/// <summary>Refuses NUL in text: JSON allows its escape, PostgreSQL holds it in no column.</summary>
internal sealed class StorableText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? Check(reader.GetString()) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Check(reader.GetString())!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private static string? Check(string? text) =>
        text?.Contains('\0', StringComparison.Ordinal) == true ? throw new Http.WireException("nul_character", "Text may not hold the NUL character.") : text;
}
