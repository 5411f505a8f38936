using CustobotGateway.Bargaining.Arena;
using CustobotGateway.Bargaining.Arena.Buyers;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Tests;

public sealed class StrategyTests
{
    [Theory]
    // 1 − t^(1/e) of the range from 20 to 220 at t = 10/19: the lowest profit that is at least that.
    [InlineData(StrategyName.Boulware, 220)] // 1 − 0.5263^5 = 0.960, 212
    [InlineData(StrategyName.Linear, 120)] // 0.474, 114.7
    [InlineData(StrategyName.Conceder, 75)] // 0.275, 74.9
    public void Clock_strategies_concede_by_their_exponent(StrategyName strategy, long profit)
    {
        var space = A.Space();
        var negotiator = Negotiator.Open(space, strategy);

        var decision = negotiator.Decide(10, OfferReading.Of(A.Outcome(space, 100, 1)));

        Assert.Equal(profit, decision.Why.Profit);
    }

    [Fact]
    public void Micro_steps_down_only_for_offers_it_has_not_seen()
    {
        var space = A.Space();
        var negotiator = Negotiator.Open(space, StrategyName.Micro);
        var (low, higher) = (A.Outcome(space, 100, 1), A.Outcome(space, 110, 1));

        int Own(int round, int offer) => negotiator.Decide(round, OfferReading.Of(offer)).Outcome!.Value;

        Assert.Equal(space.Permitted[0], Own(0, low));
        Assert.Equal(space.Permitted[1], Own(1, low));
        Assert.Contains(Own(2, low), space.Permitted[..2].ToArray());
        Assert.Equal(space.Permitted[2], Own(3, higher));
    }

    [Fact]
    public void Tit_for_tat_gives_what_it_gets()
    {
        var space = A.Space();
        var negotiator = Negotiator.Open(space, StrategyName.TitForTat);
        negotiator.Decide(0, OfferReading.Of(A.Outcome(space, 100, 2)));
        negotiator.Decide(1, OfferReading.Of(A.Outcome(space, 100, 2)));

        // The first concession is the smallest; then two at 20 more each are 40 of 200.
        var answer = negotiator.Decide(2, OfferReading.Of(A.Outcome(space, 120, 2)));

        Assert.Equal(space.Share(space.Permitted[1]) - 0.2, answer.Why.Target!.Value, 1e-9);
    }

    [Theory]
    [InlineData("linear, nearest", OpponentKind.Time)]
    [InlineData("MiCRO", OpponentKind.Behaviour)]
    [InlineData("hardliner", OpponentKind.Hardliner)]
    [InlineData("random walker", OpponentKind.Random)]
    [InlineData("injector", OpponentKind.Exploiter)]
    [InlineData("re-opening replayer", OpponentKind.Exploiter)]
    public void Most_buyers_of_a_kind_are_recognised(string buyer, OpponentKind kind)
    {
        // Long enough to be looked at, and nobody leaves.
        var bouts = new ScenarioGenerator(32).Make(120).Where(bout => bout.Rounds >= 20 && bout.Patience is null).ToArray();

        var entries = Tournament.Play(bouts, StrategyName.Adaptive, contestants: [Field.All.Single(one => one.Name == buyer)]);

        var seen = entries.Where(entry => entry.Result.Rounds >= 10).ToArray();
        Assert.True(seen.Length >= 5, $"{seen.Length}");
        var right = seen.Count(entry => entry.Result.Analysis.Kind == kind);
        Assert.True(right >= 0.5 * seen.Length, $"{right} of {seen.Length}: {string.Join(", ", seen.GroupBy(entry => entry.Result.Analysis.Kind).Select(group => $"{group.Key} {group.Count()}"))}");
    }

    [Fact]
    public void The_exponent_of_a_clock_is_found_roughly()
    {
        var bouts = new ScenarioGenerator(33).Make(120).Where(bout => bout.Rounds >= 30 && bout.Patience is null).ToArray();
        double Median(double exponent)
        {
            var contestant = new Contestant("clock", false, (bout, seed) => new ClockBuyer(bout, seed, exponent, BidRule.Nearest));
            var found = Tournament.Play(bouts, StrategyName.Boulware, contestants: [contestant]).Select(entry => entry.Result.Analysis.ConcessionExponent).OfType<double>().Order().ToArray();
            return found[found.Length / 2];
        }

        Assert.InRange(Median(0.2), 0.1, 0.4);
        Assert.InRange(Median(1), 0.6, 1.6);
    }
}
