using CustobotGateway.Bargaining.Bidding;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Acceptance;

/// <summary>The third part of a strategy: whether to take the offer on the table. It is asked about permitted offers only.</summary>
public abstract class AcceptanceCondition
{
    /// <summary>Why the offer is taken, as a code for staff; or null.</summary>
    /// <param name="course">What has happened.</param>
    /// <param name="offer">The offer on the table.</param>
    /// <param name="planned">What would be offered instead, within the limits.</param>
    public abstract string? Accepts(Course course, int offer, Bid planned);
}

/// <summary>AC_next: takes what is at least as good as the own next bid.</summary>
public sealed class AcceptNext : AcceptanceCondition
{
    /// <inheritdoc/>
    public override string? Accepts(Course course, int offer, Bid planned)
    {
        ArgumentNullException.ThrowIfNull(course);
        return course.Space.Utility(offer) >= course.Space.Utility(planned.Outcome) ? "as_good_as_next_bid" : null;
    }
}

/// <summary>AC_combi (Baarslag, Hindriks and Jonker 2013): takes what AC_next takes, what reaches the target, and in the last turn whatever is better than no agreement.</summary>
/// <param name="lastFrom">In the last turn, where an own offer could still be taken: the share of the target from which the offer on the table is preferred to that.</param>
/// <param name="marginOnReturn">In the last turn: the share of the own range asked for above the reservation, for each earlier negotiation of the buyer over the same.</param>
public sealed class AcceptCombi(double lastFrom = 0, double marginOnReturn = 0) : AcceptanceCondition
{
    /// <inheritdoc/>
    public override string? Accepts(Course course, int offer, Bid planned)
    {
        ArgumentNullException.ThrowIfNull(course);
        var space = course.Space;
        return space.Utility(offer) >= space.Utility(planned.Outcome) ? "as_good_as_next_bid"
            : space.Share(offer) >= planned.Target ? "reaches_target"
            : course.IsLastRound && space.Share(offer) >= Math.Max(marginOnReturn * course.Earlier, space.Scenario.Protocol.Opens == Party.Seller ? lastFrom * planned.Target : 0) ? "last_turn"
            : null;
    }
}
