using CustobotGateway.Checkout;
using CustobotGateway.Checkout.Pricing;
using CustobotGateway.Checkout.Shop;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Checkout.Pricing;

/// <summary>Whatever is asked of whatever shop: the sums add up, nothing is negative that must not be, and the order of lines does not matter.</summary>
public sealed class PriceBasketPropertyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Currencies = ["JPY", "USD", "KWD"];

    private static readonly TaxPlace[] Places = [new("US", "CA"), new("US", "NY"), new("DE"), new("FR")];

    private static readonly string?[] Categories = [null, "book", "cable", "monitor"];

    [Fact]
    public void Sums_add_up_in_every_shop() => Run(500);

    [FullFact]
    public void Sums_add_up_in_ten_thousand_shops() => Run(10_000);

    private static void Run(int cases)
    {
        for (var seed = 0; seed < cases; seed++)
        {
            var random = new Random(seed);
            var currency = Currencies[random.Next(Currencies.Length)];
            var (basket, shop) = (BasketOf(random, currency), ShopOf(random, currency));

            var outcome = PriceBasket.Run(basket, shop, new TaxTable(), Now);

            Assert.True(outcome.Succeeded, $"seed {seed}");
            Check(basket, shop, outcome.Value, seed);
            CheckOrder(basket, shop, outcome.Value, random, seed);
        }
    }

    private static void Check(Basket basket, ShopSettings shop, PricedBasket priced, int seed)
    {
        var totals = priced.Totals;
        long Sum(TotalType type) => totals.Where(total => total.Type == type).Sum(total => total.Amount);
        void Holds(bool rule, string what) => Assert.True(rule, $"seed {seed}: {what}");

        Holds(totals.Count(total => total.Type == TotalType.Subtotal) == 1 && totals.Count(total => total.Type == TotalType.Total) == 1, "one subtotal and one total");
        Holds(totals.Where(total => total.Type != TotalType.Total).Sum(total => total.Amount) == Sum(TotalType.Total), "all sums add up to the total");
        Holds(Sum(TotalType.Total) >= 0, "the total is not negative");
        Holds(totals.All(total => total.Type is TotalType.ItemsDiscount or TotalType.Discount ? total.Amount < 0 : total.Amount >= 0), "discounts alone are negative");
        Holds(totals.All(total => total.Lines is null || total.Lines.Sum(line => line.Amount) == total.Amount), "lines add up to their total");

        Holds(priced.Lines.Sum(line => line.ListPrice * line.Quantity) == Sum(TotalType.Subtotal), "lines add up to the subtotal");
        Holds(priced.Lines.Sum(line => line.Total) == Sum(TotalType.Subtotal) + Sum(TotalType.ItemsDiscount), "lines add up to the goods");
        Holds(priced.Lines.All(line => line.Discount <= 0 && line.Total + line.Discount >= 0 && line.Tax >= 0 && line.UnitPrice <= line.ListPrice), "no line is negative");

        var applied = priced.Discounts?.Applied ?? [];
        Holds(applied.All(one => one.Allocations.Sum(part => part.Amount) == one.Amount && one.Allocations.All(part => part.Amount > 0)), "allocations add up to the discount");
        var volume = priced.Lines.Sum(line => (line.ListPrice - line.UnitPrice) * line.Quantity);
        Holds(applied.Sum(one => one.Amount) + volume == -Sum(TotalType.ItemsDiscount) - Sum(TotalType.Discount), "discounts add up to what is taken off");
        var onGoods = applied.Where(one => shop.Discounts.Single(rule => rule.Id == one.Id) is { IsOfItems: false, Kind: not DiscountKind.FreeShipping }).Sum(one => one.Amount);
        Holds(priced.Lines.Sum(line => line.Discount) == -onGoods, "the lines' shares add up to the discounts on the order");

        var added = priced.Taxes?.Where(tax => !tax.Included).Sum(tax => tax.Amount) ?? 0;
        Holds(added == Sum(TotalType.Tax), "tax by rate adds up to the tax");
        Holds(priced.Lines.Sum(line => line.Tax) <= (priced.Taxes?.Sum(tax => tax.Amount) ?? 0), "the lines' tax is a part of the tax");
        Holds(shop.Taxes.OnFulfillment || priced.Lines.Sum(line => line.Tax) == (priced.Taxes?.Sum(tax => tax.Amount) ?? 0), "without tax on shipping the lines' tax is all of it");
        Holds(basket.Lines.Count == priced.Lines.Count, "no line is lost");
    }

    private static void CheckOrder(Basket basket, ShopSettings shop, PricedBasket priced, Random random, int seed)
    {
        var lines = basket.Lines.ToArray();
        random.Shuffle(lines);
        var shuffled = PriceBasket.Run(basket with { Lines = lines }, shop, new TaxTable(), Now).Value;

        Assert.True(priced.Totals.Select(Text).SequenceEqual(shuffled.Totals.Select(Text)), $"seed {seed}: the order of lines changes the sums");
        Assert.True(priced.Lines.OrderBy(line => line.Id, StringComparer.Ordinal).SequenceEqual(shuffled.Lines.OrderBy(line => line.Id, StringComparer.Ordinal)), $"seed {seed}: the order of lines changes a line");

        static string Text(Total total) => $"{total.Type} {total.Amount} {total.DisplayText} {string.Join(',', total.Lines ?? [])}";
    }

    private static Basket BasketOf(Random random, string currency)
    {
        var lines = Enumerable.Range(1, random.Next(1, 9)).Select(i =>
        {
            var price = random.Next(4) switch { 0 => random.Next(1, 20), 1 => random.Next(1, 100_000), _ => random.NextInt64(1, 2_000_000) };
            var goods = new Goods(i, Ids.FromNumber("prd", i), $"Product {i}", new Money(price, currency))
            {
                Category = Categories[random.Next(Categories.Length)],
                VolumePrices = random.Next(3) == 0 ? [new VolumePrice(100, Math.Max(1, price / 2)), new VolumePrice(10, Math.Max(1, price * 9 / 10))] : [],
                WeightGrams = random.Next(50_000),
                LeadTimeDays = random.Next(5),
                Stock = new Dictionary<string, int> { ["main"] = random.Next(200) },
            };
            return new BasketLine($"li_{i}", goods, random.Next(3) == 0 ? random.Next(1, 1_000) : random.Next(1, 5));
        }).ToList();
        var place = Places[random.Next(Places.Length)];
        return new Basket(currency, lines)
        {
            Codes = [.. new[] { "percent", "AMOUNT", "ship", "ITEMS", "nothing", "amount" }.Where(_ => random.Next(3) == 0)],
            Fulfillment = random.Next(4) == 0 ? null : new FulfillmentRequest(
                random.Next(3) == 0 && lines.Count > 1
                    ? [Method(place, random, [lines[0].Id]), Method(Places[0], random, null)]
                    : [Method(place, random, null)]),
        };
    }

    private static FulfillmentMethodRequest Method(TaxPlace place, Random random, string[]? lines) => random.Next(5) == 0
        ? new FulfillmentMethodRequest(FulfillmentType.Pickup, lines, SelectedDestinationId: "main")
        : new FulfillmentMethodRequest(FulfillmentType.Shipping, lines, [new Destination { AddressCountry = place.Country, AddressRegion = place.Region }], Groups: [new FulfillmentGroupRequest(null, random.Next(2) == 0 ? "standard" : "express")]);

    private static ShopSettings ShopOf(Random random, string currency)
    {
        decimal Percent() => random.Next(1, 1_000_000) / 10_000m;
        var rules = new List<DiscountRule>
        {
            new("percent", "Percent", DiscountKind.Percent) { Code = "PERCENT", Percent = Percent(), Combinable = random.Next(4) > 0, Priority = random.Next(1, 4) },
            new("amount", "Amount", DiscountKind.Amount) { Code = "amount", Amount = new Money(random.NextInt64(1, 500_000), currency), Minimum = random.Next(2) == 0 ? new Money(random.Next(100_000), currency) : null, Priority = random.Next(1, 4) },
            new("ship", "Shipping", DiscountKind.FreeShipping) { Code = "SHIP" },
            new("items", "Items", DiscountKind.Percent) { Code = "items", Percent = Percent(), Categories = ["book", "cable"], Priority = random.Next(1, 4) },
        };
        if (random.Next(2) == 0)
        {
            rules.Add(new("pieces", "Pieces", DiscountKind.BuyX) { Buy = random.Next(1, 4), Get = random.Next(1, 3), Percent = random.Next(2) == 0 ? null : Percent(), Priority = random.Next(1, 4) });
        }
        return new ShopSettings
        {
            Discounts = rules,
            Taxes = random.Next(4) == 0 ? new() : new()
            {
                Inclusive = random.Next(2) == 0,
                OnFulfillment = random.Next(2) == 0,
                Origin = random.Next(2) == 0 ? new TaxPlace("DE") : null,
                Rules = [new("VAT", 19, "DE"), new("VAT", 7, "DE", null, "book"), new("Sales tax", Percent(), "US"), new("City tax", Percent(), "US", "NY"), new("Freight tax", 5, null, null, "shipping")],
            },
            Shipping = random.Next(4) == 0 ? new() : new()
            {
                Rates =
                [
                    new("standard", "Standard", new Money(random.Next(2_000), currency)) { FreeFrom = random.Next(2) == 0 ? random.Next(200_000) : null, MaxDays = 5 },
                    new("express", "Express", new Money(random.Next(5_000), currency)) { To = ["US", "DE"], Brackets = [new(900, 10_000), new(2_900)] },
                ],
            },
            Pickup = new() { Locations = [new("main", "Main", new Destination { AddressCountry = "DE" })] },
            Fees = random.Next(3) == 0 ? [new FeeRule("Small order", new Money(250, currency), 5_000)] : [],
        };
    }
}
