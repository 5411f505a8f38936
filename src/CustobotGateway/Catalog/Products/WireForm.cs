using System.Text.Json;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.Catalog.Products;

/// <summary>Stored values as they are answered.</summary>
public static class WireForm
{
    /// <summary>Reads one object of stored values: measures and durations get their unit, what the caller is not shown is left out, and so is what the registry lacks.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Read(string stored, AttributeRegistry registry, Sight sight)
    {
        using var document = JsonDocument.Parse(stored);
        var buffer = new Utf8Buffer(stored.Length * 2);
        buffer.Append((byte)'{');
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (registry.Find(member.Name) is not { } attribute || !attribute.IsSeenBy(sight))
            {
                continue;
            }
            var format = ValueFormats.Of(registry)[attribute.Ordinal];
            if (buffer.Length > 1)
            {
                buffer.Append((byte)',');
            }
            buffer.Append(format.Member.Span);
            Append(buffer, format, member.Value);
        }
        buffer.Append((byte)'}');
        var reader = new Utf8JsonReader(buffer.Written);
        return JsonElement.ParseValue(ref reader).EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
    }

    /// <summary>Appends one stored value in its wire form.</summary>
    internal static void Append(Utf8Buffer output, ValueFormat format, JsonElement stored)
    {
        var raw = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(stored);
        if (format.Type is not (AttributeType.Measure or AttributeType.Duration))
        {
            output.Append(raw);
            return;
        }
        output.Append("{\"value\":"u8);
        output.Append(raw);
        output.Append(",\"unit\":"u8);
        output.AppendString(System.Text.Encoding.UTF8.GetBytes(format.Unit.Code));
        output.Append((byte)'}');
    }
}
