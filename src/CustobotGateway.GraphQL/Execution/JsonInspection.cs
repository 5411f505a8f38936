using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>Shows a JSON value in an error message: whole where it is small, abbreviated where it is large or deep.</summary>
internal static class JsonInspection
{
    private const int MaxDepth = 2;
    private const int MaxItems = 10;
    private const int MaxText = 200;

    public static string Print(JsonElement json)
    {
        var text = new StringBuilder();
        Append(text, json, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement json, int depth)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                AppendArray(text, json, depth);
                break;
            case JsonValueKind.Object:
                AppendObject(text, json, depth);
                break;
            case JsonValueKind.String:
                var value = json.GetRawText();
                text.Append(value.Length > MaxText ? $"{value.AsSpan(0, MaxText)}..." : value);
                break;
            default:
                text.Append(json.GetRawText().AsSpan(0, Math.Min(MaxText, json.GetRawText().Length)));
                break;
        }
    }

    private static void AppendArray(StringBuilder text, JsonElement json, int depth)
    {
        var length = json.GetArrayLength();
        if (length > 0 && depth > MaxDepth)
        {
            text.Append("[Array]");
            return;
        }
        text.Append('[');
        for (var i = 0; i < Math.Min(MaxItems, length); i++)
        {
            Append(text.Append(i == 0 ? "" : ", "), json[i], depth + 1);
        }
        _ = (length - MaxItems) switch
        {
            1 => text.Append(", ... 1 more item"),
            > 1 and var more => text.Append(CultureInfo.InvariantCulture, $", ... {more} more items"),
            _ => text,
        };
        text.Append(']');
    }

    private static void AppendObject(StringBuilder text, JsonElement json, int depth)
    {
        if (depth > MaxDepth)
        {
            text.Append("[Object]");
            return;
        }
        var count = 0;
        foreach (var member in json.EnumerateObject())
        {
            if (count == MaxItems * MaxItems)
            {
                text.Append(", ...");
                break;
            }
            text.Append(count++ == 0 ? "{ " : ", ").Append(member.Name).Append(": ");
            Append(text, member.Value, depth + 1);
        }
        text.Append(count == 0 ? "{}" : " }");
    }
}
