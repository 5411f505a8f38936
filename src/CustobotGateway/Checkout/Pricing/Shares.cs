namespace CustobotGateway.Checkout.Pricing;

/// <summary>Arithmetic of money: whole minor units, rounded half up (away from zero).</summary>
internal static class Shares
{
    /// <summary>A share of an amount, rounded half up.</summary>
    public static long Of(long amount, decimal percent) => (long)Math.Round(amount * percent / 100, 0, MidpointRounding.AwayFromZero);

    /// <summary>The tax that an amount contains at a rate, rounded half up.</summary>
    public static long ContainedIn(long amount, decimal percent) => (long)Math.Round(amount * percent / (100 + percent), 0, MidpointRounding.AwayFromZero);

    /// <summary>
    /// Divides an amount by weights so that the shares add up to it: each gets its share rounded down, and the units that are left go to the largest remainders. Of equal
    /// remainders the one whose name comes first gets the unit, so that the order of the weights changes nothing. No share is above its weight where the amount is not above their sum.
    /// </summary>
    /// <param name="amount">Zero or more.</param>
    /// <param name="weights">Zero or more each. Where all are zero, so must be the amount.</param>
    /// <param name="names">One for each weight, all different.</param>
    public static long[] Divide(long amount, IReadOnlyList<long> weights, IReadOnlyList<string> names)
    {
        Int128 sum = 0;
        foreach (var weight in weights)
        {
            sum += weight;
        }
        var shares = new long[weights.Count];
        if (sum == 0)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(amount, 0);
            return shares;
        }
        var remainders = new Int128[weights.Count];
        var left = amount;
        for (var i = 0; i < shares.Length; i++)
        {
            var product = (Int128)amount * weights[i];
            shares[i] = (long)(product / sum);
            remainders[i] = product % sum;
            left -= shares[i];
        }
        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => remainders[i]).ThenBy(i => names[i], StringComparer.Ordinal).Take((int)left))
        {
            shares[i]++;
        }
        return shares;
    }
}
