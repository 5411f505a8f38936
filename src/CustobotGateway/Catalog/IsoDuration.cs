using System.Buffers;
using System.Globalization;

namespace CustobotGateway.Catalog;

/// <summary>ISO 8601 durations: <c>P3Y</c>, <c>P2W</c>, <c>P1Y6M</c>, <c>PT36H</c>, <c>P1DT12H</c>.</summary>
public static class IsoDuration
{
    private const int MaxLength = 40;
    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789.,");
    private static readonly (char Designator, bool InTime, string Unit)[] Parts =
        [('Y', false, "a"), ('M', false, "mo"), ('W', false, "wk"), ('D', false, "d"), ('H', true, "h"), ('M', true, "min"), ('S', true, "s")];

    /// <summary>Reads a duration into a unit of time, a year being 365.25 days and a month a twelfth of it (UCUM's <c>a</c> and <c>mo</c>).</summary>
    public static bool TryParse(string? text, Unit to, out decimal value)
    {
        value = 0;
        if (text is null || text.Length is < 3 or > MaxLength || text[0] != 'P' || !to.IsCommensurable(Units.Second))
        {
            return false;
        }
        var seconds = 0m;
        var (at, inTime, part, found) = (1, false, 0, false);
        while (at < text.Length)
        {
            if (text[at] == 'T' && !inTime)
            {
                (inTime, found) = (true, false);
                at++;
                continue;
            }
            var length = text.AsSpan(at).IndexOfAnyExcept(NumberLetters);
            if (length <= 0
                || !decimal.TryParse(text.Substring(at, length).Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }
            // Each designator once, in order, the time's after the T.
            while (part < Parts.Length && (Parts[part].Designator != text[at + length] || Parts[part].InTime != inTime))
            {
                part++;
            }
            if (part == Parts.Length || number > 1_000_000_000_000m
                || !Units.TryParse(Parts[part].Unit, out var unit) || !Units.TryConvert(number, unit, Units.Second, out var more))
            {
                return false;
            }
            seconds += more;
            found = true;
            part++;
            at += length + 1;
        }
        return found && Units.TryConvert(seconds, Units.Second, to, out value);
    }
}
