using System.Globalization;
using CustobotGateway.Checkout.Shop;
using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Pricing;

/// <summary>What a basket comes to under the shop's settings at a time. Pure: the same question has the same answer.</summary>
internal static class PriceBasket
{
    /// <summary>The highest total: every amount is a number that a JSON reader with 64-bit floats, such as JavaScript's, reads exactly.</summary>
    public const long MaxTotal = (1L << 53) - 1;

    /// <summary>Prices it. Refused where the sums are beyond <see cref="MaxTotal"/>.</summary>
    public static Outcome<PricedBasket> Run(Basket basket, ShopSettings shop, ITaxes taxes, DateTimeOffset now)
    {
        try
        {
            var priced = Price(basket, shop, taxes, now);
            return priced.Totals.All(total => Math.Abs(total.Amount) <= MaxTotal) ? priced : TooLarge();
        }
        catch (OverflowException)
        {
            return TooLarge();
        }
    }

    private static Problem TooLarge() => CheckoutProblems.TotalTooLarge.With($"No sum may be above {MaxTotal} minor units. Ask for less, or divide the order.");

    private static PricedBasket Price(Basket basket, ShopSettings shop, ITaxes taxes, DateTimeOffset now)
    {
        checked
        {
            var lines = basket.Lines.Select(LineOf).ToArray();
            var messages = basket.Lines.SelectMany(QuantityRules.Of).ToList();
            var (rules, warnings) = ChooseDiscounts.Run(basket, lines.Sum(line => line.Total), shop, now);
            messages.AddRange(warnings);
            var applied = new List<AppliedDiscount>();
            foreach (var rule in rules.Where(rule => rule.Kind != DiscountKind.FreeShipping))
            {
                var off = TakeOffGoods.Run(rule, basket, [.. lines.Select(line => line.Total + line.Discount)]);
                for (var i = 0; i < lines.Length; i++)
                {
                    lines[i] = rule.IsOfItems ? lines[i] with { Total = lines[i].Total - off[i] } : lines[i] with { Discount = lines[i].Discount - off[i] };
                }
                Add(applied, rule, [.. off.Index().Where(one => one.Item > 0).Select(one => new DiscountAllocation($"$.line_items[{one.Index}]", one.Item))]);
            }
            var worth = lines.Select(line => line.Total + line.Discount).ToArray();
            var plan = basket.GoodsOnly ? new FulfillmentPlan(null, [], [], []) : PlanFulfillment.Run(basket, worth, shop, now);
            messages.AddRange(plan.Messages);
            var shipping = plan.Costs.Select(cost => cost ?? 0).ToArray();
            var freed = TakeOffShipping(rules, shipping, applied);
            var tax = basket.GoodsOnly ? null : TaxOf(basket, shop.Taxes, taxes, worth, plan, [.. shipping.Zip(freed, (cost, off) => cost - off)]);
            for (var i = 0; i < lines.Length; i++)
            {
                lines[i] = lines[i] with { Tax = tax?.Of.GetValueOrDefault(lines[i].Id) ?? 0 };
            }
            var isShown = plan.Costs.Any(cost => cost is not null);
            var fees = basket.GoodsOnly ? [] : FeesOf(shop.Fees, basket.Currency, worth.Sum());
            var totals = TotalsOf(lines, isShown ? shipping.Sum() : null, freed.Sum(), tax?.Parts ?? [], fees);
            AppliedDiscounts? discounts = basket.Codes.Count == 0 && applied.Count == 0 ? null : new(basket.Codes, applied);
            return new PricedBasket(lines, totals, tax is { Parts.Count: > 0 } ? tax.Parts : null, discounts, plan.Fulfillment, messages);
        }
    }

    private static LineItem LineOf(BasketLine line)
    {
        var unit = line.Agreed?.UnitPrice ?? line.Goods.UnitPriceOf(line.Quantity);
        // No line costs more than its list price: what is agreed above it is the list price then.
        var list = Math.Max(line.Agreed?.ListPrice ?? line.Goods.Price.Amount, unit);
        return new LineItem(line.Id, line.Goods.ProductId, line.Goods.Title, line.Quantity, list, unit, checked(unit * line.Quantity))
        {
            BackOrder = line.IsBackOrdered ? new BackOrder(line.LeadDays, line.Goods.RestockDate) : null,
        };
    }

