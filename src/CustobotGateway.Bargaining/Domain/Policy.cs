namespace CustobotGateway.Bargaining.Domain;

/// <summary>The merchant's hard limits. They hold for every offer made and every offer accepted, whatever a strategy says; null does not limit.</summary>
public sealed record Policy
{
    /// <summary>The floor: no unit price below it, in minor units.</summary>
    public long? MinUnitPrice { get; init; }

    /// <summary>What the largest discount is counted from, in minor units.</summary>
    public long? ListPrice { get; init; }

    /// <summary>The largest discount on the list price, in percent.</summary>
    public decimal? MaxDiscountPercent { get; init; }

    /// <summary>The least profit, in percent of the revenue. Only where utility is by profit.</summary>
    public decimal? MinMarginPercent { get; init; }

    /// <summary>The largest quantity: what is in stock for this buyer.</summary>
    public long? Available { get; init; }

    /// <summary>Combinations that are not sold: an outcome that has all values of an entry.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Forbidden { get; init; } = [];

    /// <summary>How far an own offer may lie below the lowest own earlier offer, in utility. For the first offer and for accepting it says nothing.</summary>
    public double? MaxConcessionPerRound { get; init; }
}

/// <summary>Which limit an outcome is beyond.</summary>
public enum Refusal
{
    /// <summary>It is permitted.</summary>
    None,

    /// <summary>The unit price is below the floor.</summary>
    BelowFloor,

    /// <summary>The discount is larger than the largest.</summary>
    DiscountTooLarge,

    /// <summary>The margin is smaller than the smallest.</summary>
    MarginTooSmall,

    /// <summary>There are not so many in stock.</summary>
    OutOfStock,

    /// <summary>The combination is forbidden.</summary>
    ForbiddenCombination,

    /// <summary>No agreement is worth more.</summary>
    BelowReservation,

    /// <summary>It concedes more than a round may.</summary>
    ConcedesTooMuch,
}
