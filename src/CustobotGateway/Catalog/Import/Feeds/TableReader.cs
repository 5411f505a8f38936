using System.Text;

namespace CustobotGateway.Catalog.Import.Feeds;

/// <summary>Records of fields between separators: RFC 4180, and the same with tabs. The first record names the columns.</summary>
internal sealed class TableReader(Stream stream, int maxRowBytes, byte separator) : RecordReader(stream, maxRowBytes)
{
    private const int MaxColumns = 10_000;

    /// <summary>Cuts a record into its fields, unquoted.</summary>
    /// <param name="record">Without its line break.</param>
    /// <param name="separator">Comma or tab.</param>
    /// <param name="scratch">Gets the text of fields whose quotes are doubled.</param>
    /// <param name="fields">Gets where each field's text lies: from 0 in the record, from <see cref="int.MinValue"/> in the scratch.</param>
    public static void Split(ReadOnlySpan<byte> record, byte separator, Values.Utf8Buffer scratch, List<(int Start, int Length)> fields)
    {
        scratch.Clear();
        fields.Clear();
        var at = 0;
        while (true)
        {
            var rest = record[at..];
            if (!rest.IsEmpty && rest[0] == '"' && QuotedLength(rest, separator) is > 0 and var quoted)
            {
                var text = rest[1..(quoted - 1)];
                if (text.Contains((byte)'"'))
                {
                    var start = scratch.Length;
                    Unquote(text, scratch);
                    fields.Add((int.MinValue + start, scratch.Length - start));
                }
                else
                {
                    fields.Add((at + 1, text.Length));
                }
                at += quoted;
            }
            else
            {
                var length = rest.IndexOf(separator);
                length = length < 0 ? rest.Length : length;
                fields.Add((at, length));
                at += length;
            }
            if (at >= record.Length)
            {
                return;
            }
            at++;
        }
    }

    protected override int RecordLength(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (bytes[at] == '"')
            {
                var quoted = QuotedLength(bytes[at..], separator);
                if (quoted == 0)
                {
                    // Not closed: in the bytes that are still to come, or never.
                    return atEnd ? -1 : 0;
                }
                // Text after the closing quote makes the quote one of the text: 27"" monitor.
                at += Math.Max(quoted, 1);
            }
            var next = bytes[at..].IndexOfAny(separator, (byte)'\n');
            if (next < 0)
            {
                return atEnd ? bytes.Length : 0;
            }
            at += next + 1;
            if (bytes[at - 1] == '\n')
            {
                return at;
            }
        }
        return atEnd ? bytes.Length : 0;
    }

    protected override bool IsConsumed(ReadOnlySpan<byte> record)
    {
        if (record.Trim(" \t\r"u8).IsEmpty)
        {
            return true;
        }
        if (Header is not null)
        {
            return false;
        }
        var (scratch, fields) = (new Values.Utf8Buffer(), new List<(int Start, int Length)>());
        Split(record, separator, scratch, fields);
        if (fields.Count > MaxColumns)
        {
            throw new FeedException("bad_header", $"The first line names {fields.Count} columns; at most {MaxColumns} are taken.");
        }
        var names = new List<string>(fields.Count);
        foreach (var field in fields)
        {
            names.Add(Encoding.UTF8.GetString(TextOf(record, scratch, field)).Trim());
        }
        if (names.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new FeedException("bad_header", $"The first line names the column '{repeated.Key}' more than once.");
        }
        Header = names;
        return true;
    }

    /// <summary>The text of a field that <see cref="Split"/> found.</summary>
    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> record, Values.Utf8Buffer scratch, (int Start, int Length) field) =>
        field.Start < 0 ? scratch.Written.Slice(field.Start - int.MinValue, field.Length) : record.Slice(field.Start, field.Length);

    /// <summary>The length of the quoted field at the start with its quotes; 0 when it is not closed, -1 when more text follows the closing quote.</summary>
    private static int QuotedLength(ReadOnlySpan<byte> bytes, byte separator)
    {
        var at = 1;
        while (true)
        {
            var next = bytes[at..].IndexOf((byte)'"');
            if (next < 0)
            {
                return 0;
            }
            at += next + 1;
            if (at == bytes.Length || bytes[at] == separator || bytes[at] is (byte)'\n' or (byte)'\r')
            {
                return at;
            }
            if (bytes[at] != '"')
            {
                return -1;
            }
            at++;
        }
    }

    private static void Unquote(ReadOnlySpan<byte> text, Values.Utf8Buffer output)
    {
        int at;
        while ((at = text.IndexOf("\"\""u8)) >= 0)
        {
            output.Append(text[..(at + 1)]);
            text = text[(at + 2)..];
        }
        output.Append(text);
    }
}
