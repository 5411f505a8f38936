using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CustobotGateway.GraphQL;
using Microsoft.Extensions.Primitives;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>A request as a client sends it (GraphQL over HTTP §5), before its document is known.</summary>
internal sealed class RequestBody
{
    private const int MaxDepth = 64;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    /// <summary>The document in UTF-8, maybe a part of the body; null where only its hash was sent.</summary>
    public ReadOnlyMemory<byte>? Query { get; private set; }

    public string? OperationName { get; private set; }

    /// <summary>A JSON object, maybe a part of the body; empty where none was sent.</summary>
    public ReadOnlyMemory<byte> Variables { get; private set; }

    /// <summary>The hash that <c>extensions.persistedQuery</c> names; null without one.</summary>
    public string? PersistedHash { get; private set; }

    /// <summary>Reads a body; null and what is wrong where it is no request.</summary>
    public static RequestBody? Read(ReadOnlyMemory<byte> json, out GraphQLError? error)
    {
        var body = new RequestBody();
        var reader = new Utf8JsonReader(json.Span, ReaderOptions);
        try
        {
            error = !Utf8.IsValid(json.Span) ? InvalidText() : body.ReadMembers(ref reader, json);
        }
        catch (JsonException exception)
        {
            error = new GraphQLError($"The body is not well-formed JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}.", [], "malformed_body");
        }
        catch (InvalidOperationException)
        {
            error = InvalidText();
        }
        return Checked(body, ref error);
    }

    /// <summary>Reads the parameters of a GET (§6.2).</summary>
    public static RequestBody? Read(IQueryCollection parameters, out GraphQLError? error)
    {
        var body = new RequestBody();
        try
        {
            error = parameters.FirstOrDefault(parameter => parameter.Key is "query" or "variables" or "operationName" or "extensions" && parameter.Value.Count > 1) is { Key: { } twice }
                ? Fault($"The parameter {twice} occurs twice.")
                : null;
            body.Query = parameters["query"] is [{ } query] ? Encoding.UTF8.GetBytes(query) : default(ReadOnlyMemory<byte>?);
            body.OperationName = parameters["operationName"] is [{ Length: > 0 } name] ? name : null;
            error ??= body.ReadParameter("variables", parameters["variables"]) ?? body.ReadParameter("extensions", parameters["extensions"]);
        }
        catch (JsonException)
        {
            error = new GraphQLError("The parameters variables and extensions are JSON objects.", [], "malformed_body");
        }
        return Checked(body, ref error);
    }

    private static RequestBody? Checked(RequestBody body, ref GraphQLError? error)
    {
        if (error is null && body.Query is null && body.PersistedHash is null)
        {
            error = Fault("The request has no query.");
        }
        return error is null ? body : null;
    }

    private GraphQLError? ReadParameter(string name, StringValues parameter)
    {
        if (parameter is not [{ Length: > 0 } text])
        {
            return null;
        }
        var json = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        var error = name == "variables" ? ReadVariables(ref reader, json) : ReadExtensions(ref reader);
        return error is null && reader.Read() ? Fault($"There is something after the JSON object of {name}.") : error;
    }

    private GraphQLError? ReadMembers(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        GraphQLError? error = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            error = Fault(reader.TokenType == JsonTokenType.StartArray ? "Requests are sent one at a time; batches are not served." : "The body is a JSON object with the member query.");
            reader.Skip();
        }
        else
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                error = ReadMember(ref reader, json) ?? error;
            }
        }
        // What follows the object is a fault of form, which the reader tells.
        reader.Read();
        return error;
    }

    private GraphQLError? ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.ValueTextEquals("query"u8))
        {
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    Query = ReadText(ref reader, json);
                    return null;
                case JsonTokenType.Null:
                    return null;
                default:
                    reader.Skip();
                    return Fault("The member query is a string.");
            }
        }
        if (reader.ValueTextEquals("operationName"u8))
        {
            reader.Read();
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
            {
                OperationName = reader.GetString() is { Length: > 0 } name ? name : null;
                return null;
            }
            reader.Skip();
            return Fault("The member operationName is a string.");
        }
        var (isVariables, isExtensions) = (reader.ValueTextEquals("variables"u8), reader.ValueTextEquals("extensions"u8));
        reader.Read();
        if (isVariables)
        {
            return ReadVariables(ref reader, json);
        }
        if (isExtensions)
        {
            return ReadExtensions(ref reader);
        }
        reader.Skip();
        return null;
    }

    private GraphQLError? ReadVariables(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var (kind, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        reader.Skip();
        Variables = kind == JsonTokenType.StartObject ? json[start..(int)reader.BytesConsumed] : default;
        return kind is JsonTokenType.StartObject or JsonTokenType.Null ? null : Fault("The member variables is an object.");
    }

    private GraphQLError? ReadExtensions(ref Utf8JsonReader reader)
    {
        var extensions = JsonElement.ParseValue(ref reader);
        if (extensions.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            return Fault("The member extensions is an object.");
        }
        if (extensions.ValueKind == JsonValueKind.Null || !extensions.TryGetProperty("persistedQuery"u8, out var persisted))
        {
            return null;
        }
        PersistedHash = persisted.ValueKind == JsonValueKind.Object && persisted.TryGetProperty("sha256Hash"u8, out var hash) && hash.ValueKind == JsonValueKind.String ? hash.GetString() : null;
        return PersistedHash is null ? Fault("extensions.persistedQuery has the member sha256Hash: 64 hexadecimal digits.") : null;
    }

    /// <summary>The string's bytes, without making a string of it; the body's own where nothing is escaped.</summary>
    private static ReadOnlyMemory<byte> ReadText(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (!reader.ValueIsEscaped)
        {
            return json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        }
        var text = new byte[reader.ValueSpan.Length];
        return text.AsMemory(0, reader.CopyString(text));
    }

    private static GraphQLError InvalidText() => new("The body holds text that is not valid UTF-8, or half a surrogate pair.", [], "malformed_body");

    private static GraphQLError Fault(string message) => new(message, [], "invalid_request");
}
