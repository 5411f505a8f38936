using System.Globalization;
using System.Text.Json;

namespace CustobotGateway.Common.Pages;

/// <summary>How the pages write values.</summary>
internal static class Written
{
    public static string Amount(Money money) => Amount(money.Amount, money.Currency);

    /// <summary>Minor units as people write them: 24900 USD is <c>249.00 USD</c>, 500 JPY is <c>500 JPY</c>.</summary>
    public static string Amount(long minorUnits, string currency)
    {
        // A code that is none is written as if it had the usual two.
        var digits = Currencies.TryGetDigits(currency, out var known) ? known : 2;
        var scale = (decimal)Math.Pow(10, digits);
        return (minorUnits / scale).ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " " + currency;
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>The day and the minute in that time zone, for a person who lives in it.</summary>
    public static string Moment(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()).Replace('_', ' ');
}
