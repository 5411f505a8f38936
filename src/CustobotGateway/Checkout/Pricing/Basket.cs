using System.Collections.Frozen;

namespace CustobotGateway.Checkout.Pricing;

/// <summary>A price that was agreed for a line.</summary>
/// <param name="ListPrice">The price of one before bargaining.</param>
/// <param name="UnitPrice">The price of one.</param>
internal sealed record AgreedPrice(long ListPrice, long UnitPrice);

/// <summary>One product that is asked for.</summary>
/// <param name="Id">The line's id.</param>
/// <param name="Goods">What.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Agreed">The price of a quote; null for the catalogue's.</param>
internal sealed record BasketLine(string Id, Goods Goods, int Quantity, AgreedPrice? Agreed = null)
{
    /// <summary>Whether there is not enough of it, and it is sold nevertheless.</summary>
    public bool IsBackOrdered => Goods.CanBackorder && Goods.Available < Quantity;

    /// <summary>Days until it can leave; null where nothing was said.</summary>
    public decimal? LeadDays => IsBackOrdered && Goods.BackOrderDays is { } days ? Math.Max(days, Goods.LeadTimeDays ?? 0) : Goods.LeadTimeDays;
}

/// <summary>All that is asked for, in one currency.</summary>
/// <param name="Currency">Of every line.</param>
/// <param name="Lines">At least one, each product once.</param>
internal sealed record Basket(string Currency, IReadOnlyList<BasketLine> Lines)
{
    /// <summary>Discount codes as they were entered.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>How the goods shall reach the buyer; null where nothing was said.</summary>
    public FulfillmentRequest? Fulfillment { get; init; }

    /// <summary>How often discounts with a limit were used, by their ids.</summary>
    public IReadOnlyDictionary<string, long> Uses { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>Whether shipping, tax and fees are left out: a cart.</summary>
    public bool GoodsOnly { get; init; }
}

/// <summary>What it comes to.</summary>
/// <param name="Lines">The lines with their prices.</param>
/// <param name="Totals">The sums.</param>
/// <param name="Taxes">Tax by rate; null where there is none.</param>
/// <param name="Discounts">Null where no code was entered and nothing is taken off.</param>
/// <param name="Fulfillment">Null where the shop does not ask and nothing was said.</param>
/// <param name="Messages">What is missing or has to be shown.</param>
internal sealed record PricedBasket(
    IReadOnlyList<LineItem> Lines, IReadOnlyList<Total> Totals, IReadOnlyList<TaxPart>? Taxes, AppliedDiscounts? Discounts, Fulfillment? Fulfillment, IReadOnlyList<Message> Messages);
