using System.Diagnostics;
using CustobotGateway.Bargaining;
using CustobotGateway.Bargaining.Arena;

namespace CustobotGateway.Benchmarks;

/// <summary>What the bargaining engine wins against buyers of many strategies, beside both baselines, and how long a decision takes; on generated scenarios that nothing was tuned on.</summary>
public static class NegotiationBenchmark
{
    private const string Part = "negotiation";
    private const int Scenarios = 400;

    public static void Run(Figures figures)
    {
        var bouts = new ScenarioGenerator(FiguresReport.ReportedSeed).Make(Scenarios);
        var ticks = new List<long>();
        var own = new Summary(Tournament.Play(bouts, StrategyName.Adaptive, ticks: ticks));
        var boulware = new Summary(Tournament.Play(bouts, StrategyName.Boulware));
        var model = new Summary(Tournament.Play(bouts, StrategyName.BoulwareWithModel));
        void Tell(string name, Func<Contestant, bool> who) => figures.Add(
            Part, $"advantage, {name}", "share", [own.Advantage(who).Value], $"± {own.Advantage(who).Error:0.000}; above Boulware {own.Above(boulware, who)}, with model {own.Above(model, who)}; agreed {own.AgreementRate(who):P0}");
        Tell("all but exploiters", one => !one.IsExploiter);
        Tell("exploiters", one => one.IsExploiter);
        foreach (var contestant in Field.All)
        {
            Tell(contestant.Name, one => one == contestant);
        }
        figures.Add(Part, "rounds used without a zone", "share", [own.NoZoneRounds(_ => true).Value], "goal: below 0.6");
        figures.Add(Part, "violations", "", [own.Violations], $"of the policy, in {own.Negotiations:N0} negotiations");
        ticks.Sort();
        double Micros(double share) => ticks[(int)(share * (ticks.Count - 1))] * 1e6 / Stopwatch.Frequency;
        figures.Add(Part, "decision, median", "µs", [Micros(0.5)], "goal: below 1,000");
        figures.Add(Part, "decision, p99.9", "µs", [Micros(0.999)], $"goal: below 50,000; outcome spaces to {bouts.Max(bout => bout.Space.Outcomes.Count):N0}");
    }
}
