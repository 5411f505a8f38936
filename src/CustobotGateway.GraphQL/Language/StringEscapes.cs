using System.Text;

namespace CustobotGateway.GraphQL.Language;

/// <summary>Escape sequences of quoted strings (spec §2.9.4), <c>\u{…}</c> and surrogate pairs included.</summary>
internal static class StringEscapes
{
    private const int LongestVariableEscape = 12;

    /// <summary>The text of the sequence at a backslash and its size in the source; null when it is none, then the size is what to show.</summary>
    public static string? Read(ReadOnlySpan<byte> source, int at, out int size)
    {
        size = 2;
        return (at + 1 < source.Length ? (char)source[at + 1] : '\0') switch
        {
            '"' => "\"",
            '\\' => "\\",
            '/' => "/",
            'b' => "\b",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'u' when at + 2 < source.Length && source[at + 2] == (byte)'{' => ReadVariable(source, at, out size),
            'u' => ReadFixed(source, at, out size),
            _ => null,
        };
    }

    private static string? ReadVariable(ReadOnlySpan<byte> source, int at, out int size)
    {
        var point = 0;
        for (size = 3; size < LongestVariableEscape && at + size < source.Length;)
        {
            var value = source[at + size++];
            if (value == (byte)'}')
            {
                return size >= 5 && Rune.IsValid(point) ? new Rune(point).ToString() : null;
            }
            var digit = HexDigit(value);
            if (digit < 0)
            {
                return null;
            }
            point = (point << 4) | digit;
        }
        return null;
    }

    private static string? ReadFixed(ReadOnlySpan<byte> source, int at, out int size)
    {
        size = 6;
        var unit = ReadUnit(source, at);
        if (unit < 0)
        {
            return null;
        }
        if (!char.IsSurrogate((char)unit))
        {
            return ((char)unit).ToString();
        }
        var trailing = char.IsHighSurrogate((char)unit) ? ReadUnit(source, at + 6) : -1;
        if (trailing < 0 || !char.IsLowSurrogate((char)trailing))
        {
            return null;
        }
        size = 12;
        return new string([(char)unit, (char)trailing]);
    }

    private static int ReadUnit(ReadOnlySpan<byte> source, int at)
    {
        if (at + 6 > source.Length || source[at] != (byte)'\\' || source[at + 1] != (byte)'u')
        {
            return -1;
        }
        var unit = 0;
        foreach (var value in source.Slice(at + 2, 4))
        {
            var digit = HexDigit(value);
            if (digit < 0)
            {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    private static int HexDigit(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };
}
