using System.Text;
using System.Text.Json;

namespace CustobotGateway.AttributeIndex;

/// <summary>JSON string literals (RFC 8259 §7) in UTF-8: quotes, with only the quote, the backslash and control characters escaped.</summary>
internal static class JsonLiteral
{
    private const string Hex = "0123456789abcdef";

    /// <summary>The most bytes that a text of so many bytes can become.</summary>
    public static int MaxSize(int textBytes) => (6 * textBytes) + 2;

    /// <summary>Writes a literal; returns its length.</summary>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> literal)
    {
        var at = 0;
        literal[at++] = (byte)'"';
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyInRange((byte)0, (byte)0x1F);
            var special = text.IndexOfAny((byte)'"', (byte)'\\');
            var run = plain < 0 ? special < 0 ? text.Length : special : special < 0 ? plain : Math.Min(plain, special);
            text[..run].CopyTo(literal[at..]);
            at += run;
            if (run == text.Length)
            {
                break;
            }
            var value = text[run];
            literal[at++] = (byte)'\\';
            if (value is (byte)'"' or (byte)'\\')
            {
                literal[at++] = value;
            }
            else
            {
                "u00"u8.CopyTo(literal[at..]);
                literal[at + 3] = (byte)Hex[value >> 4];
                literal[at + 4] = (byte)Hex[value & 15];
                at += 5;
            }
            text = text[(run + 1)..];
        }
        literal[at++] = (byte)'"';
        return at;
    }

    /// <summary>The text of a literal.</summary>
    public static string Read(ReadOnlySpan<byte> literal)
    {
        var body = literal[1..^1];
        if (!body.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(body);
        }
        var reader = new Utf8JsonReader(literal);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>Orders two literals by the code points of their texts.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        left = left[1..^1];
        right = right[1..^1];
        return left.Contains((byte)'\\') || right.Contains((byte)'\\')
            ? string.CompareOrdinal(Quoted(left), Quoted(right))
            : left.SequenceCompareTo(right);

        static string Quoted(ReadOnlySpan<byte> body)
        {
            byte[] literal = [(byte)'"', .. body, (byte)'"'];
            return Read(literal);
        }
    }
}
