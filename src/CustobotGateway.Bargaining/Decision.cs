using CustobotGateway.Bargaining.Domain;
using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining;

/// <summary>What the seller does in its turn.</summary>
public enum DecisionKind
{
    /// <summary>It makes an offer.</summary>
    Offer,

    /// <summary>It takes the offer on the table.</summary>
    Accept,

    /// <summary>It ends without a deal.</summary>
    End,

    /// <summary>It hands over to a person.</summary>
    Escalate,
}

/// <summary>An act of the seller's.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Outcome">What it offers or takes; null where it does neither.</param>
/// <param name="Reason">Why, as a code. That of an end or an escalation may be told to the buyer.</param>
/// <param name="Why">For staff only.</param>
public sealed record Decision(DecisionKind Kind, int? Outcome, string Reason, Explanation Why);

/// <summary>How a decision came about. For staff only: it tells limits and estimates.</summary>
public sealed record Explanation
{
    /// <summary>The round, from 0.</summary>
    public required int Round { get; init; }

    /// <summary>The rule that led to the bid.</summary>
    public string? Rule { get; init; }

    /// <summary>The share of the own range that was aimed at.</summary>
    public double? Target { get; init; }

    /// <summary>The utility of what was offered or taken.</summary>
    public double? Utility { get; init; }

    /// <summary>Its profit in minor units; null where utility is not by profit.</summary>
    public long? Profit { get; init; }

    /// <summary>Its share of the own range.</summary>
    public double? Share { get; init; }

    /// <summary>The utility of no agreement.</summary>
    public double Reservation { get; init; }

    /// <summary>The limit that the strategy's own bid was beyond, so that another was offered.</summary>
    public Refusal Held { get; init; }

    /// <summary>What was wrong with what the buyer sent.</summary>
    public OfferFault OfferFault { get; init; }

    /// <summary>The limit that the buyer's offer is beyond.</summary>
    public Refusal OfferRefusal { get; init; }

    /// <summary>The buyer's offer as a share of the own range; below 0 under the reservation.</summary>
    public double? OfferShare { get; init; }

    /// <summary>What moves the buyer.</summary>
    public BuyerKind BuyerKind { get; init; }

    /// <summary>How closely the buyer follows our moves, from −1 to 1.</summary>
    public double? Reactivity { get; init; }

    /// <summary>Where the buyer is estimated to stand, as a share of the own range.</summary>
    public double? BuyerLevel { get; init; }

    /// <summary>The estimated probability that there is no zone of agreement.</summary>
    public double? NoZone { get; init; }
}
