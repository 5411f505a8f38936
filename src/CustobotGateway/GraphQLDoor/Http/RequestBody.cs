using System.Text.Json;
using CustobotGateway.GraphQL;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>A request as a client sends it (GraphQL over HTTP §5), before its document is known.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int MaxDepth = 64;

    private JsonDocument? _document;
    private JsonDocument? _variables;
    private JsonDocument? _extensions;

    /// <summary>The document in UTF-8; null where only its hash was sent.</summary>
    public byte[]? Query { get; private set; }

    public string? OperationName { get; private set; }

    public JsonElement Variables { get; private set; }

    public JsonElement Extensions { get; private set; }

    /// <summary>The hash that <c>extensions.persistedQuery</c> names; null without one.</summary>
    public string? PersistedHash { get; private set; }

    /// <summary>Reads a body; null and what is wrong where it is no request.</summary>
    public static RequestBody? Read(ReadOnlyMemory<byte> json, out GraphQLError? error)
    {
        var body = new RequestBody();
        try
        {
            body._document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = body._document.RootElement;
            error = root.ValueKind == JsonValueKind.Object
                ? body.ReadMembers(root)
                : Fault(root.ValueKind == JsonValueKind.Array ? "Requests are sent one at a time; batches are not served." : "The body is a JSON object with the member query.");
        }
        catch (JsonException exception)
        {
            error = new GraphQLError($"The body is not well-formed JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}.", [], "malformed_body");
        }
        catch (InvalidOperationException)
        {
            error = new GraphQLError("The body holds text that is not valid UTF-8, or half a surrogate pair.", [], "malformed_body");
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
            body.Query = parameters["query"] is [{ } query] ? System.Text.Encoding.UTF8.GetBytes(query) : null;
            body.OperationName = parameters["operationName"] is [{ Length: > 0 } name] ? name : null;
            body._variables = Parse(parameters["variables"]);
            body._extensions = Parse(parameters["extensions"]);
            error ??= body.Take(body._variables?.RootElement ?? default, body._extensions?.RootElement ?? default);
        }
        catch (JsonException)
        {
            error = new GraphQLError("The parameters variables and extensions are JSON objects.", [], "malformed_body");
        }
        return Checked(body, ref error);
    }

    public void Dispose()
    {
        _document?.Dispose();
        _variables?.Dispose();
        _extensions?.Dispose();
    }

    private static JsonDocument? Parse(Microsoft.Extensions.Primitives.StringValues parameter) =>
        parameter is [{ Length: > 0 } text] ? JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth }) : null;

    private static RequestBody? Checked(RequestBody body, ref GraphQLError? error)
    {
        if (error is null && body.Query is null && body.PersistedHash is null)
        {
            error = Fault("The request has no query.");
        }
        if (error is null)
        {
            return body;
        }
        body.Dispose();
        return null;
    }

    private GraphQLError? ReadMembers(JsonElement root)
    {
        JsonElement variables = default, extensions = default;
        foreach (var member in root.EnumerateObject())
        {
            if (member.NameEquals("query"u8))
            {
                switch (member.Value.ValueKind)
                {
                    case JsonValueKind.String:
                        Query = Unescape(member.Value);
                        break;
                    case not JsonValueKind.Null:
                        return Fault("The member query is a string.");
                }
            }
            else if (member.NameEquals("operationName"u8))
            {
                if (member.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                {
                    return Fault("The member operationName is a string.");
                }
                OperationName = member.Value.GetString() is { Length: > 0 } name ? name : null;
            }
            else if (member.NameEquals("variables"u8))
            {
                variables = member.Value;
            }
            else if (member.NameEquals("extensions"u8))
            {
                extensions = member.Value;
            }
        }
        return Take(variables, extensions);
    }

    private GraphQLError? Take(JsonElement variables, JsonElement extensions)
    {
        if (variables.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined))
        {
            return Fault("The member variables is an object.");
        }
        if (extensions.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined))
        {
            return Fault("The member extensions is an object.");
        }
        (Variables, Extensions) = (variables.ValueKind == JsonValueKind.Null ? default : variables, extensions);
        if (extensions.ValueKind == JsonValueKind.Object && extensions.TryGetProperty("persistedQuery"u8, out var persisted))
        {
            PersistedHash = persisted.ValueKind == JsonValueKind.Object && persisted.TryGetProperty("sha256Hash"u8, out var hash) && hash.ValueKind == JsonValueKind.String ? hash.GetString() : null;
            return PersistedHash is null ? Fault("extensions.persistedQuery has the member sha256Hash: 64 hexadecimal digits.") : null;
        }
        return null;
    }

    /// <summary>The string's bytes, without making a string of it.</summary>
    private static byte[] Unescape(JsonElement text)
    {
        var raw = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(text);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.ToArray();
        }
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            return buffer.AsSpan(0, reader.CopyString(buffer)).ToArray();
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static GraphQLError Fault(string message) => new(message, [], "invalid_request");
}
