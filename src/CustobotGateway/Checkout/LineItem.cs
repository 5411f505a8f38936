using CustobotGateway.Common;

namespace CustobotGateway.Checkout;

/// <summary>One product of a session, a cart or an order; amounts in whole minor units of its currency.</summary>
/// <param name="Id">Unique within the session: <c>li_1</c>.</param>
/// <param name="ProductId"><c>prd_…</c></param>
/// <param name="Title">The product's name when the session was opened.</param>
/// <param name="Quantity">How many.</param>
/// <param name="ListPrice">The price of one before any discount.</param>
/// <param name="UnitPrice">The price of one: the list price, the volume price of the quantity, or the agreed one.</param>
/// <param name="Total">What the line comes to: unit price times quantity, less what discounts on this product take off.</param>
public sealed record LineItem(string Id, string ProductId, string Title, int Quantity, long ListPrice, long UnitPrice, long Total)
{
    /// <summary>The line's share of discounts on the whole order; zero or negative. The shares of all lines add up to what these discounts take off the goods.</summary>
    public long Discount { get; init; }

    /// <summary>The line's share of the tax: added to the prices, or contained in them (<see cref="TaxPart.Included"/>).</summary>
    public long Tax { get; init; }

    /// <summary>When it can leave, where there is not enough of it and the merchant sells more than there is; null where there is enough.</summary>
    public BackOrder? BackOrder { get; init; }

    /// <summary>The product's number.</summary>
    internal long ProductNumber => Ids.GetNumber("prd", ProductId);
}

/// <summary>Goods that are sold before they are there: the whole line is sent later.</summary>
/// <param name="LeadTimeDays">Days from the order to the dispatch; null where the merchant did not say.</param>
/// <param name="AvailableFrom">The day on which more is expected; null where the merchant did not say.</param>
public sealed record BackOrder(decimal? LeadTimeDays, DateOnly? AvailableFrom);
