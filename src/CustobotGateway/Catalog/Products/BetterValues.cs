namespace CustobotGateway.Catalog.Products;

/// <summary>
/// The attributes of which every buyer wants the same end, all else being equal. What depends on the use (size, weight of a paperweight,
/// power) is not here: a comparison that guesses misleads the agent that asked.
/// </summary>
internal static class BetterValues
{
    private static readonly Dictionary<string, Better> Known = new(StringComparer.Ordinal)
    {
        ["price"] = Better.Lower,
        ["shipping_price"] = Better.Lower,
        ["price_per_gb"] = Better.Lower,
        ["delivery_time"] = Better.Lower,
        ["lead_time"] = Better.Lower,
        ["response_time"] = Better.Lower,
        ["first_word_latency"] = Better.Lower,
        ["noise_level"] = Better.Lower,
        ["energy_consumption"] = Better.Lower,
        ["water_consumption"] = Better.Lower,
        ["co2e"] = Better.Lower,
        ["carbon_footprint"] = Better.Lower,
        ["warranty"] = Better.Higher,
        ["return_window"] = Better.Higher,
        ["rating"] = Better.Higher,
        ["seller_rating"] = Better.Higher,
        ["repairability"] = Better.Higher,
        ["repairability_score"] = Better.Higher,
        ["recycled_content"] = Better.Higher,
        ["battery_life"] = Better.Higher,
        ["refresh_rate"] = Better.Higher,
    };

    /// <summary>The end that buyers want; null where that depends.</summary>
    public static Better? Of(AttributeDefinition attribute) => Known.TryGetValue(attribute.Key, out var better) ? better : null;
}
