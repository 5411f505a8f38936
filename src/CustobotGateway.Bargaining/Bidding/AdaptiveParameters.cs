using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining.Bidding;

/// <summary>How a curve of concession runs.</summary>
/// <param name="Exponent">e of the time-dependent tactics.</param>
/// <param name="Base">The share of the own range that it ends with.</param>
/// <param name="Level">How much more that is for each share that the buyer has come.</param>
/// <param name="Hedge">How far the hedge against buyers that leave early goes along.</param>
public sealed record ConcessionCurve(double Exponent, double Base, double Level, double Hedge);

/// <summary>The numbers of <see cref="AdaptiveBidding"/>, found on generated scenarios; shares are of the own range.</summary>
public sealed record AdaptiveParameters
{
    /// <summary>Towards a buyer that is not yet known.</summary>
    public ConcessionCurve Unknown { get; init; } = new(0.33, 0.08, 0.2, 1.0);

    /// <summary>Towards a buyer that follows the clock.</summary>
    public ConcessionCurve Clock { get; init; } = new(0.25, 0.14, 0.2, 0.6);

    /// <summary>Towards a buyer that follows our moves.</summary>
    public ConcessionCurve Reactive { get; init; } = new(1.3, 0.1, 0.3, 0);

    /// <summary>When the hedge has gone all its way.</summary>
    public double HedgeTime { get; init; } = 0.55;

    /// <summary>Where the hedge ends at least.</summary>
    public double HedgeBase { get; init; } = 0.42;

    /// <summary>How much higher for each share that the buyer has come.</summary>
    public double HedgeLevel { get; init; } = 0.2;

    /// <summary>How much faster to concede where time costs.</summary>
    public double DiscountHaste { get; init; } = 0.3;

    /// <summary>The width of the band from which the buyer's favourite is offered.</summary>
    public double Band { get; init; } = 0.1;

    /// <summary>What an offer loses by having been made, of the model's scale, at most three times.</summary>
    public double Repeats { get; init; } = 0.015;

    /// <summary>How many of the buyer's latest offers tell where it stands.</summary>
    public int Latest { get; init; } = 2;

    /// <summary>Shorter negotiations have no room for probing.</summary>
    public int ProbeFromRounds { get; init; } = 10;

    /// <summary>Probing ends then.</summary>
    public double ProbeUntil { get; init; } = 0.6;

    /// <summary>What a probing step concedes.</summary>
    public double Pulse { get; init; } = 0.05;

    /// <summary>How much more is asked for each earlier negotiation of the same buyer over the same.</summary>
    public double Return { get; init; } = 0.1;

    /// <summary>What the last offer that can be taken asks at least.</summary>
    public double LastOffer { get; init; } = 0.38;

    /// <summary>How much more for each share that the buyer has come.</summary>
    public double LastLevel { get; init; } = 0.2;

    /// <summary>How much of what the buyer's movement promises is held out for.</summary>
    public double Patience { get; init; } = 0.4;

    /// <summary>In the last turn, where the buyer can still take an own offer: the share of the target from which its offer is preferred to that.</summary>
    public double LastFrom { get; init; } = 0.3;

    /// <summary>How much more the last offer asks where the buyer can make another one after it.</summary>
    public double LastWhenAnswered { get; init; } = 0.05;

    /// <summary>What is expected from a negotiation of which nothing is known.</summary>
    public double UsualWidth { get; init; } = 0.14;

    /// <summary>How much more the last offer asks for each share that is expected above the usual.</summary>
    public double LastWidth { get; init; } = 1.5;

    /// <summary>How much higher the curve ends for it.</summary>
    public double FinalWidth { get; init; } = 0.2;

    /// <summary>How much higher the hedge ends for it.</summary>
    public double HedgeWidth { get; init; } = 0.5;

    /// <summary>What the last turn asks above the reservation, for each earlier negotiation of the same buyer over the same.</summary>
    public double MarginOnReturn { get; init; } = 0.05;

    /// <summary>How much the share that can still be expected outweighs the share of the rounds that ending would probably save.</summary>
    public double EndWeight { get; init; } = 3;

    /// <summary>Before this time no negotiation is ended.</summary>
    public double EndNotBefore { get; init; } = 0.1;

    internal ConcessionCurve For(BuyerKind kind) => kind switch { BuyerKind.Reactive => Reactive, BuyerKind.Clock => Clock, _ => Unknown };
}
