using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Shop;

/// <summary>What a discount takes off.</summary>
public enum DiscountKind
{
    /// <summary>A share of the goods' price.</summary>
    Percent,

    /// <summary>A fixed amount.</summary>
    Amount,

    /// <summary>What shipping costs.</summary>
    FreeShipping,

    /// <summary>Of so many pieces, some cost less: buy 2, get 1.</summary>
    BuyX,
}

/// <summary>A discount.</summary>
/// <param name="Id">Names it for ever: 1 to 64 lower-case letters, digits, '_' and '-'. Its uses are counted under it.</param>
/// <param name="Title">What people are shown.</param>
/// <param name="Kind">What it takes off.</param>
public sealed record DiscountRule(string Id, string Title, DiscountKind Kind)
{
    /// <summary>The code that the buyer enters, 1 to 64 characters, capital and small letters being the same; null for a discount that applies by itself.</summary>
    public string? Code { get; init; }

    /// <summary>Of kind percent, and of the pieces that kind buy_x takes it off: more than 0 and up to 100. Of kind buy_x 100 when null.</summary>
    public decimal? Percent { get; init; }

    /// <summary>Of kind amount. Orders in other currencies do not get it.</summary>
    public Money? Amount { get; init; }

    /// <summary>Of kind buy_x: so many pieces are paid in full, 1 to 10,000 …</summary>
    public int? Buy { get; init; }

    /// <summary>… for so many that cost less, 1 to 10,000; the cheapest first.</summary>
    public int? Get { get; init; }

    /// <summary>The goods have to come to this much; orders in other currencies do not get it. Null for no minimum.</summary>
    public Money? Minimum { get; init; }

    /// <summary>Only products of these categories; all when empty.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>From when on; null for always.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Until when; null for ever.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>For how many orders in all; null for any number.</summary>
    public int? Uses { get; init; }

    /// <summary>Whether it goes together with other discounts. Of codes that do not, the first that was entered counts.</summary>
    public bool Combinable { get; init; } = true;

    /// <summary>Which discount is reckoned first, the lowest number before the others: a later one takes its share of what is left.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>Whether it is taken off single products and not off the whole order.</summary>
    internal bool IsOfItems => Kind == DiscountKind.BuyX || Categories.Count > 0;
}
