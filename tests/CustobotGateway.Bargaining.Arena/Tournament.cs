using CustobotGateway.Bargaining.Arena.Buyers;
using CustobotGateway.Bargaining.Bidding;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>One negotiation of a tournament.</summary>
public sealed record Entry(Bout Bout, Contestant Contestant, MatchResult Result);

/// <summary>Every buyer in every scenario against one strategy of the seller's. The same seeds for every strategy, so that results compare in pairs.</summary>
public static class Tournament
{
    private const int Reopenings = 2;

    public static IReadOnlyList<Entry> Play(
        IReadOnlyList<Bout> bouts, StrategyName strategy, AdaptiveParameters? parameters = null, int seeds = 1, List<long>? ticks = null, IReadOnlyList<Contestant>? contestants = null,
        Action<Bout, Contestant, Negotiator>? afterDecision = null)
    {
        var entries = new List<Entry>(bouts.Count * seeds * Field.All.Count);
        foreach (var (number, bout) in bouts.Index())
        {
            foreach (var contestant in contestants ?? Field.All)
            {
                var match = new Match(strategy, parameters) { DecisionTicks = ticks, AfterDecision = afterDecision is null ? null : negotiator => afterDecision(bout, contestant, negotiator) };
                for (var seed = 1; seed <= seeds; seed++)
                {
                    entries.Add(new Entry(bout, contestant, contestant.Returns ? Series(match, bout, seed) : match.Play(bout, contestant.Make(bout, seed + (1_000 * number)), seed)));
                }
            }
        }
        return entries;
    }

    /// <summary>A buyer that comes back; the last negotiation counts, violations of all do.</summary>
    private static MatchResult Series(Match match, Bout bout, int seed)
    {
        var notes = new ReplayerNotes();
        var (memory, violations) = (BuyerMemory.Empty, 0);
        for (var i = 0; ; i++)
        {
            notes.IsFinal = i == Reopenings;
            var result = match.Play(bout, new Replayer(bout, seed, notes), seed, memory);
            (memory, violations) = (result.Memory, violations + result.Violations);
            if (notes.IsFinal || result.Agreed)
            {
                return result with { Violations = violations };
            }
        }
    }
}
