using CustobotGateway.Bargaining.Domain;
using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining.Bidding;

/// <summary>What a bidding strategy would offer, and why.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Target">The share of the own range that it aims at.</param>
/// <param name="Rule">Which rule led to it, as a code for staff.</param>
public readonly record struct Bid(int Outcome, double Target, string Rule);

/// <summary>The first part of a strategy: what to offer next. It may say anything; the policy is held elsewhere.</summary>
public abstract class BiddingStrategy
{
    /// <summary>The next bid. Called once for each turn; there is at least one permitted outcome.</summary>
    public abstract Bid Propose(Course course, OpponentModel model);

    /// <summary>The outcome with the lowest utility that is at least the share's; the best one where none is.</summary>
    protected static int Nearest(SellerSpace space, double share)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Permitted[Math.Max(0, space.CountAtLeast(space.UtilityAt(share)) - 1)];
    }
}
