using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>Both sides of a scenario.</summary>
public sealed class Bout
{
    public Bout(Scenario scenario, double[] buyerUtilities, double buyerReservation, int? patience)
    {
        Space = new SellerSpace(scenario);
        (BuyerUtilities, BuyerReservation, Patience) = (buyerUtilities, buyerReservation, patience);
        Rational = [.. Enumerable.Range(0, Space.Outcomes.Count).Where(outcome => buyerUtilities[outcome] >= buyerReservation).OrderByDescending(outcome => buyerUtilities[outcome]).ThenBy(outcome => outcome)];
        Zone = [.. Rational.Where(Space.IsPermitted)];
        BestInZone = Zone.Length > 0 ? Zone.Max(Space.Share) : 0;
    }

    public SellerSpace Space { get; }

    public double[] BuyerUtilities { get; }

    public double BuyerReservation { get; }

    public int? Patience { get; }

    /// <summary>What the buyer would agree to, best for it first.</summary>
    public int[] Rational { get; }

    /// <summary>What both would agree to.</summary>
    public int[] Zone { get; }

    /// <summary>The most the seller could win.</summary>
    public double BestInZone { get; }

    public int Rounds => Space.Scenario.Protocol.Rounds;

    /// <summary>The share of the seller's range that a deal in this round is worth.</summary>
    public double Advantage(int outcome, int round)
    {
        var time = Rounds > 1 ? (double)round / (Rounds - 1) : 1;
        return ((Space.Utility(outcome) * Math.Pow(Space.Scenario.Discount, time)) - Space.Reservation) / Space.Span;
    }
}
