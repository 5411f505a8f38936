using CustobotGateway.Checkout.Shop;

namespace CustobotGateway.Checkout.Pricing;

/// <summary>Which of the shop's rates carry goods to a place, and for how much.</summary>
internal static class ShippingOptions
{
    /// <summary>The options, the cheapest first.</summary>
    public static IReadOnlyList<FulfillmentOption> Of(
        IReadOnlyList<ShippingRate> rates, TaxPlace place, string currency, long worth, decimal weightGrams, DateTimeOffset dispatched) =>
    [
        .. rates.Where(rate => rate.Price.Currency == currency && CarriesTo(rate, place))
            .Select(rate => (Rate: rate, Amount: AmountOf(rate, worth, weightGrams))).Where(priced => priced.Amount is not null)
            .OrderBy(priced => priced.Amount).ThenBy(priced => priced.Rate.Id, StringComparer.Ordinal)
            .SelectMany(priced => Options(priced.Rate, priced.Amount!.Value, dispatched)),
    ];

    private static bool CarriesTo(ShippingRate rate, TaxPlace place) =>
        rate.To.Count == 0 || rate.To.Contains(place.Country) || (place.Region is not null && rate.To.Contains($"{place.Country}-{place.Region}", StringComparer.OrdinalIgnoreCase));

    private static long? AmountOf(ShippingRate rate, long worth, decimal weightGrams)
    {
        long? amount = rate.Price.Amount;
        if (rate.Brackets.Count > 0)
        {
            amount = rate.Brackets.FirstOrDefault(bracket => !(weightGrams > bracket.MaxWeightGrams) && !(worth > bracket.MaxSubtotal))?.Amount;
        }
        return amount is not null && worth >= rate.FreeFrom ? 0 : amount;
    }

    private static IEnumerable<FulfillmentOption> Options(ShippingRate rate, long amount, DateTimeOffset dispatched)
    {
        Total[] totals = [new Total(TotalType.Total, amount)];
        DateTimeOffset? latest = rate.MaxDays is { } days ? dispatched.AddDays(days) : null;
        if (rate.Windows.Count == 0)
        {
            return [new FulfillmentOption(rate.Id, rate.Title, totals, rate.Carrier, latest is null ? null : dispatched.AddDays(rate.MinDays), latest)];
        }
        // The window is on the day on which the goods are there for certain.
        var day = DateOnly.FromDateTime((latest ?? dispatched.AddDays(rate.MinDays)).UtcDateTime).AddDays(1);
        return rate.Windows.Select(window => new FulfillmentOption($"{rate.Id}:{window.Id}", $"{rate.Title}, {window.Title}", totals, rate.Carrier,
            new DateTimeOffset(day.ToDateTime(window.From), TimeSpan.Zero), new DateTimeOffset(day.ToDateTime(window.To), TimeSpan.Zero)));
    }
}
