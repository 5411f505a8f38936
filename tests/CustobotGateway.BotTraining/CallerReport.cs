using System.Globalization;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotTraining;

/// <summary>The figures of callers: each row's score by a model that saw no row of its maker, with the product's calibration and threshold.</summary>
internal sealed class CallerReport
{
    private static readonly string[] Classes = ["human", "automation", "declared_bot", "verified_agent"];
    private readonly IReadOnlyList<CallerRow> _rows;
    private readonly double[] _sums;
    private readonly int[] _scores;
    private readonly bool[] _verified;
    private readonly TextWriter _output;

    public CallerReport(IReadOnlyList<CallerRow> rows, RowSignatures signatures, TextWriter output)
    {
        (_rows, _output) = (rows, output);
        _verified = [.. rows.Select(signatures.IsVerified)];
        _sums = CallerTrainer.CrossValidate(rows);
        _scores = [.. _sums.Select(sum => CallerTrainer.Score(sum, ScoringWeights.Embedded.Calibration))];
    }

    public double AllBots => Auc(Where(_ => true));

    public double Automation => Auc(Where(row => row.Label is "human" or "automation"));

    public double Stealth => Auc(Where(row => row.IsStealth || (row.Visit is null && !row.IsSoftware)));

    public double Visits => Auc(Where(row => row.Visit is not null));

    public double RequestsFlagged => Flagged(Where(row => row.Visit is null && !row.IsSoftware));

    public double VisitsFlagged => Flagged(Where(row => row.Visit is not null && !row.IsSoftware));

    public double StealthRecall => Flagged(Where(row => row.IsStealth));

    public double DeclaredNamed => Share(Where(row => row.Label == "declared_bot"), row => row.Reading.DeclaredAs is not null);

    public double VerifiedRecognised => Where(row => row.Label == "verified_agent") is var rows ? rows.Count(i => _verified[i]) / (double)rows.Count : 0;

    public int ForgedAccepted => Where(row => row.Label != "verified_agent").Count(i => _verified[i]);

    public double PeopleNamedAsBots => Share(Where(row => row.Label == "human"), row => row.Reading.DeclaredAs is not null);

    /// <summary>Whether a figure that was written missed its goal.</summary>
    public bool MissesGoals { get; private set; }

    public void Write()
    {
        var weights = ScoringWeights.Embedded;
        Say($"Callers: {_rows.Count} rows, {_rows.Select(row => row.Maker).Distinct().Count()} makers; ten folds grouped by maker (people's visits, which one maker made, by row).");
        Say($"Weights {TrainingCommands.HashOf(TrainingCommands.CallerWeights)}, learnt from {weights.TrainedOn} (SHA-256).");
        Say($"Prior {weights.Prior:F4} (the share of software among the rows); threshold {weights.Threshold}; log-odds = {weights.Calibration.Scale} x sum + {weights.Calibration.Shift} (Platt, on the folds).");
        Say($"");
        Goal("AUC, all bots", AllBots, 0.96, atLeast: true);
        Goal("AUC, undeclared automation alone", Automation, 0.96, atLeast: true);
        Goal("AUC, stealth", Stealth, 0.98, atLeast: true);
        Goal("AUC, whole visits", Visits, 0.98, atLeast: true);
        Goal("people's requests flagged", RequestsFlagged, 0.01, atLeast: false);
        Goal("people's visits flagged", VisitsFlagged, 0.02, atLeast: false);
        Goal("stealth recall", StealthRecall, 0.85, atLeast: true);
        Goal("declared bots named", DeclaredNamed, 0.98, atLeast: true);
        Goal("verified agents recognised", VerifiedRecognised, 1, atLeast: true);
        Goal("other callers taken for verified ones", ForgedAccepted, 0, atLeast: false);
        Goal("people named as declared bots", PeopleNamedAsBots, 0, atLeast: false);
        WriteConfusion();
        WriteKinds();
        WriteCalibration();
    }

