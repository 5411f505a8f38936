using System.Globalization;
using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Console;

/// <summary>How the pages write values.</summary>
internal static class Written
{
    public static string Amount(Money money) => Amount(money.Amount, money.Currency);

    /// <summary>Minor units as people write them: 24900 USD is <c>249.00 USD</c>, 500 JPY is <c>500 JPY</c>.</summary>
    public static string Amount(long minorUnits, string currency)
    {
        var digits = DigitsOf(currency);
        var scale = (decimal)Math.Pow(10, digits);
        return (minorUnits / scale).ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " " + currency;
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()).Replace('_', ' ');

    // ISO 4217: currencies whose minor unit is not a hundredth.
    private static int DigitsOf(string currency) => currency switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "UYI" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        "CLF" or "UYW" => 4,
        _ => 2,
    };
}
