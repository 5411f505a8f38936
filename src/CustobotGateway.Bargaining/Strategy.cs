using CustobotGateway.Bargaining.Acceptance;
using CustobotGateway.Bargaining.Bidding;
using CustobotGateway.Bargaining.Domain;
using CustobotGateway.Bargaining.Opponents;

namespace CustobotGateway.Bargaining;

/// <summary>The strategies that can be chosen.</summary>
public enum StrategyName
{
    /// <summary>The default: see <see cref="AdaptiveBidding"/>.</summary>
    Adaptive,

    /// <summary>By the clock with e = 0.2, AC_next.</summary>
    Boulware,

    /// <summary>By the clock with e = 1, AC_next.</summary>
    Linear,

    /// <summary>By the clock with e = 2, AC_next.</summary>
    Conceder,

    /// <summary>Gives what the buyer gives.</summary>
    TitForTat,

    /// <summary>One step for each new offer.</summary>
    Micro,

    /// <summary>By the clock with e = 0.2, the buyer's favourite by a frequency model, AC_combi.</summary>
    BoulwareWithModel,
}

/// <summary>The parts of a strategy, for one negotiation: how to bid, what to make of the opponent, when to accept; and when it is of no use to go on.</summary>
/// <param name="Model">What outcomes are worth to the buyer.</param>
/// <param name="Bidding">What to offer.</param>
/// <param name="Acceptance">What to take.</param>
/// <param name="Ending">When to end without a deal; null for only at the deadline.</param>
public sealed record Strategy(OpponentModel Model, BiddingStrategy Bidding, AcceptanceCondition Acceptance, EndingRule? Ending = null)
{
    private const double BoulwareExponent = 0.2, ConcederExponent = 2, Band = 0.05;

    /// <summary>Fresh parts of a strategy.</summary>
    public static Strategy Of(StrategyName name, SellerSpace space, Behaviour behaviour, AdaptiveParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return name switch
        {
            StrategyName.Boulware => new Strategy(new NoModel(), new TimeDependentBidding(BoulwareExponent), new AcceptNext()),
            StrategyName.Linear => new Strategy(new NoModel(), new TimeDependentBidding(1), new AcceptNext()),
            StrategyName.Conceder => new Strategy(new NoModel(), new TimeDependentBidding(ConcederExponent), new AcceptNext()),
            StrategyName.TitForTat => new Strategy(new NoModel(), new TitForTatBidding(), new AcceptCombi()),
            StrategyName.Micro => new Strategy(new NoModel(), new MicroBidding(), new AcceptNext()),
            StrategyName.BoulwareWithModel => new Strategy(new FrequencyModel(space.Outcomes), new TimeDependentBidding(BoulwareExponent, Band), new AcceptCombi()),
            _ => Adaptive(space, behaviour, parameters ?? new AdaptiveParameters()),
        };
    }

    private static Strategy Adaptive(SellerSpace space, Behaviour behaviour, AdaptiveParameters parameters)
    {
        var bidding = new AdaptiveBidding(behaviour, parameters);
        return new Strategy(new PreferenceModel(space), bidding, new AcceptCombi(parameters.LastFrom, parameters.MarginOnReturn), new EndingRule(bidding, parameters));
    }
}
