using CustobotGateway.Bargaining.Arena;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Bargaining.Tests;

public sealed class TournamentTests
{
    private static bool Fair(Contestant one) => !one.IsExploiter;

    [Fact]
    public void Two_thousand_negotiations_break_no_rule_and_win_more_than_both_baselines() => Play(80, 1, 0.75);

    [FullFact]
    public void A_hundred_thousand_negotiations_break_no_rule_and_win_more_than_both_baselines() => Play(500, 8, 0.6);

    [DevelopmentFact]
    public void Development_scenarios_break_no_rule_and_those_without_a_zone_end_without_a_deal()
    {
        var own = new Summary(Tournament.Play([.. DevelopmentScenarios.Read(DevelopmentScenarios.File!).Select(pair => pair.Bout)], StrategyName.Adaptive));

        Assert.Equal(0, own.Violations);
        Assert.Equal(1, own.NoDealShare(_ => true));
        Assert.InRange(own.NoZoneRounds(_ => true).Value, 0, 0.6);
    }

    private static void Play(int scenarios, int seeds, double rounds)
    {
        var bouts = new ScenarioGenerator(41).Make(scenarios);
        var own = new Summary(Tournament.Play(bouts, StrategyName.Adaptive, null, seeds));

        Assert.Equal(scenarios * seeds * Field.All.Count, own.Negotiations);
        Assert.Equal(0, own.Violations);
        Assert.Equal(1, own.NoDealShare(_ => true));
        // Of 80 scenarios about ten have no zone, too few for the limit itself.
        Assert.InRange(own.NoZoneRounds(_ => true).Value, 0, rounds);
        foreach (var baseline in new[] { StrategyName.Boulware, StrategyName.BoulwareWithModel })
        {
            var other = new Summary(Tournament.Play(bouts, baseline, null, seeds));
            Assert.Equal(0, other.Violations);
            Assert.True(own.Above(other, Fair).Value > 0.01, $"{baseline}: {own.Above(other, Fair)}");
            Assert.True(own.Above(other, one => one.IsExploiter).Value > 0, $"{baseline}, exploiters: {own.Above(other, one => one.IsExploiter)}");
        }
    }
}
