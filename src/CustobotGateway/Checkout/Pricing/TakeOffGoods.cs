using CustobotGateway.Checkout.Shop;

namespace CustobotGateway.Checkout.Pricing;

/// <summary>Takes a discount off the lines.</summary>
internal static class TakeOffGoods
{
    /// <summary>What it takes off each line; never more than is left of it.</summary>
    /// <param name="rule">The discount; not of kind free_shipping.</param>
    /// <param name="basket">The lines.</param>
    /// <param name="left">What is left of each after the discounts before.</param>
    public static long[] Run(DiscountRule rule, Basket basket, IReadOnlyList<long> left)
    {
        var covered = basket.Lines.Select((line, i) => ChooseDiscounts.Covers(rule, line) ? left[i] : 0).ToArray();
        if (rule.Kind == DiscountKind.BuyX)
        {
            return CheapestOf(rule, basket, covered);
        }
        var whole = covered.Aggregate(0L, (sum, one) => checked(sum + one));
        var amount = rule.Kind == DiscountKind.Percent ? Shares.Of(whole, rule.Percent!.Value) : Math.Min(rule.Amount!.Amount, whole);
        return Shares.Divide(amount, covered, [.. basket.Lines.Select(line => line.Goods.ProductId)]);
    }

    // Of every so many pieces some cost less: the cheapest of all, so that nobody gains by two orders in one.
    private static long[] CheapestOf(DiscountRule rule, Basket basket, long[] covered)
    {
        var off = new long[covered.Length];
        var pieces = basket.Lines.Where((_, i) => covered[i] > 0).Sum(line => (long)line.Quantity);
        var free = pieces / (rule.Buy!.Value + rule.Get!.Value) * rule.Get.Value;
        var cheapest = Enumerable.Range(0, covered.Length).Where(i => covered[i] > 0)
            .OrderBy(i => (decimal)covered[i] / basket.Lines[i].Quantity).ThenBy(i => basket.Lines[i].Goods.ProductId, StringComparer.Ordinal);
        foreach (var i in cheapest)
        {
            var count = Math.Min(free, basket.Lines[i].Quantity);
            if (count == 0)
            {
                break;
            }
            free -= count;
            var percent = (rule.Percent ?? 100) * count / basket.Lines[i].Quantity;
            off[i] = Math.Min(Shares.Of(covered[i], percent), covered[i]);
        }
        return off;
    }
}
