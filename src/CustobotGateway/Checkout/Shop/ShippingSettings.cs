using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Shop;

/// <summary>How goods are sent.</summary>
public sealed record ShippingSettings
{
    /// <summary>Up to 200 rates; an order is offered all that carry to its destination.</summary>
    public IReadOnlyList<ShippingRate> Rates { get; init; } = [];
}

/// <summary>A way to send goods, and its price.</summary>
/// <param name="Id">Names it in <c>selected_option_id</c>: 1 to 64 lower-case letters, digits, '_' and '-'.</param>
/// <param name="Title">What people are shown.</param>
/// <param name="Price">What it costs; of orders in another currency it is no option.</param>
public sealed record ShippingRate(string Id, string Title, Money Price)
{
    /// <summary>Who carries it, or null.</summary>
    public string? Carrier { get; init; }

    /// <summary>Where it carries to: countries (<c>US</c>) and regions (<c>US-CA</c>); everywhere when empty.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Prices by weight and value: the first that fits counts, and where none fits this is no option. Empty for one price.</summary>
    public IReadOnlyList<ShippingBracket> Brackets { get; init; } = [];

    /// <summary>From this value of the goods, discounts taken off, it costs nothing; null for never. In minor units of the price's currency.</summary>
    public long? FreeFrom { get; init; }

    /// <summary>Days from the dispatch to the arrival, at the least.</summary>
    public int MinDays { get; init; }

    /// <summary>Days from the dispatch to the arrival, at the most; null where the merchant does not say.</summary>
    public int? MaxDays { get; init; }

    /// <summary>Times of day to choose from; each is an option of its own. Empty for any time.</summary>
    public IReadOnlyList<DeliveryWindow> Windows { get; init; } = [];
}

/// <summary>A price up to a weight and a value.</summary>
/// <param name="Amount">Minor units of the rate's currency.</param>
/// <param name="MaxWeightGrams">The most that the goods weigh; null for any weight.</param>
/// <param name="MaxSubtotal">The most that the goods are worth; null for any value.</param>
public sealed record ShippingBracket(long Amount, long? MaxWeightGrams = null, long? MaxSubtotal = null);

/// <summary>A time of day for a delivery.</summary>
/// <param name="Id">1 to 64 lower-case letters, digits, '_' and '-'.</param>
/// <param name="Title">What people are shown: <c>8 to 12</c>.</param>
/// <param name="From">When it begins, UTC.</param>
/// <param name="To">When it ends, UTC.</param>
public sealed record DeliveryWindow(string Id, string Title, TimeOnly From, TimeOnly To);

/// <summary>Where goods can be fetched.</summary>
public sealed record PickupSettings
{
    /// <summary>Up to 500 locations. A location is offered where its stock has all that is to be fetched.</summary>
    public IReadOnlyList<PickupLocation> Locations { get; init; } = [];
}

/// <summary>A place where goods can be fetched.</summary>
/// <param name="Id">The location, as the stock names it.</param>
/// <param name="Name">What people are shown.</param>
/// <param name="Address">Where it is.</param>
/// <param name="ReadyHours">Hours from the order until the goods can be fetched.</param>
public sealed record PickupLocation(string Id, string Name, Destination Address, int ReadyHours = 0);
