namespace CustobotGateway.Catalog.Inventory;

/// <summary>How much can be said of stock at once.</summary>
internal static class StockLimits
{
    /// <summary>Counts of one request, or of one product in a feed.</summary>
    public const int Counts = 1_000;

    /// <summary>Pieces at one location.</summary>
    public const int OnHand = 1_000_000_000;

    /// <summary>Characters of a location.</summary>
    public const int LocationLength = 100;

    /// <summary>Days until goods that do not lie there can leave.</summary>
    public const int LeadTimeDays = 3_650;

    /// <summary>Days on which something is expected, of one product at one location.</summary>
    public const int Receipts = 100;
}
