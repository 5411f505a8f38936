namespace CustobotGateway.Negotiation;

/// <summary>Sets our prices, in minor units a piece. Pure: the same facts give the same price.</summary>
public static class PricePolicy
{
    /// <summary>The lowest price that margin and discount both allow, or null where even the list price is below it.</summary>
    public static long? Floor(NegotiationOptions options, long listPrice, long unitCost)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Rounded up: a fraction of a cent below the limit is below the limit.
        var byMargin = CeilingOfHundredth((Int128)unitCost * (100 + options.MinMarginPercent));
        var byDiscount = CeilingOfHundredth((Int128)listPrice * (100 - options.MaxDiscountPercent));
        var floor = Math.Max(byMargin, byDiscount);
        return floor > listPrice ? null : floor;
    }

    /// <summary>
    /// Our price in answer to the buyer's: half of the way from what stands, never below the floor and never up again. Where the
    /// buyer offers what stands or more, what stands.
    /// </summary>
    public static long Answer(long floor, long standing, long offered) =>
        offered >= standing ? standing : Math.Max(floor, (long)(((Int128)standing + offered + 1) / 2));

    private static long CeilingOfHundredth(Int128 value) => (long)((value + 99) / 100);
}
