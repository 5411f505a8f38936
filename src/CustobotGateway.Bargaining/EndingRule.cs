using CustobotGateway.Bargaining.Bidding;
using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining;

/// <summary>
/// Ends negotiations that cannot be closed before they have cost all their rounds: when the rounds that would be saved, by the chance that they are wasted, outweigh what the
/// negotiation can still be expected to win. As long as the buyer has made no permitted offer, and never after.
/// </summary>
public sealed class EndingRule(AdaptiveBidding bidding, AdaptiveParameters parameters)
{
    /// <summary>What speaks for and against a zone; null where there is no reason to ask.</summary>
    public ZoneEstimate? Estimate => bidding.Zone;

    /// <summary>Why to end now, or null.</summary>
    public string? Ends(Course course)
    {
        ArgumentNullException.ThrowIfNull(course);
        return course.Buyer.Count >= 2 && course.Time >= parameters.EndNotBefore && Estimate is { } estimate
            && estimate.NoZone * (1 - course.Time) > parameters.EndWeight * estimate.Expected
            ? "no_zone_of_agreement" : null;
    }
}
