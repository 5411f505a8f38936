namespace CustobotGateway.Checkout.Shop;

/// <summary>Tax by a table of rules.</summary>
public sealed record TaxSettings
{
    /// <summary>Whether the catalogue's prices, shipping rates and discounts contain the tax; else it is added.</summary>
    public bool Inclusive { get; init; }

    /// <summary>Whether shipping is taxed as well.</summary>
    public bool OnFulfillment { get; init; }

    /// <summary>Where the merchant sells while the destination is not known; null to wait for one.</summary>
    public TaxPlace? Origin { get; init; }

    /// <summary>Up to 2,000 rates. The rule that says most counts: category before region before country, and of equals the first.</summary>
    public IReadOnlyList<TaxRule> Rules { get; init; } = [];
}

/// <summary>Where tax is due.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Region">State or province, by its code; null for the whole country.</param>
public sealed record TaxPlace(string Country, string? Region = null);

/// <summary>A rate.</summary>
/// <param name="Title">The tax's name: <c>VAT</c>.</param>
/// <param name="Percent">0 to 100, with up to four decimals: 8.875 is 8.875 %.</param>
/// <param name="Country">ISO 3166-1 alpha-2; null for any.</param>
/// <param name="Region">State or province, by its code; null for any. Needs a country.</param>
/// <param name="Category">The catalogue's category, or <c>shipping</c>; null for any.</param>
public sealed record TaxRule(string Title, decimal Percent, string? Country = null, string? Region = null, string? Category = null)
{
    /// <summary>What shipping is called among categories.</summary>
    public const string Shipping = "shipping";
}
