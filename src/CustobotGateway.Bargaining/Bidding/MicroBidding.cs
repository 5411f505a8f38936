using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining.Bidding;

/// <summary>MiCRO (de Jonge 2022): goes down the permitted outcomes one by one, and only while it has not made more different offers than it has received.</summary>
public sealed class MicroBidding : BiddingStrategy
{
    /// <inheritdoc/>
    public override Bid Propose(Course course, OpponentModel model)
    {
        ArgumentNullException.ThrowIfNull(course);
        var (space, sent) = (course.Space, course.DistinctOwn);
        if (sent <= course.DistinctBuyer && sent < space.Permitted.Length)
        {
            return new Bid(space.Permitted[sent], space.Share(space.Permitted[sent]), "step");
        }
        // Instead of conceding it repeats one of its offers, by chance.
        var again = course.Own[(int)(Chance.Of(course.Seed, course.Own.Count) % (ulong)course.Own.Count)];
        return new Bid(again, space.Share(space.Permitted[Math.Min(sent, space.Permitted.Length - 1)]), "repeat");
    }
}
