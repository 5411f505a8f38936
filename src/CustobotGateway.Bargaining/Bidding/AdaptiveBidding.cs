using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining.Bidding;

/// <summary>
/// Concedes on a curve that depends on what moves the buyer and on how far it has come: it probes early (concede, hold, concede, hold) to tell whether the buyer follows the clock or our
/// moves, hedges against buyers that leave early, holds out where the buyer's own movement promises more, and offers within its band what the buyer likes best.
/// </summary>
public sealed class AdaptiveBidding(Behaviour behaviour, AdaptiveParameters parameters) : BiddingStrategy
{
    private readonly List<(int Round, double Level)> _levels = [];
    private double _probe = 1;

    /// <summary>Where the buyer stands: the best share of the own range among what it should like as well as its latest offers.</summary>
    public double BuyerLevel => _levels.Count > 0 ? _levels[^1].Level : 0;

    /// <summary>What is thought of the zone of agreement; null before the first offer and after a permitted one.</summary>
    public ZoneEstimate? Zone { get; private set; }

    /// <summary>The share of the own range that was last expected from the whole negotiation: a measure of how wide the zone is.</summary>
    public double Width { get; private set; } = parameters.UsualWidth;

    /// <summary>The target that the curve ends with.</summary>
    public double FinalTarget { get; private set; }

    /// <inheritdoc/>
    public override Bid Propose(Course course, OpponentModel model)
    {
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(model);
        if (course.Standing is not null)
        {
            _levels.Add((course.Round, Level(course, model)));
            Zone = course.BestBuyer < 0 ? ZoneEstimate.Of(course, model, behaviour, BuyerLevel) : null;
            Width = Zone?.Expected ?? Width;
        }
        else if (course.Own.Count > 0)
        {
            // Nothing valid was offered, so there is nothing to answer with a concession.
            return new Bid(course.Own[^1], course.Space.Share(course.Own[^1]), "hold");
        }
        var (target, rule) = Target(course);
        var turn = course.Own.Count;
        if (IsProbing(course) && !course.IsLastOwnOffer && turn > 0)
        {
            if (turn % 2 == 0)
            {
                return new Bid(course.Own[^1], _probe, "probe_hold");
            }
            (target, rule) = (Math.Min(target, _probe - parameters.Pulse), "probe_concede");
        }
        target = Math.Max(target, Math.Max(course.BestBuyerShare, 0));
        target = Math.Min(target, 1);
        _probe = Math.Min(_probe, target);
        var outcome = Offer(course, model, target);
        return new Bid(outcome, target, rule);
    }

    private bool IsProbing(Course course) => course.Rounds >= parameters.ProbeFromRounds && behaviour.Kind == BuyerKind.Unknown && course.Time < parameters.ProbeUntil;

    private double Level(Course course, OpponentModel model)
    {
        var least = double.PositiveInfinity;
        for (var i = Math.Max(0, course.Buyer.Count - parameters.Latest); i < course.Buyer.Count; i++)
        {
            least = Math.Min(least, model.Value(course.Buyer[i].Outcome));
        }
        var level = Math.Max(0, course.BestBuyerShare);
        foreach (var outcome in course.Space.Permitted)
        {
            if (course.Space.Share(outcome) <= level)
            {
                break;
            }
            if (model.Value(outcome) >= least)
            {
                return course.Space.Share(outcome);
            }
        }
        return level;
    }

    private (double Target, string Rule) Target(Course course)
    {
        var (level, returns, wider) = (BuyerLevel, Math.Min(course.Earlier, 4), Width - parameters.UsualWidth);
        if (course.IsLastOwnOffer)
        {
            return (parameters.LastOffer + (parameters.Return * returns) + (parameters.LastLevel * level) + (parameters.LastWidth * wider) + (course.IsLastRound ? 0 : parameters.LastWhenAnswered), "last_offer");
        }
        var curve = parameters.For(behaviour.Kind);
        var haste = 1 + (2 * parameters.DiscountHaste * (1 - course.Space.Scenario.Discount));
        FinalTarget = Math.Clamp(curve.Base + (parameters.Return * returns) + (curve.Level * level) + (parameters.FinalWidth * wider), 0, 1);
        var hedgeEnd = Math.Max(FinalTarget, parameters.HedgeBase + (parameters.HedgeLevel * level) + (parameters.HedgeWidth * wider));
        var byClock = 1 - ((1 - FinalTarget) * Math.Pow(course.Time, 1 / (curve.Exponent * haste)));
        var byHedge = 1 - (Math.Min(1.2, curve.Hedge * haste) * (1 - hedgeEnd) * Math.Min(1, course.Time / parameters.HedgeTime));
        var (target, rule) = byClock <= byHedge ? (byClock, "curve") : (byHedge, "hedge");
        if (behaviour.Kind != BuyerKind.Reactive && Projection(course) is var projection && projection > target)
        {
            return (target + (parameters.Patience * (projection - target)), "buyer_moves");
        }
        return (target, rule);
    }

    /// <summary>Where the buyer would stand at the end if it went on as in the last quarter.</summary>
    private double Projection(Course course)
    {
        if (_levels.Count < 2)
        {
            return 0;
        }
        var from = _levels[0];
        for (var i = _levels.Count - 2; i >= 0 && course.Round - _levels[i].Round <= Math.Max(2, course.Rounds / 4); i--)
        {
            from = _levels[i];
        }
        var rounds = course.Round - from.Round;
        var slope = rounds > 0 ? (BuyerLevel - from.Level) / rounds : 0;
        return Math.Min(1, BuyerLevel + (1.5 * slope * (course.Rounds - 1 - course.Round)));
    }

    private int Offer(Course course, OpponentModel model, double target)
    {
        var space = course.Space;
        var low = space.UtilityAt(target);
        if (course.LowestOwn >= 0 && space.Scenario.Policy.MaxConcessionPerRound is { } most)
        {
            low = Math.Max(low, space.Utility(course.LowestOwn) - most);
        }
        var high = low + (parameters.Band * space.Span);
        var (best, value) = (-1, double.NegativeInfinity);
        var permitted = space.Permitted[..space.CountAtLeast(low)];
        for (var i = permitted.Length - 1; i >= 0 && space.Utility(permitted[i]) <= high; i--)
        {
            var worth = model.Value(permitted[i]) - (parameters.Repeats * model.Scale * Math.Min(3, course.TimesOffered(permitted[i])));
            // From below, so that of equals the better for us is taken.
            if (worth >= value)
            {
                (best, value) = (permitted[i], worth);
            }
        }
        if (best < 0)
        {
            best = permitted.Length > 0 ? permitted[^1] : space.Permitted[0];
        }
        return course.BestBuyer >= 0 && space.Utility(course.BestBuyer) >= space.Utility(best) ? course.BestBuyer : best;
    }
}
