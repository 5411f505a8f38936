using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining.Bidding;

/// <summary>Answers like with like: gives what the buyer's last step gave, measured by the own utility, beginning with the smallest concession; never more than lies above the reservation.</summary>
public sealed class TitForTatBidding : BiddingStrategy
{
    private double _target = 1;

    /// <inheritdoc/>
    public override Bid Propose(Course course, OpponentModel model)
    {
        ArgumentNullException.ThrowIfNull(course);
        var space = course.Space;
        if (course.Own.Count == 1 && space.Permitted.Length > 1)
        {
            _target = space.Share(space.Permitted[1]);
        }
        else if (course.Buyer.Count >= 2 && course.Standing is { } standing)
        {
            _target = Math.Clamp(_target - (space.Share(standing) - space.Share(course.Buyer[^2].Outcome)), 0, 1);
        }
        return new Bid(Nearest(space, _target), _target, "tit-for-tat");
    }
}
