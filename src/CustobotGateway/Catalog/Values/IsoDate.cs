using System.Buffers.Text;
using System.Globalization;

namespace CustobotGateway.Catalog.Values;

/// <summary>ISO 8601 dates and date-times as products carry them.</summary>
internal static class IsoDate
{
    /// <summary>
    /// Writes <c>2026-03-01</c> as it is and a date-time, which needs an offset, in UTC to the second:
    /// <c>2026-03-01T13:00-08:00</c> becomes <c>2026-03-01T21:00:00Z</c>.
    /// </summary>
    public static bool TryWrite(ReadOnlySpan<byte> text, Span<byte> output, out int length)
    {
        length = 0;
        if (text.Length < 10 || !TryDigits(text, 0, 4, out var year) || text[4] != '-' || !TryDigits(text, 5, 2, out var month) || text[7] != '-'
            || !TryDigits(text, 8, 2, out var day) || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }
        if (text.Length == 10)
        {
            text.CopyTo(output);
            length = 10;
            return true;
        }
        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text.Length < 17 || !TryDigits(text, 11, 2, out var hour) || text[13] != ':'
            || !TryDigits(text, 14, 2, out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }
        var at = 16;
        var second = 0;
        if (text[at] == ':')
        {
            if (!TryDigits(text, at + 1, 2, out second) || second > 60)
            {
                return false;
            }
            at += 3;
            if (at < text.Length && text[at] == '.')
            {
                do
                {
                    at++;
                }
                while (at < text.Length && char.IsAsciiDigit((char)text[at]));
            }
        }
        if (!TryOffset(text[at..], out var offset))
        {
            return false;
        }
        // A leap second is the last second of its minute: the calendar here has none.
        var ticks = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc).Ticks - (offset * TimeSpan.TicksPerMinute);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }
        new DateTime(ticks, DateTimeKind.Utc).TryFormat(output, out length, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z')
        {
            return true;
        }
        if (text.Length is not (3 or 5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || !TryDigits(text, 1, 2, out var hours) || hours > 23)
        {
            return false;
        }
        var rest = 0;
        if (text.Length > 3 && ((text.Length == 6 && text[3] != ':') || !TryDigits(text, text.Length - 2, 2, out rest) || rest > 59))
        {
            return false;
        }
        minutes = ((hours * 60) + rest) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, int start, int count, out int number)
    {
        number = 0;
        return text.Length >= start + count
            && text.Slice(start, count).IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && Utf8Parser.TryParse(text.Slice(start, count), out number, out _);
    }
}
