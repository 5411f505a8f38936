using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Payments.Stripe;

/// <summary>
/// Amounts as Stripe writes them (docs.stripe.com/currencies): whole minor units as ISO 4217 has them, but for a few currencies. Some have no minor unit there though ISO
/// gives them one; some have one though nobody uses it, and then two zeros are sent; those with three digits end in a zero.
/// </summary>
internal static class StripeAmounts
{
    private static readonly HashSet<string> WithoutMinorUnit =
        new(["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"], StringComparer.Ordinal);

    // Kept at two digits for what was written before; the last two are zeros.
    private static readonly HashSet<string> WithEmptyMinorUnit = new(["ISK", "UGX"], StringComparer.Ordinal);

    private static readonly HashSet<string> WithThreeDigits = new(["BHD", "JOD", "KWD", "OMR", "TND"], StringComparer.Ordinal);

    /// <summary>Stripe's number for the amount; false for what Stripe cannot charge.</summary>
    public static bool TryWrite(Money money, out long amount)
    {
        amount = 0;
        if (money.Amount < 0 || !Currencies.TryGetDigits(money.Currency, out var digits) || DigitsOf(money.Currency, digits) is not { } written)
        {
            return false;
        }
        if (written < digits)
        {
            var scale = Power(digits - written);
            amount = money.Amount / scale;
            return money.Amount % scale == 0;
        }
        if (money.Amount > long.MaxValue / Power(written - digits))
        {
            return false;
        }
        amount = money.Amount * Power(written - digits);
        return !WithThreeDigits.Contains(money.Currency) || amount % 10 == 0;
    }

    /// <summary>The amount in whole minor units of Stripe's number.</summary>
    public static long Read(long amount, string currency) =>
        !Currencies.TryGetDigits(currency, out var digits) || DigitsOf(currency, digits) is not { } written ? amount
        : written < digits ? checked(amount * Power(digits - written)) : amount / Power(written - digits);

    private static int? DigitsOf(string currency, int digits) =>
        WithoutMinorUnit.Contains(currency) ? 0
        : WithEmptyMinorUnit.Contains(currency) ? 2
        : WithThreeDigits.Contains(currency) ? 3
        : digits == 2 ? 2
        : null;

    private static long Power(int digits) => digits switch { 0 => 1, 1 => 10, 2 => 100, _ => 1_000 };
}
