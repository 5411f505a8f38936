using System.Collections.Frozen;

namespace CustobotGateway.Common;

/// <summary>The currencies in use (ISO 4217:2015 with amendments to 2025) and how many decimal digits their minor unit has.</summary>
public static class Currencies
{
    private static readonly FrozenDictionary<string, int> Digits = Load();

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> DigitsByLetters =
        Digits.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The alphabetic codes.</summary>
    public static IReadOnlyCollection<string> Codes => Digits.Keys;

    /// <summary>Whether the code is one of a currency in use, and 2 for USD, 0 for JPY, 3 for KWD. Upper case only.</summary>
    public static bool TryGetDigits(ReadOnlySpan<char> code, out int digits) => DigitsByLetters.TryGetValue(code, out digits);

    private static FrozenDictionary<string, int> Load()
    {
        const string two = """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
            CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
            KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD
            PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD
            TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
            """;
        const string none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
        const string three = "BHD IQD JOD KWD LYD OMR TND";
        const string four = "CLF UYW";
        var digits = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (codes, count) in new[] { (two, 2), (none, 0), (three, 3), (four, 4) })
        {
            foreach (var code in codes.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                digits.Add(code.Trim(), count);
            }
        }
        return digits.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
