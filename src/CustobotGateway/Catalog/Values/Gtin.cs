namespace CustobotGateway.Catalog.Values;

/// <summary>Global Trade Item Numbers (GS1 General Specifications §7.9: check digit calculation).</summary>
internal static class Gtin
{
    private const int Longest = 14;

    /// <summary>
    /// Reads 8, 12, 13 or 14 digits with a right check digit and gives them in the shortest of these lengths: the same item is written
    /// with or without leading zeros.
    /// </summary>
    public static bool TryNormalize(ReadOnlySpan<byte> text, Span<byte> digits, out int length)
    {
        length = 0;
        if (text.Length is not (8 or 12 or 13 or 14) || text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || !HasCheckDigit(text))
        {
            return false;
        }
        var significant = text.TrimStart((byte)'0');
        length = significant.Length switch { <= 8 => 8, <= 12 => 12, 13 => 13, _ => Longest };
        digits[..length].Fill((byte)'0');
        significant.CopyTo(digits[(length - significant.Length)..]);
        // Eight zeros pass the arithmetic and name nothing.
        return significant.Length > 0;
    }

    private static bool HasCheckDigit(ReadOnlySpan<byte> text)
    {
        // From the right, the check digit counts once, the next thrice, and so on: the sum is a multiple of ten.
        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            sum += (text[text.Length - 1 - i] - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return sum % 10 == 0;
    }
}
