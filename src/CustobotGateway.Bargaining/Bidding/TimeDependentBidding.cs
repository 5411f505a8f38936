using CustobotGateway.Bargaining.Domain;
using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining.Bidding;

/// <summary>
/// Concedes by the clock from the best outcome to the reservation: target(t) = 1 − t^(1/e) of the own range (Faratin, Sierra and Jennings 1998). Below 1 the exponent is Boulware,
/// 1 is linear, above it a conceder.
/// </summary>
/// <param name="exponent">e.</param>
/// <param name="band">With a model of the buyer: the share of the range above the target from which the buyer's favourite is offered. 0 offers what is nearest to the target.</param>
public sealed class TimeDependentBidding(double exponent, double band = 0) : BiddingStrategy
{
    /// <inheritdoc/>
    public override Bid Propose(Course course, OpponentModel model)
    {
        ArgumentNullException.ThrowIfNull(course);
        var target = 1 - Math.Pow(course.Time, 1 / exponent);
        return new Bid(band > 0 ? Favourite(course.Space, model, target) : Nearest(course.Space, target), target, "clock");
    }

    private int Favourite(SellerSpace space, OpponentModel model, double target)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (best, value) = (Nearest(space, target), double.NegativeInfinity);
        foreach (var outcome in space.Permitted[..space.CountAtLeast(space.UtilityAt(target))])
        {
            if (space.Share(outcome) <= target + band && model.Value(outcome) is var worth && worth > value)
            {
                (best, value) = (outcome, worth);
            }
        }
        return best;
    }
}
