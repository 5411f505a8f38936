using System.Globalization;
using System.Text;

namespace CustobotGateway.GraphQL.Language;

/// <summary>Writes values as they are written in a document, for messages, defaults and schemas.</summary>
internal static class ValuePrinter
{
    // A message tells which value is wrong; it does not send a document back.
    private const int MaxShown = 1_000;

    /// <summary>The value as it is shown in a message.</summary>
    public static string Show(ValueNode value)
    {
        var text = Print(value);
        return text.Length > MaxShown ? text[..MaxShown] + "..." : text;
    }

    public static string Print(ValueNode value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    public static void Append(StringBuilder text, ValueNode value)
    {
        switch (value)
        {
            case VariableNode variable:
                text.Append('$').Append(variable.Name.Value);
                break;
            case IntValueNode number:
                text.Append(number.Value);
                break;
            case FloatValueNode number:
                text.Append(number.Value);
                break;
            case StringValueNode { IsBlock: true } block:
                text.Append(BlockString.Print(block.Value));
                break;
            case StringValueNode literal:
                AppendString(text, literal.Value);
                break;
            case BooleanValueNode boolean:
                text.Append(boolean.Value ? "true" : "false");
                break;
            case NullValueNode:
                text.Append("null");
                break;
            case EnumValueNode member:
                text.Append(member.Value);
                break;
            case ListValueNode list:
                text.Append('[');
                for (var i = 0; i < list.Values.Length; i++)
                {
                    Append(text.Append(i == 0 ? "" : ", "), list.Values[i]);
                }
                text.Append(']');
                break;
            case ObjectValueNode fields:
                AppendObject(text, fields);
                break;
        }
    }

    /// <summary>Writes a quoted string (spec §2.9.4).</summary>
    public static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or (>= '\u007F' and <= '\u009F') => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }

    private static void AppendObject(StringBuilder text, ObjectValueNode fields)
    {
        text.Append('{');
        for (var i = 0; i < fields.Fields.Length; i++)
        {
            var field = fields.Fields[i];
            text.Append(i == 0 ? "" : ", ").Append(field.Name).Append(": ");
            Append(text, field.Value);
        }
        text.Append('}');
    }
}
