using System.Globalization;
using System.Text;

namespace CustobotGateway.MessageSignatures.StructuredFields;

/// <summary>The one way in which a structured field is written (RFC 9651 §4.1).</summary>
internal static class FieldWriter
{
    /// <summary>A bare item.</summary>
    public static string Write(FieldValue value) => new StringBuilder().Value(value).ToString();

    /// <summary>A dictionary.</summary>
    public static string Write(FieldDictionary dictionary)
    {
        var written = new StringBuilder();
        foreach (var member in dictionary.Members)
        {
            written.Append(written.Length == 0 ? "" : ", ").Append(member.Key);
            if (member.Items is null && member.Value.IsTrue)
            {
                written.Parameters(member.Parameters);
            }
            else
            {
                written.Append('=').Member(member);
            }
        }
        return written.ToString();
    }

    /// <summary>A list.</summary>
    public static string Write(IReadOnlyList<FieldMember> members)
    {
        var written = new StringBuilder();
        foreach (var member in members)
        {
            written.Append(written.Length == 0 ? "" : ", ").Member(member);
        }
        return written.ToString();
    }

    /// <summary>An item or an inner list, without its key.</summary>
    public static string Write(FieldMember member) => new StringBuilder().Member(member).ToString();

    /// <summary>An item.</summary>
    public static string Write(FieldItem item) => new StringBuilder().Value(item.Value).Parameters(item.Parameters).ToString();

    private static StringBuilder Member(this StringBuilder written, FieldMember member)
    {
        if (member.Items is not { } items)
        {
            return written.Value(member.Value).Parameters(member.Parameters);
        }
        written.Append('(');
        for (var i = 0; i < items.Count; i++)
        {
            written.Append(i == 0 ? "" : " ").Value(items[i].Value).Parameters(items[i].Parameters);
        }
        return written.Append(')').Parameters(member.Parameters);
    }

    public static StringBuilder Parameters(this StringBuilder written, FieldParameters parameters)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            written.Parameter(parameters[i].Key, parameters[i].Value);
        }
        return written;
    }

    public static StringBuilder Parameter(this StringBuilder written, string key, FieldValue value)
    {
        written.Append(';').Append(key);
        return value.IsTrue ? written : written.Append('=').Value(value);
    }

    public static StringBuilder Value(this StringBuilder written, FieldValue value) => value.Kind switch
    {
        FieldValueKind.Boolean => written.Append(value.IsTrue ? "?1" : "?0"),
        FieldValueKind.Integer => written.Append(CultureInfo.InvariantCulture, $"{value.Number}"),
        FieldValueKind.Decimal => written.Append(value.Decimal()),
        FieldValueKind.Text => written.Quoted(value.Text),
        FieldValueKind.Token => written.Append(value.Text),
        FieldValueKind.Bytes => written.Append(':').Append(Convert.ToBase64String(value.Bytes.Span)).Append(':'),
        FieldValueKind.Date => written.Append(CultureInfo.InvariantCulture, $"@{value.Number}"),
        _ => written.Display(value.Text),
    };

    private static StringBuilder Quoted(this StringBuilder written, string text)
    {
        written.Append('"');
        foreach (var letter in text)
        {
            written.Append(letter is '"' or '\\' ? "\\" : "").Append(letter);
        }
        return written.Append('"');
    }

    private static StringBuilder Display(this StringBuilder written, string text)
    {
        written.Append("%\"");
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is < 0x20 or > 0x7e or (byte)'%' or (byte)'"')
            {
                written.Append(CultureInfo.InvariantCulture, $"%{octet:x2}");
            }
            else
            {
                written.Append((char)octet);
            }
        }
        return written.Append('"');
    }
}
