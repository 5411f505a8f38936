using CustobotGateway.Bargaining.Bidding;
using CustobotGateway.Bargaining.Domain;
using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining;

/// <summary>
/// The seller in one negotiation. It knows no time and no chance besides its seed, so that the same acts lead to the same decisions: a negotiation is kept by keeping its acts, and
/// brought back by <see cref="Replay"/>.
/// </summary>
public sealed class Negotiator
{
    private readonly Behaviour _behaviour = new();
    private readonly Strategy _strategy;

    // The analysis needs an idea of the buyer's values, also where the strategy has none.
    private readonly PreferenceModel _analyst;

    private Negotiator(SellerSpace space, StrategyName strategy, int seed, int earlier, AdaptiveParameters? parameters)
    {
        Course = new Course(space, seed, earlier);
        _strategy = Strategy.Of(strategy, space, _behaviour, parameters);
        _analyst = _strategy.Model as PreferenceModel ?? new PreferenceModel(space);
    }

    /// <summary>What has happened.</summary>
    public Course Course { get; }

    /// <summary>The last decision, or null before the first.</summary>
    public Decision? Last { get; private set; }

    /// <summary>What was thought of the zone in the last turn; null where there was no reason to ask.</summary>
    public ZoneEstimate? Zone => _strategy.Ending?.Estimate;

    /// <summary>What <see cref="Zone"/> was made from, for training; empty where it is null.</summary>
    public IReadOnlyList<double> ZoneSigns() => Zone is { } zone ? zone.Signs(Course, _behaviour, (_strategy.Bidding as AdaptiveBidding)?.BuyerLevel ?? 0) : [];

    /// <summary>Begins a negotiation.</summary>
    /// <param name="space">The scenario, worked out.</param>
    /// <param name="strategy">How to bargain.</param>
    /// <param name="seed">Of what is left to chance.</param>
    /// <param name="memory">What is known of this buyer from before.</param>
    /// <param name="parameters">Other numbers than the usual for the adaptive strategy.</param>
    public static Negotiator Open(SellerSpace space, StrategyName strategy = StrategyName.Adaptive, int seed = 1, BuyerMemory? memory = null, AdaptiveParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new Negotiator(space, strategy, seed, memory?.EarlierOver(BuyerMemory.SubjectOf(space.Scenario)) ?? 0, parameters);
    }

    /// <summary>Begins a negotiation and decides each of its turns again. What was decided is the same as the first time where nothing else has changed.</summary>
    public static Negotiator Replay(SellerSpace space, IEnumerable<(int Round, OfferReading Offer)> turns, StrategyName strategy = StrategyName.Adaptive, int seed = 1, BuyerMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(turns);
        var negotiator = Open(space, strategy, seed, memory);
        foreach (var (round, offer) in turns)
        {
            negotiator.Decide(round, offer);
        }
        return negotiator;
    }

    /// <summary>Decides the turn of a round.</summary>
    /// <param name="round">From 0, later than the last one.</param>
    /// <param name="offer">What the buyer offers; absent in round 0 where the seller opens.</param>
    public Decision Decide(int round, OfferReading offer)
    {
        if (Last is { Kind: not DecisionKind.Offer } || round < 0 || (Last is not null && round <= Course.Round))
        {
            throw new ArgumentOutOfRangeException(nameof(round), round, "It is not the seller's turn in this round.");
        }
        Course.Receive(round, offer);
        if (offer.Outcome is not null)
        {
            _behaviour.Observe(Course);
            _strategy.Model.Observe(Course);
            if (_analyst != _strategy.Model)
            {
                _analyst.Observe(Course);
            }
        }
        var decision = Decide(offer);
        if (decision is { Kind: DecisionKind.Offer, Outcome: { } own })
        {
            Course.Send(own);
        }
        return Last = decision;
    }

    /// <summary>What the buyer's acts tell about it.</summary>
    public OpponentAnalysis Analyse() => OpponentAnalysis.Of(Course, _behaviour, _analyst);

    private Decision Decide(OfferReading offer)
    {
        var space = Course.Space;
        if (space.Permitted.Length == 0)
        {
            return Told(DecisionKind.End, null, "nothing_permitted", default, offer);
        }
        if (Course.Round >= Course.Rounds)
        {
            return Told(DecisionKind.End, null, "deadline", default, offer);
        }
        var bid = _strategy.Bidding.Propose(Course, _strategy.Model);
        var own = PolicyGuard.Hold(space, bid.Outcome, Course.LowestOwn);
        if (offer.Outcome is { } offered && PolicyGuard.MayAccept(space, offered) == Refusal.None
            && _strategy.Acceptance.Accepts(Course, offered, bid with { Outcome = own }) is { } why)
        {
            return Told(DecisionKind.Accept, offered, why, bid, offer);
        }
        return _strategy.Ending?.Ends(Course) is { } end
            ? Told(DecisionKind.End, null, end, bid, offer)
            : Told(DecisionKind.Offer, own, bid.Rule, bid, offer);
    }

    private Decision Told(DecisionKind kind, int? outcome, string reason, Bid bid, OfferReading offer)
    {
        var space = Course.Space;
        return new Decision(kind, outcome, reason, new Explanation
        {
            Round = Course.Round,
            Rule = bid.Rule,
            Target = bid.Rule is null ? null : bid.Target,
            Utility = outcome is { } one ? space.Utility(one) : null,
            Profit = outcome is { } two && space.IsByProfit ? space.Profit(two) : null,
            Share = outcome is { } three ? space.Share(three) : null,
            Reservation = space.Reservation,
            Held = bid.Rule is null ? Refusal.None : PolicyGuard.MayOffer(space, bid.Outcome, Course.LowestOwn),
            OfferFault = offer.Fault,
            OfferRefusal = offer.Outcome is { } offered ? space.RefusalOf(offered) : Refusal.None,
            OfferShare = offer.Outcome is { } theirs ? space.Share(theirs) : null,
            BuyerKind = _behaviour.Kind,
            Reactivity = _behaviour.Reactivity,
            BuyerLevel = (_strategy.Bidding as AdaptiveBidding)?.BuyerLevel,
            NoZone = Zone?.NoZone,
        });
    }
}
