using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>The figures as they stand in the documentation: per buyer strategy, against both baselines, on the development scenarios and on generated ones.</summary>
public static class FiguresReport
{
    /// <summary>The generated scenarios that are reported; nothing was tuned on them.</summary>
    public const int ReportedSeed = 20_261;

    private static readonly StrategyName[] Others = [StrategyName.Boulware, StrategyName.BoulwareWithModel];

    public static string Run(int generated)
    {
        var text = new StringBuilder();
        if (DevelopmentScenarios.File is { } file)
        {
            Tell(text, "Development scenarios", [.. DevelopmentScenarios.Read(file).Select(pair => pair.Bout)], seeds: 5);
        }
        Tell(text, "Generated scenarios", new ScenarioGenerator(ReportedSeed).Make(generated), seeds: 1);
        return text.ToString();
    }

    /// <summary>The same for other generated scenarios, to work with.</summary>
    public static string Of(int seed, int count)
    {
        var text = new StringBuilder();
        Tell(text, "Generated scenarios", new ScenarioGenerator(seed).Make(count), seeds: 1);
        return text.ToString();
    }

    private static void Tell(StringBuilder text, string title, IReadOnlyList<Bout> bouts, int seeds)
    {
        var ticks = new List<long>();
        var own = new Summary(Tournament.Play(bouts, StrategyName.Adaptive, null, seeds, ticks));
        var others = Others.Select(name => new Summary(Tournament.Play(bouts, name, null, seeds))).ToArray();
        text.Append(CultureInfo.InvariantCulture, $"### {title}: {bouts.Count}, of them {bouts.Count(bout => bout.Zone.Length == 0)} without a zone; {own.Negotiations} negotiations, {own.Violations} violations\n\n");
        text.Append("| buyer | agreed | advantage | above Boulware | above Boulware with model | rounds | ended wrongly | no zone: rounds |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        Row(text, "**all but exploiters**", own, others, one => !one.IsExploiter);
        Row(text, "**exploiters**", own, others, one => one.IsExploiter);
        Row(text, "**all**", own, others, _ => true);
        foreach (var contestant in Field.All)
        {
            Row(text, contestant.Name, own, others, one => one == contestant);
        }
        ticks.Sort();
        double Micros(double share) => ticks[(int)(share * (ticks.Count - 1))] * 1e6 / Stopwatch.Frequency;
        text.Append(CultureInfo.InvariantCulture, $"\nNo zone: {own.NoDealShare(_ => true):P1} without a deal. A decision takes {Micros(0.5):0} µs at the median, {Micros(0.999):0} µs at p99.9, {Micros(1):0} µs at most ({ticks.Count} decisions).\n\n");
    }

    private static void Row(StringBuilder text, string name, Summary own, Summary[] others, Func<Contestant, bool> who) =>
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {own.AgreementRate(who):P1} | {own.Advantage(who)} | {own.Above(others[0], who)} | {own.Above(others[1], who)} | {own.RoundsShare(who):P0} | {own.WrongEnds(who):P1} | {own.NoZoneRounds(who).Value:P0} |\n");
}
