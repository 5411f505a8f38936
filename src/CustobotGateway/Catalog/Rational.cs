using System.Globalization;
using System.Numerics;

namespace CustobotGateway.Catalog;

/// <summary>An exact fraction, so that a chain of unit factors (a cubic foot a minute) loses no digit.</summary>
internal readonly record struct Rational(BigInteger Numerator, BigInteger Denominator)
{
    public static readonly Rational One = new(1, 1);

    public static Rational Parse(ReadOnlySpan<char> text) => From(decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture));

    public static Rational From(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return new Rational(value < 0 ? -magnitude : magnitude, BigInteger.Pow(10, value.Scale));
    }

    public static Rational operator *(Rational left, Rational right) =>
        Reduced(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Rational operator /(Rational left, Rational right) =>
        Reduced(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static Rational operator +(Rational left, Rational right) =>
        Reduced((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Rational operator -(Rational left, Rational right) =>
        Reduced((left.Numerator * right.Denominator) - (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Rational Pow(Rational value, int exponent) => exponent >= 0
        ? new(BigInteger.Pow(value.Numerator, exponent), BigInteger.Pow(value.Denominator, exponent))
        : Reduced(BigInteger.Pow(value.Denominator, -exponent), BigInteger.Pow(value.Numerator, -exponent));

    /// <summary>The value to so many significant digits, halves away from zero; false beyond what a decimal holds.</summary>
    public bool TryRound(int significantDigits, out decimal result)
    {
        result = 0;
        if (Numerator.IsZero)
        {
            return true;
        }
        // A first guess of the power of ten from the lengths in bits, corrected once where it is one off.
        var magnitude = (int)Math.Floor((BigInteger.Abs(Numerator).GetBitLength() - Denominator.GetBitLength()) * 0.30102999566398120);
        var limit = BigInteger.Pow(10, significantDigits);
        BigInteger digits;
        int scale;
        do
        {
            scale = significantDigits - 1 - magnitude;
            digits = scale >= 0
                ? Divide(Numerator * BigInteger.Pow(10, scale), Denominator)
                : Divide(Numerator, Denominator * BigInteger.Pow(10, -scale));
            magnitude++;
        }
        while (BigInteger.Abs(digits) >= limit);
        if (scale > 28)
        {
            digits = Divide(Numerator * BigInteger.Pow(10, 28), Denominator);
            scale = 28;
        }
        if (scale < 0)
        {
            digits *= BigInteger.Pow(10, -scale);
            scale = 0;
        }
        while (scale > 0 && (digits % 10).IsZero)
        {
            digits /= 10;
            scale--;
        }
        if (BigInteger.Abs(digits) > (BigInteger)decimal.MaxValue)
        {
            return false;
        }
        var unscaled = decimal.GetBits((decimal)BigInteger.Abs(digits));
        result = new decimal(unscaled[0], unscaled[1], unscaled[2], Numerator.Sign < 0, (byte)scale);
        return true;
    }

    private static BigInteger Divide(BigInteger numerator, BigInteger denominator)
    {
        var half = numerator.Sign < 0 ? -(denominator >> 1) : denominator >> 1;
        return (numerator + half) / denominator;
    }

    private static Rational Reduced(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.Sign < 0)
        {
            (numerator, denominator) = (-numerator, -denominator);
        }
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return divisor.IsOne ? new(numerator, denominator) : new(numerator / divisor, denominator / divisor);
    }
}
