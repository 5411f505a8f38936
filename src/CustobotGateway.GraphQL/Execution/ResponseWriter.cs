using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>Writes responses (spec §7.1): errors first, where there are any, then data, then extensions.</summary>
internal static class ResponseWriter
{
    private const int MaxDepth = 1_000;

    // Responses are JSON and never a part of a page, so that only what JSON asks for is escaped.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = MaxDepth,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _kept;

    public static void Write(
        IBufferWriter<byte> output, ResultTree? data, IReadOnlyList<GraphQLError>? errors, Action<Utf8JsonWriter>? extensions)
    {
        var writer = _kept ?? new Utf8JsonWriter(output, Options);
        _kept = null;
        var json = new JsonOutput(output, writer);
        var begin = "{"u8;
        if (errors is { Count: > 0 })
        {
            json.Add("{\"errors\":"u8);
            Write(json.Begin(), errors);
            json.End();
            begin = ","u8;
        }
        if (data is not null)
        {
            json.Add(begin);
            json.Add("\"data\":"u8);
            Write(ref json, data, 0);
            begin = ","u8;
        }
        if (extensions is not null)
        {
            json.Add(begin);
            json.Add("\"extensions\":"u8);
            var members = json.Begin();
            members.WriteStartObject();
            extensions(members);
            members.WriteEndObject();
            json.End();
        }
        json.Add(errors is { Count: > 0 } || data is not null || extensions is not null ? "}"u8 : "{}"u8);
        json.Commit();
        writer.Reset(Stream.Null);
        _kept = writer;
    }

    private static void Write(ref JsonOutput json, ResultTree tree, int index)
    {
        ref var value = ref tree[index];
        switch (value.Kind)
        {
            case ResultKind.Object:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                var fields = ((SelectionPlan)value.Reference!).Fields;
                var start = ResultTree.Start(value);
                json.Add((byte)'{');
                for (var i = 0; i < fields.Length; i++)
                {
                    json.Add(i == 0 ? fields[i].Member.AsSpan(1) : fields[i].Member);
                    Write(ref json, tree, start + i);
                }
                json.Add((byte)'}');
                break;
            case ResultKind.List:
                var first = ResultTree.Start(value);
                var count = ResultTree.Length(value);
                json.Add((byte)'[');
                for (var i = 0; i < count; i++)
                {
                    if (i > 0)
                    {
                        json.Add((byte)',');
                    }
                    Write(ref json, tree, first + i);
                }
                json.Add((byte)']');
                break;
            case ResultKind.String:
                json.AddString((string)value.Reference!);
                break;
            case ResultKind.Integer:
                json.Add(value.Bits);
                break;
            case ResultKind.Number:
                json.Add(BitConverter.Int64BitsToDouble(value.Bits));
                break;
            case ResultKind.Boolean:
                json.Add(value.Bits != 0 ? "true"u8 : "false"u8);
                break;
            case ResultKind.Json:
                json.Add(((byte[])value.Reference!).AsSpan((int)(value.Bits >> 32), (int)value.Bits));
                break;
            case ResultKind.Other:
                WriteOther(json.Begin(), value.Reference);
                json.End();
                break;
            default:
                json.Add("null"u8);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<GraphQLError> errors)
    {
        writer.WriteStartArray();
        foreach (var error in errors)
        {
            Write(writer, error);
        }
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, GraphQLError error)
    {
        writer.WriteStartObject();
        writer.WriteString("message", error.Message);
        if (error.Locations.Count > 0)
        {
            writer.WriteStartArray("locations");
            foreach (var location in error.Locations)
            {
                writer.WriteStartObject();
                writer.WriteNumber("line", location.Line);
                writer.WriteNumber("column", location.Column);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        if (error.Path is not null)
        {
            writer.WritePropertyName("path");
            WriteOther(writer, error.Path);
        }
        if (error.Code is not null || error.Extensions is not null)
        {
            writer.WriteStartObject("extensions"u8);
            if (error.Code is not null)
            {
                writer.WriteString("code", error.Code);
            }
            foreach (var (name, member) in error.Extensions ?? new Dictionary<string, object?>())
            {
                writer.WritePropertyName(name);
                WriteOther(writer, member);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    // What custom scalars answer and error extensions hold.
    private static void WriteOther(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                WriteNumber(writer, number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                break;
            case DateOnly date:
                writer.WriteStringValue(date.ToString("O", CultureInfo.InvariantCulture));
                break;
            case JsonElement json:
                json.WriteTo(writer);
                break;
            case IReadOnlyDictionary<string, object?> members:
                writer.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    writer.WritePropertyName(name);
                    WriteOther(writer, member);
                }
                writer.WriteEndObject();
                break;
            case IEnumerable items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    WriteOther(writer, item);
                }
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
