using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining;

/// <summary>
/// The last word on every act of the seller's: pure, and outside of every strategy. Whoever holds a database asks it again, with a space worked out from what the database says at that
/// moment, before an offer leaves and before an agreement binds.
/// </summary>
public static class PolicyGuard
{
    /// <summary>Whether the outcome may be agreed on.</summary>
    public static Refusal MayAccept(SellerSpace space, int outcome)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.RefusalOf(outcome);
    }

    /// <summary>Whether the outcome may be offered after own offers whose lowest was this one (−1: none).</summary>
    public static Refusal MayOffer(SellerSpace space, int outcome, int lowestOwn)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.RefusalOf(outcome) is not Refusal.None and var refusal ? refusal
            : space.Utility(outcome) < LeastUtility(space, lowestOwn) ? Refusal.ConcedesTooMuch
            : Refusal.None;
    }

    /// <summary>The outcome itself where it may be offered; else the one nearest to it that may, from above. There is at least one permitted outcome.</summary>
    public static int Hold(SellerSpace space, int outcome, int lowestOwn)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (MayOffer(space, outcome, lowestOwn) == Refusal.None)
        {
            return outcome;
        }
        var least = Math.Max(space.Utility(outcome), LeastUtility(space, lowestOwn));
        return space.Permitted[Math.Max(0, space.CountAtLeast(least) - 1)];
    }

    private static double LeastUtility(SellerSpace space, int lowestOwn) =>
        lowestOwn >= 0 && space.Scenario.Policy.MaxConcessionPerRound is { } most ? space.Utility(lowestOwn) - most : double.NegativeInfinity;
}
