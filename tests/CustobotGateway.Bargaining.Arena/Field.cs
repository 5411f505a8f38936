using CustobotGateway.Bargaining.Arena.Buyers;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>A strategy that buyers play.</summary>
public sealed record Contestant(string Name, bool IsExploiter, Func<Bout, int, Buyer> Make, bool Returns = false);

/// <summary>The buyers of the tournament.</summary>
public static class Field
{
    public static IReadOnlyList<Contestant> All { get; } =
    [
        new("Boulware 0.1, favourite", false, (bout, seed) => new ClockBuyer(bout, seed, 0.1, BidRule.Favourite)),
        new("Boulware 0.2, nearest", false, (bout, seed) => new ClockBuyer(bout, seed, 0.2, BidRule.Nearest)),
        new("Boulware 0.5, random", false, (bout, seed) => new ClockBuyer(bout, seed, 0.5, BidRule.Random)),
        new("linear, nearest", false, (bout, seed) => new ClockBuyer(bout, seed, 1, BidRule.Nearest)),
        new("linear, favourite", false, (bout, seed) => new ClockBuyer(bout, seed, 1, BidRule.Favourite)),
        new("conceder 2, random", false, (bout, seed) => new ClockBuyer(bout, seed, 2, BidRule.Random)),
        new("conceder 5, nearest", false, (bout, seed) => new ClockBuyer(bout, seed, 5, BidRule.Nearest)),
        new("relative tit-for-tat", false, (bout, seed) => new TitForTatBuyer(bout, seed, Reply.Relative)),
        new("absolute tit-for-tat", false, (bout, seed) => new TitForTatBuyer(bout, seed, Reply.Absolute)),
        new("averaged tit-for-tat", false, (bout, seed) => new TitForTatBuyer(bout, seed, Reply.Averaged)),
        new("Nice TFT", false, (bout, seed) => new NiceTitForTat(bout, seed)),
        new("MiCRO", false, (bout, seed) => new MicroBuyer(bout, seed)),
        new("random walker", false, (bout, seed) => new RandomWalker(bout, seed)),
        new("Nash seeker", false, (bout, seed) => new NashSeeker(bout, seed)),
        new("HardHeaded", false, (bout, seed) => new HardHeadedBuyer(bout, seed)),
        new("split the difference", false, (bout, seed) => new SplitTheDifference(bout, seed)),
        new("satisficer", false, (bout, seed) => new Satisficer(bout, seed)),
        new("hardliner", false, (bout, seed) => new Hardliner(bout, seed)),
        new("ratchet", true, (bout, seed) => new Ratchet(bout, seed)),
        new("nibbler", true, (bout, seed) => new Nibbler(bout, seed)),
        new("last second", true, (bout, seed) => new LastSecond(bout, seed)),
        new("curve prober", true, (bout, seed) => new CurveProber(bout, seed)),
        new("bluffer", true, (bout, seed) => new Bluffer(bout, seed)),
        new("re-opening replayer", true, (bout, seed) => new Replayer(bout, seed, new ReplayerNotes()), Returns: true),
        new("injector", true, (bout, seed) => new Injector(bout, seed)),
    ];
}
