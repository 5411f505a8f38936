using System.Globalization;
using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotTraining;

/// <summary>The figures of conversations: trained on one family of language models and told of the other, both ways.</summary>
internal sealed class ChatReport
{
    private readonly IReadOnlyList<ChatRow> _rows;
    private readonly (double All, double AfterThree)[] _sums;
    private readonly TextWriter _output;

    public ChatReport(IReadOnlyList<ChatRow> rows, TextWriter output)
    {
        (_rows, _output) = (rows, output);
        _sums = ChatTrainer.CrossValidate(rows);
    }

    /// <summary>The AUC on a family that the model did not see, against people whom it did not see.</summary>
    public double Auc(string family, bool afterThree)
    {
        var fold = Families().ToList().IndexOf(family);
        var rows = _rows.Select((row, i) => (row, i)).Where(pair => pair.row.Family == family || (!pair.row.IsSoftware && ChatTrainer.Fold(pair.row.Id, Families().Length) == fold));
        return Measure.Auc(rows.Select(pair => (afterThree ? _sums[pair.i].AfterThree : _sums[pair.i].All, pair.row.IsSoftware)));
    }

    /// <summary>Whether a figure that was written missed its goal.</summary>
    public bool MissesGoals { get; private set; }

    public string[] Families() => [.. _rows.Select(row => row.Family).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    public void Write()
    {
        Say($"");
        Say($"Conversations: {_rows.Count} rows; people (one source) in two halves by row, language models by family: each is told by a model that saw the other family and the other half.");
        Say($"Weights {TrainingCommands.HashOf(TrainingCommands.ChatWeights)}, learnt from {ChatScorer.TrainedOn} (SHA-256).");
        foreach (var family in Families())
        {
            Goal($"AUC, {family}, all messages", Auc(family, afterThree: false), 0.93);
            Goal($"AUC, {family}, after three", Auc(family, afterThree: true), 0.85);
        }
    }

    private void Goal(string name, double value, double goal)
    {
        MissesGoals |= value < goal;
        Say($"  {name,-40}{value:F4}   goal: at least {goal:0.00}{(value >= goal ? "" : "   MISSED")}");
    }

    private void Say(FormattableString text) => _output.WriteLine(text.ToString(CultureInfo.InvariantCulture).TrimEnd());
}
