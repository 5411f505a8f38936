namespace CustobotGateway.Negotiation;

/// <summary>The merchant's limits for bargaining.</summary>
public sealed record NegotiationOptions
{
    /// <summary>The least margin over the unit cost, in percent of the cost.</summary>
    public int MinMarginPercent { get; init; } = 5;

    /// <summary>The largest discount from the list price, in percent.</summary>
    public int MaxDiscountPercent { get; init; } = 10;

    /// <summary>How many offers the buyer may make in one negotiation.</summary>
    public int MaxRounds { get; init; } = 10;

    /// <summary>How long a negotiation stays open.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a quote binds.</summary>
    public TimeSpan QuoteValidity { get; init; } = TimeSpan.FromMinutes(15);
}
