namespace CustobotGateway.Checkout.Orders;

/// <summary>What was paid for pieces of a line, discounts and taxes of the whole order included; delivery and fees are not the lines'.</summary>
internal static class PaidShares
{
    /// <summary>What was paid for each line, by its id: what it came to, with its share of discounts and of tax that was added. Where that is more than was paid it is shared anew, the largest remainders getting the last units.</summary>
    public static IReadOnlyDictionary<string, long> OfLines(Order order)
    {
        var isTaxAdded = order.Taxes?.Any(tax => !tax.Included) == true;
        var worth = order.LineItems.Select(line => (line.Id, Amount: Math.Max(0, line.Total + line.Discount + (isTaxAdded ? line.Tax : 0)))).ToList();
        var (goods, weight) = (order.Paid, worth.Sum(line => (decimal)line.Amount));
        if (weight <= goods)
        {
            return worth.ToDictionary(line => line.Id, line => line.Amount);
        }
        var exact = worth.Select(line => (line.Id, Share: goods * (line.Amount / weight))).ToList();
        var shares = exact.ToDictionary(one => one.Id, one => (long)Math.Floor(one.Share));
        var rest = (int)(goods - shares.Values.Sum());
        foreach (var (id, _) in exact.OrderByDescending(one => one.Share - Math.Floor(one.Share)).Take(rest))
        {
            shares[id]++;
        }
        return shares;
    }

    /// <summary>What was paid for pieces of a line of which some were given back before: piece by piece it comes to what was paid for the whole line. Halves are rounded away from zero.</summary>
    /// <param name="paid">For the whole line.</param>
    /// <param name="original">Pieces of the line.</param>
    /// <param name="before">Pieces that were given back before.</param>
    /// <param name="quantity">Pieces now.</param>
    public static long OfPieces(long paid, int original, int before, int quantity) => UpTo(paid, original, before + quantity) - UpTo(paid, original, before);

    private static long UpTo(long paid, int original, int pieces) => (long)Math.Round((decimal)paid * pieces / original, MidpointRounding.AwayFromZero);
}
