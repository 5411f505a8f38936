using System.Diagnostics;
using CustobotGateway.Bargaining.Arena.Buyers;
using CustobotGateway.Bargaining.Bidding;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>How a negotiation went.</summary>
public sealed record MatchResult(bool Agreed, int Outcome, int Rounds, double Advantage, int Violations, OpponentAnalysis Analysis, BuyerMemory Memory, string? SellerEnded);

/// <summary>Plays negotiations between a buyer and the engine, by the protocol of alternating offers.</summary>
public sealed class Match(StrategyName strategy, AdaptiveParameters? parameters = null)
{
    /// <summary>How long decisions took, in ticks of the stopwatch, where asked for.</summary>
    public List<long>? DecisionTicks { get; init; }

    /// <summary>What the seller saw in each of its turns, where asked for.</summary>
    public Action<Negotiator>? AfterDecision { get; init; }

    public MatchResult Play(Bout bout, Buyer buyer, int seed, BuyerMemory? memory = null)
    {
        var negotiator = Negotiator.Open(bout.Space, strategy, seed, memory, parameters);
        var referee = new Referee(bout);
        var (theirs, ours) = (OfferReading.Absent, (int?)null);
        for (var round = 0; round < bout.Rounds; round++)
        {
            foreach (var party in bout.Space.Scenario.Protocol.Opens == Party.Seller ? SellerFirst : BuyerFirst)
            {
                if (party == Party.Seller)
                {
                    var decision = Decide(negotiator, round, theirs);
                    switch (decision.Kind)
                    {
                        case DecisionKind.Offer:
                            ours = decision.Outcome;
                            referee.Offered(decision.Outcome!.Value);
                            continue;
                        case DecisionKind.Accept:
                            referee.Agreed(decision.Outcome!.Value);
                            return Closed(bout, negotiator, referee, memory, decision.Outcome, round, null);
                        default:
                            return Closed(bout, negotiator, referee, memory, null, round, decision.Reason);
                    }
                }
                var act = buyer.Act(round, ours);
                switch (act.Kind)
                {
                    case BuyerActKind.Accept:
                        referee.Agreed(ours!.Value);
                        return Closed(bout, negotiator, referee, memory, ours, round, null);
                    case BuyerActKind.End:
                        return Closed(bout, negotiator, referee, memory, null, round, null);
                    case BuyerActKind.Malformed:
                        theirs = new OfferReading(null, OfferFault.Malformed);
                        break;
                    default:
                        theirs = OfferReading.Of(act.Outcome);
                        break;
                }
            }
        }
        return Closed(bout, negotiator, referee, memory, null, bout.Rounds - 1, null);
    }

    private static readonly Party[] SellerFirst = [Party.Seller, Party.Buyer];
    private static readonly Party[] BuyerFirst = [Party.Buyer, Party.Seller];

    private Decision Decide(Negotiator negotiator, int round, OfferReading theirs)
    {
        var begun = Stopwatch.GetTimestamp();
        var decision = negotiator.Decide(round, theirs);
        DecisionTicks?.Add(Stopwatch.GetTimestamp() - begun);
        AfterDecision?.Invoke(negotiator);
        return decision;
    }

    private static MatchResult Closed(Bout bout, Negotiator negotiator, Referee referee, BuyerMemory? memory, int? agreement, int round, string? ended)
    {
        var analysis = negotiator.Analyse();
        return new MatchResult(agreement is not null, agreement ?? -1, round + 1, agreement is { } outcome ? bout.Advantage(outcome, round) : 0, referee.Violations, analysis,
            (memory ?? BuyerMemory.Empty).Opened(bout.Space.Scenario).Closed(negotiator.Course, analysis), ended);
    }
}
