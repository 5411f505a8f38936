using System.Buffers.Text;
using System.Globalization;

namespace CustobotGateway.Catalog.Values;

/// <summary>
/// Numbers as they are stored: plain notation without exponent, plus sign or superfluous zeros, so that equal numbers are equal bytes;
/// few enough digits that a double holds each exactly as it was written.
/// </summary>
internal static class CanonicalNumber
{
    private const int MaxDigits = 15;
    private const int MaxFraction = 28;
    private const long MaxInteger = (1L << 53) - 1;

    /// <summary>Writes a number that stands in the grammar of JSON (RFC 8259 §6) in canonical form.</summary>
    public static ValueFault Write(ReadOnlySpan<byte> token, bool whole, Utf8Buffer output)
    {
        if (token.Length > 64)
        {
            return ValueFault.NumberOutOfRange;
        }
        if (IsCanonical(token, whole))
        {
            output.Append(token);
            return ValueFault.None;
        }
        return Normalize(token, whole, output);
    }

    /// <summary>Writes a decimal, rounded to 15 significant digits.</summary>
    public static ValueFault Write(decimal number, bool whole, Utf8Buffer output)
    {
        Span<byte> text = stackalloc byte[64];
        number.TryFormat(text, out var length, whole ? "G" : "G15", CultureInfo.InvariantCulture);
        return Write(text[..length], whole, output);
    }

    /// <summary>Whether the text of a cell is a number: JSON's grammar, or a leading plus or zero besides.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= 64 && Utf8Parser.TryParse(text, out double number, out var used) && used == text.Length && double.IsFinite(number);

    private static bool IsCanonical(ReadOnlySpan<byte> token, bool whole)
    {
        var start = token[0] == '-' ? 1 : 0;
        if (token.Length - start > MaxDigits || (token.Length - start > 1 && token[start] == '0' && token[start + 1] != '.'))
        {
            return false;
        }
        var point = -1;
        for (var i = start; i < token.Length; i++)
        {
            if (token[i] == '.')
            {
                if (point >= 0)
                {
                    return false;
                }
                point = i;
            }
            else if (!char.IsAsciiDigit((char)token[i]))
            {
                return false;
            }
        }
        return point < 0 ? start == 0 || token[1] != '0' : !whole && point > start && token[^1] is not ((byte)'0' or (byte)'.');
    }

    private static ValueFault Normalize(ReadOnlySpan<byte> token, bool whole, Utf8Buffer output)
    {
        Span<byte> digits = stackalloc byte[64];
        int count = 0, scale = 0, exponent = 0;
        var (negative, seenPoint, at) = (false, false, 0);
        for (; at < token.Length; at++)
        {
            var letter = token[at];
            if (letter is (byte)'e' or (byte)'E')
            {
                if (!Utf8Parser.TryParse(token[at + 1] == '+' ? token[(at + 2)..] : token[(at + 1)..], out exponent, out _) || exponent is > 999 or < -999)
                {
                    exponent = token[at + 1] == '-' ? -999 : 999;
                }
                break;
            }
            if (letter == '-')
            {
                negative = true;
            }
            else if (letter == '.')
            {
                seenPoint = true;
            }
            else if (letter != '+')
            {
                scale += seenPoint ? 1 : 0;
                if (count > 0 || letter != '0')
                {
                    digits[count++] = letter;
                }
            }
        }
        if (count == 0)
        {
            output.Append((byte)'0');
            return ValueFault.None;
        }
        while (digits[count - 1] == '0')
        {
            count--;
            scale--;
        }
        scale -= exponent;
        // The number is 0.d1d2…dn times ten to this.
        var magnitude = count - scale;
        if (whole)
        {
            return scale > 0 ? ValueFault.WrongType : magnitude > 16 ? ValueFault.NumberOutOfRange : WriteWhole(digits[..count], -scale, negative, output);
        }
        if (count > MaxDigits || magnitude > MaxDigits || scale > MaxFraction)
        {
            return ValueFault.NumberOutOfRange;
        }
        WritePlain(digits[..count], scale, negative, output);
        return ValueFault.None;
    }

    private static ValueFault WriteWhole(ReadOnlySpan<byte> digits, int zeros, bool negative, Utf8Buffer output)
    {
        var number = Utf8Parser.TryParse(digits, out long parsed, out _) ? parsed : 0;
        for (var i = 0; i < zeros; i++)
        {
            number *= 10;
        }
        if (number > MaxInteger)
        {
            return ValueFault.NumberOutOfRange;
        }
        Utf8Formatter.TryFormat(negative ? -number : number, output.Reserve(24), out var length);
        output.Advance(length);
        return ValueFault.None;
    }

    private static void WritePlain(ReadOnlySpan<byte> digits, int scale, bool negative, Utf8Buffer output)
    {
        if (negative)
        {
            output.Append((byte)'-');
        }
        if (scale <= 0)
        {
            output.Append(digits);
            for (; scale < 0; scale++)
            {
                output.Append((byte)'0');
            }
            return;
        }
        var before = digits.Length - scale;
        if (before > 0)
        {
            output.Append(digits[..before]);
            output.Append((byte)'.');
            output.Append(digits[before..]);
            return;
        }
        output.Append("0."u8);
        for (; before < 0; before++)
        {
            output.Append((byte)'0');
        }
        output.Append(digits);
    }
}
