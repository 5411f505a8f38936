using CustobotGateway.Checkout.Returns;
using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Shop;

/// <summary>How the merchant sells. Empty settings ask for nothing: a session costs its lines and can be completed at once.</summary>
public sealed record ShopSettings
{
    /// <summary>No settings.</summary>
    public static readonly ShopSettings Empty = new();

    /// <summary>The currencies that are sold in.</summary>
    public CurrencySettings Currencies { get; init; } = new();

    /// <summary>What a session asks for and how long it lasts.</summary>
    public SessionSettings Checkout { get; init; } = new();

    /// <summary>Tax by country, region and category.</summary>
    public TaxSettings Taxes { get; init; } = new();

    /// <summary>How goods are sent; empty where shipping is no matter of the order.</summary>
    public ShippingSettings Shipping { get; init; } = new();

    /// <summary>Where goods can be fetched.</summary>
    public PickupSettings Pickup { get; init; } = new();

    /// <summary>Up to 500 discounts, by code or by themselves.</summary>
    public IReadOnlyList<DiscountRule> Discounts { get; init; } = [];

    /// <summary>Up to 20 charges on every order.</summary>
    public IReadOnlyList<FeeRule> Fees { get; init; } = [];

    /// <summary>What is taken back, and how; what agents may cancel.</summary>
    public ReturnPolicy Returns { get; init; } = new();

    /// <summary>As they may be shown: without anything secret.</summary>
    internal ShopSettings Shown() => this;
}

/// <summary>Rules of currencies.</summary>
public sealed record CurrencySettings
{
    /// <summary>ISO 4217 codes that orders may be in; any when empty.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];
}

/// <summary>Rules of checkout sessions.</summary>
public sealed record SessionSettings
{
    /// <summary>How long a session holds the prices that it shows: 1 to 1,440 minutes, 15 by default.</summary>
    public int SessionMinutes { get; init; } = 15;

    /// <summary>Whether the buyer's email address is needed.</summary>
    public bool RequireEmail { get; init; }

    /// <summary>Whether a destination is needed even where nothing depends on it.</summary>
    public bool RequireDestination { get; init; }

    /// <summary>Where a person can go on with a session; <c>{id}</c> stands for its id. Absolute; null for no such page.</summary>
    public string? ContinueUrl { get; init; }

    /// <summary>Up to 20 pages of the shop: terms, return policy.</summary>
    public IReadOnlyList<ShopLink> Links { get; init; } = [];
}

/// <summary>A charge on every order; it is not taxed.</summary>
/// <param name="Title">What people are shown.</param>
/// <param name="Amount">How much; orders in other currencies are not charged.</param>
/// <param name="BelowSubtotal">Only where the goods come to less; null for always. In the same currency.</param>
public sealed record FeeRule(string Title, Money Amount, long? BelowSubtotal = null);
