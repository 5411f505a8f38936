using System.Diagnostics;
using System.Globalization;
using CustobotGateway.Bargaining.Bidding;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>Work on the strategy's numbers, on scenarios of seeds that are reported nowhere.</summary>
public static class Tuning
{
    private const int FirstSeed = 500;

    /// <summary>Tells the figures of the usual numbers with some changed, against those of the baselines.</summary>
    public static void Run(string[] changes)
    {
        var (count, seed) = (208, FirstSeed);
        var parameters = new AdaptiveParameters();
        foreach (var change in changes)
        {
            var (name, value) = (change[..change.IndexOf('=', StringComparison.Ordinal)], double.Parse(change[(change.IndexOf('=', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));
            switch (name)
            {
                case "count":
                    count = (int)value;
                    break;
                case "seed":
                    seed = (int)value;
                    break;
                default:
                    parameters = Changed(parameters, name, value);
                    break;
            }
        }
        var bouts = seed == 0 ? [.. DevelopmentScenarios.Read(DevelopmentScenarios.File!).Select(pair => pair.Bout)] : new ScenarioGenerator(seed).Make(count);
        var begun = Stopwatch.StartNew();
        var own = new Summary(Tournament.Play(bouts, StrategyName.Adaptive, parameters));
        var time = begun.Elapsed;
        var boulware = new Summary(Tournament.Play(bouts, StrategyName.Boulware));
        var model = new Summary(Tournament.Play(bouts, StrategyName.BoulwareWithModel));
        static bool Fair(Contestant one) => !one.IsExploiter;
        static bool Foul(Contestant one) => one.IsExploiter;
        System.Console.Out.WriteLine(FormattableString.Invariant(
            $"adv {own.Advantage(Fair)} vs B {own.Above(boulware, Fair)} vs BM {own.Above(model, Fair)} | exploiters {own.Advantage(Foul)} vs B {own.Above(boulware, Foul)} vs BM {own.Above(model, Foul)} | agreed {own.AgreementRate(Fair):P1}/{boulware.AgreementRate(Fair):P1}/{model.AgreementRate(Fair):P1} | no zone {own.NoZoneRounds(_ => true).Value:P1} fair {own.NoZoneRounds(Fair).Value:P1} wrong {own.WrongEnds(Fair):P1} | violations {own.Violations} {boulware.Violations} {model.Violations} | {time.TotalSeconds:0.0} s | {string.Join(' ', changes)}"));
    }

    /// <summary>Tells, for each set of changes, how much the advantage grows over the usual numbers, in pairs.</summary>
    public static void Compare(int seed, int count, string[] sets)
    {
        var bouts = new ScenarioGenerator(seed).Make(count);
        var usual = new Summary(Tournament.Play(bouts, StrategyName.Adaptive, new AdaptiveParameters()));
        foreach (var set in sets)
        {
            var parameters = set.Split(',').Aggregate(new AdaptiveParameters(), (current, change) =>
                Changed(current, change.Split('=')[0], double.Parse(change.Split('=')[1], CultureInfo.InvariantCulture)));
            var own = new Summary(Tournament.Play(bouts, StrategyName.Adaptive, parameters));
            System.Console.Out.WriteLine(FormattableString.Invariant(
                $"fair {own.Above(usual, one => !one.IsExploiter)} foul {own.Above(usual, one => one.IsExploiter)} agreed {own.AgreementRate(_ => true):P1} ({usual.AgreementRate(_ => true):P1}) no zone {own.NoZoneRounds(_ => true).Value:P1} wrong {own.WrongEnds(_ => true):P1} | {set}"));
        }
    }

    /// <summary>Writes what the ending rule saw, with whether there was a zone, as tab-separated lines.</summary>
    public static void WriteSigns(int seed, int count)
    {
        var bouts = new ScenarioGenerator(seed).Make(count);
        foreach (var (number, bout) in bouts.Index())
        {
            foreach (var contestant in Field.All.Where(one => !one.Returns))
            {
                var lines = new List<string>();
                var entry = Tournament.Play([bout], StrategyName.Adaptive, new AdaptiveParameters { EndWeight = 1e9 }, 1, null, [contestant], (_, _, negotiator) =>
                {
                    if (negotiator.Zone is { } zone)
                    {
                        lines.Add(FormattableString.Invariant($"{number}\t{contestant.Name}\t{negotiator.Course.Round}\t{bout.Rounds}\t{zone.NoZone:0.####}\t{zone.Expected:0.####}\t")
                            + string.Join('\t', negotiator.ZoneSigns().Select(sign => sign.ToString("0.####", CultureInfo.InvariantCulture))));
                    }
                })[0];
                foreach (var line in lines)
                {
                    System.Console.Out.WriteLine(FormattableString.Invariant($"{line}\t{(bout.Zone.Length == 0 ? 1 : 0)}\t{bout.BestInZone:0.###}\t{entry.Result.Advantage:0.###}\t{(entry.Result.Agreed ? 1 : 0)}"));
                }
            }
        }
    }

    private static AdaptiveParameters Changed(AdaptiveParameters parameters, string name, double value)
    {
        // "Clock.Base" is a number of a curve; records are changed by name, so that a search needs no list of them.
        var (outer, inner) = name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? (name[..dot], name[(dot + 1)..]) : (name, null);
        var property = typeof(AdaptiveParameters).GetProperty(outer) ?? throw new ArgumentException($"There is no '{outer}'.");
        var copy = parameters with { };
        if (inner is null)
        {
            property.SetValue(copy, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
            return copy;
        }
        var curve = (ConcessionCurve)property.GetValue(copy)! with { };
        (typeof(ConcessionCurve).GetProperty(inner) ?? throw new ArgumentException($"There is no '{name}'.")).SetValue(curve, value);
        property.SetValue(copy, curve);
        return copy;
    }
}
