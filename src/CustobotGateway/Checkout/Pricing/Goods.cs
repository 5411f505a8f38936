using System.Collections.Frozen;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Pricing;

/// <summary>A price for those who take many.</summary>
/// <param name="From">From this quantity on.</param>
/// <param name="Amount">What one costs then, in minor units of the product's currency.</param>
internal readonly record struct VolumePrice(int From, long Amount);

/// <summary>What pricing needs to know of a product, from the catalogue's attributes.</summary>
/// <param name="Number">The product's number.</param>
/// <param name="ProductId">The product's id.</param>
/// <param name="Title">Its name.</param>
/// <param name="Price">What one costs.</param>
internal sealed record Goods(long Number, string ProductId, string Title, Money Price)
{
    // The registry's volume prices, the highest quantity first.
    private static readonly (int From, string Key)[] Tiers = [(1_000, "price_tier_1000"), (100, "price_tier_100"), (50, "price_tier_50"), (10, "price_tier_10")];

    private const int MostDays = 3_650;

    private static readonly FrozenSet<string> Later = FrozenSet.Create(StringComparer.Ordinal, "backorder", "preorder", "made_to_order");

    /// <summary>The attributes that are read.</summary>
    public static readonly string[] Keys =
    [
        "category", "min_order_quantity", "max_order_quantity", "order_increment", "weight", "package_weight", "lead_time", "availability", "restock_date",
        .. Tiers.Select(tier => tier.Key),
    ];

    public string? Category { get; init; }

    /// <summary>The highest quantity first.</summary>
    public IReadOnlyList<VolumePrice> VolumePrices { get; init; } = [];

    public int Fewest { get; init; } = 1;

    public int? Most { get; init; }

    public int MultipleOf { get; init; } = 1;

    public decimal WeightGrams { get; init; }

    public decimal? LeadTimeDays { get; init; }

    /// <summary>Whether more than there is can be ordered and is sent later.</summary>
    public bool CanBackorder { get; init; }

    public DateOnly? RestockDate { get; init; }

    /// <summary>Days until what does not lie there can leave, as the stock says; null where it does not.</summary>
    public int? BackOrderDays { get; init; }

    /// <summary>The most that can be sent at once: an order takes each line from one location.</summary>
    public int Available => Stock.Count == 0 ? 0 : Math.Max(Stock.Values.Max(), 0);

    /// <summary>How many can be sold now, by location.</summary>
    public IReadOnlyDictionary<string, int> Stock { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>From the catalogue's row, which has a price. Attributes of another type than the built-in registry gives them are as good as missing.</summary>
    public static Goods Of(ProductForSale product)
    {
        var attributes = product.Attributes ?? default;
        return new Goods(product.Number, product.Id, product.Name, product.Price!)
        {
            Category = Text(attributes, "category"),
            VolumePrices = [.. Tiers.Select(tier => (tier.From, Amount: AmountOf(attributes, tier.Key, product.Price!.Currency))).Where(tier => tier.Amount is not null).Select(tier => new VolumePrice(tier.From, tier.Amount!.Value))],
            Fewest = Count(attributes, "min_order_quantity") ?? 1,
            Most = Count(attributes, "max_order_quantity"),
            MultipleOf = Count(attributes, "order_increment") ?? 1,
            WeightGrams = NumberOf(attributes, "package_weight", 1_000_000_000) ?? NumberOf(attributes, "weight", 1_000_000_000) ?? 0,
            LeadTimeDays = NumberOf(attributes, "lead_time", MostDays),
            CanBackorder = product.BackOrder || (Text(attributes, "availability") is { } availability && Later.Contains(availability)),
            BackOrderDays = product.BackOrderDays,
            RestockDate = DateOnly.TryParseExact(Text(attributes, "restock_date"), "yyyy-MM-dd", out var date) ? date : null,
            Stock = product.Stock ?? FrozenDictionary<string, int>.Empty,
        };
    }

    /// <summary>A product that is no longer sold, at the price that it had: for a line that is to be removed.</summary>
    public static Goods Gone(long number, LineItem line, string currency) =>
        new(number, line.ProductId, line.Title, new Money(line.ListPrice, currency)) { Stock = new Dictionary<string, int> { [""] = int.MaxValue } };

    /// <summary>The price of one where so many are taken: the volume price with the highest quantity that is reached, unless the list price is lower.</summary>
    public long UnitPriceOf(int quantity)
    {
        foreach (var tier in VolumePrices)
        {
            if (quantity >= tier.From)
            {
                return Math.Min(tier.Amount, Price.Amount);
            }
        }
        return Price.Amount;
    }

    private static JsonElement? Find(JsonElement attributes, string key) =>
        attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty(key, out var value) ? value : null;

    private static string? Text(JsonElement attributes, string key) => Find(attributes, key) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static decimal? NumberOf(JsonElement attributes, string key, decimal most) =>
        Find(attributes, key) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) && value >= 0 && value <= most ? value : null;

    private static int? Count(JsonElement attributes, string key) => NumberOf(attributes, key, int.MaxValue) is { } count and >= 1 ? (int)count : null;

    private static long? AmountOf(JsonElement attributes, string key, string currency) =>
        Find(attributes, key) is { ValueKind: JsonValueKind.Object } money && Text(money, "currency") == currency && NumberOf(money, "amount", FindForSale.MaxPrice) is { } amount and >= 1
            ? (long)amount : null;
}