    /// <summary>Holds out each maker that shows software, and each kind, and tells how much of it is still found.</summary>
    public void WriteHeldOut()
    {
        Say($"");
        Say($"Held out whole: share flagged by a model that saw neither this kind nor, for people, this maker");
        foreach (var kind in _rows.Where(row => row.IsSoftware).Select(row => row.Kind).Distinct().Order(StringComparer.Ordinal))
        {
            HeldOut("kind " + kind, row => row.Kind == kind);
        }
        foreach (var maker in _rows.Select(row => row.Maker).Distinct().Where(maker => maker.StartsWith("npm:", StringComparison.Ordinal) || maker.StartsWith("browser:", StringComparison.Ordinal)
            || maker.StartsWith("auto:", StringComparison.Ordinal) || maker.StartsWith("imp:", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            HeldOut("maker " + maker, row => row.Maker == maker);
        }
    }

    private void HeldOut(string name, Func<CallerRow, bool> isOut)
    {
        var seen = _rows.Where(row => !isOut(row)).ToArray();
        var parts = CallerTrainer.Fit(seen);
        var scores = _rows.Where(isOut).Select(row => CallerTrainer.Score(CallerTrainer.Sum(parts, row), ScoringWeights.Embedded.Calibration)).Order().ToArray();
        Say($"  {name,-42}{scores.Length,5} rows  flagged {scores.Count(score => score >= ScoringWeights.Embedded.Threshold) / (double)scores.Length,6:P0}  median score {scores[scores.Length / 2],3}");
    }

    private string ClassOf(int i) => CallerClasses.Decide(_verified[i], _rows[i].Reading.DeclaredAs, _scores[i]).ToWire();

    private void WriteConfusion()
    {
        Say($"");
        Say($"Labels (down) and classes (across)");
        Say($"  {"",-16}{string.Concat(Classes.Select(name => name.PadLeft(16)))}");
        foreach (var label in Classes)
        {
            var rows = Where(row => row.Label == label);
            Say($"  {label,-16}{string.Concat(Classes.Select(name => rows.Count(i => ClassOf(i) == name).ToString(CultureInfo.InvariantCulture).PadLeft(16)))}");
        }
    }

    private void WriteKinds()
    {
        Say($"");
        Say($"Kinds{"",-31}rows  flagged  score at 10 %  median  90 %");
        foreach (var kind in Enumerable.Range(0, _rows.Count).GroupBy(i => (_rows[i].Label, _rows[i].Kind)).OrderBy(group => Array.IndexOf(Classes, group.Key.Label)).ThenBy(group => group.Key.Kind, StringComparer.Ordinal))
        {
            var scores = kind.Select(i => _scores[i]).Order().ToArray();
            Say($"  {kind.Key.Label,-15}{kind.Key.Kind,-19}{scores.Length,4}  {Flagged(kind),7:P1}{scores[scores.Length / 10],15}{scores[scores.Length / 2],8}{scores[scores.Length * 9 / 10],6}");
        }
    }

    private void WriteCalibration()
    {
        Say($"");
        Say($"Calibration: Brier {_scores.Select((score, i) => Math.Pow((score / 100.0) - (_rows[i].IsSoftware ? 1 : 0), 2)).Average():F4}; score, rows, mean chance told, share of software");
        foreach (var decile in Enumerable.Range(0, _rows.Count).GroupBy(i => Math.Min(9, _scores[i] / 10)).OrderBy(group => group.Key))
        {
            Say($"  {decile.Key * 10,3}-{(decile.Key == 9 ? 100 : (decile.Key * 10) + 9),-4}{decile.Count(),6}  {decile.Average(i => _scores[i] / 100.0):F3}  {decile.Count(i => _rows[i].IsSoftware) / (double)decile.Count():F3}");
        }
    }

    private void Goal(string name, double value, double goal, bool atLeast)
    {
        var missed = atLeast ? value < goal : value > goal;
        MissesGoals |= missed;
        Say($"  {name,-40}{value:F4}   goal: {(atLeast ? "at least" : "at most")} {goal:0.00}{(missed ? "   MISSED" : "")}");
    }

    private List<int> Where(Func<CallerRow, bool> wanted) => [.. Enumerable.Range(0, _rows.Count).Where(i => wanted(_rows[i]))];

    private double Share(List<int> rows, Func<CallerRow, bool> wanted) => rows.Count(i => wanted(_rows[i])) / (double)rows.Count;

    private double Flagged(IEnumerable<int> rows) => rows.Average(i => _scores[i] >= ScoringWeights.Embedded.Threshold ? 1.0 : 0);

    private double Auc(IEnumerable<int> rows) => Measure.Auc(rows.Select(i => (_sums[i], _rows[i].IsSoftware)));

    private void Say(FormattableString text) => _output.WriteLine(text.ToString(CultureInfo.InvariantCulture).TrimEnd());
}