    private static void Add(List<AppliedDiscount> applied, DiscountRule rule, IReadOnlyList<DiscountAllocation> allocations)
    {
        // One that applies by itself and takes nothing off is not worth a word; whoever entered a code wants to see it.
        if (allocations.Count > 0 || rule.Code is not null)
        {
            applied.Add(new AppliedDiscount(rule.Id, rule.Title, allocations.Sum(one => one.Amount), allocations, rule.Code, rule.Code is null));
        }
    }

    private static long[] TakeOffShipping(IReadOnlyList<DiscountRule> rules, long[] shipping, List<AppliedDiscount> applied)
    {
        var freed = new long[shipping.Length];
        foreach (var rule in rules.Where(rule => rule.Kind == DiscountKind.FreeShipping))
        {
            var off = shipping.Zip(freed, (cost, gone) => cost - gone).ToArray();
            freed = [.. shipping];
            Add(applied, rule, [.. off.Index().Where(one => one.Item > 0).Select(one => new DiscountAllocation(PlanFulfillment.Path(one.Index), one.Item))]);
        }
        return freed;
    }

    private static TaxAnswer? TaxOf(Basket basket, TaxSettings settings, ITaxes taxes, long[] worth, FulfillmentPlan plan, long[] shipping)
    {
        if (settings.Rules.Count == 0)
        {
            return null;
        }
        var taxables = new List<Taxable>();
        foreach (var (i, line) in basket.Lines.Index())
        {
            if ((plan.PlaceOf(line.Id) ?? settings.Origin) is { } place)
            {
                taxables.Add(new Taxable(line.Id, line.Goods.Category, worth[i], place));
            }
        }
        for (var i = 0; settings.OnFulfillment && i < shipping.Length; i++)
        {
            if ((plan.Places[i] ?? settings.Origin) is { } place)
            {
                taxables.Add(new Taxable(plan.Fulfillment!.Methods[i].Id, TaxRule.Shipping, shipping[i], place));
            }
        }
        return taxes.Of(settings, taxables);
    }

    private static List<Total> FeesOf(IReadOnlyList<FeeRule> fees, string currency, long worth) =>
        [.. fees.Where(fee => fee.Amount.Currency == currency && fee.Amount.Amount > 0 && !(worth >= fee.BelowSubtotal)).Select(fee => new Total(TotalType.Fee, fee.Amount.Amount) { DisplayText = fee.Title })];

    private static List<Total> TotalsOf(LineItem[] lines, long? shipping, long freed, IReadOnlyList<TaxPart> taxes, List<Total> fees)
    {
        checked
        {
            var subtotal = lines.Aggregate(0L, (sum, line) => sum + line.ListPrice * line.Quantity);
            var totals = new List<Total> { new(TotalType.Subtotal, subtotal) };
            AddUnlessZero(totals, TotalType.ItemsDiscount, lines.Sum(line => line.Total) - subtotal);
            AddUnlessZero(totals, TotalType.Discount, lines.Sum(line => line.Discount) - freed);
            if (shipping is not null)
            {
                totals.Add(new Total(TotalType.Fulfillment, shipping.Value));
            }
            var added = taxes.Where(tax => !tax.Included).ToList();
            if (added.Count > 0)
            {
                totals.Add(new Total(TotalType.Tax, added.Sum(tax => tax.Amount)) { Lines = [.. added.Select(TextOf)] });
            }
            totals.AddRange(fees);
            var total = totals.Sum(one => one.Amount);
            var contained = taxes.Where(tax => tax.Included).ToList();
            // Tax that the prices contain is no summand: it is said what of the total it is.
            totals.Add(new Total(TotalType.Total, total) { Lines = contained.Count == 0 ? null : [new TotalPart("Net", total - contained.Sum(tax => tax.Amount)), .. contained.Select(TextOf)] });
            return totals;
        }
    }

    private static TotalPart TextOf(TaxPart tax) => new(
        $"{tax.Title} {tax.Percent.ToString("0.####", CultureInfo.InvariantCulture)} %" + (tax.Included ? " contained" : ""), tax.Amount);

    private static void AddUnlessZero(List<Total> totals, TotalType type, long amount)
    {
        if (amount != 0)
        {
            totals.Add(new Total(type, amount));
        }
    }
}
