using CustobotGateway.BotTraining;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.BotDetection.Scoring;

/// <summary>The weights in the repository are what the trainer makes of the labelled rows, and keep what they promise on makers that they did not see.</summary>
public sealed class TrainingTests
{
    [SharedDataFact]
    public void The_weights_of_callers_are_made_again_to_the_same_bytes()
    {
        Assert.Equal(File.ReadAllText(Repository.PathOf(TrainingCommands.CallerWeights)), TrainingCommands.CallerFile(TrainingCommands.Data()!));
    }

    [SharedDataFact]
    public void The_weights_of_conversations_are_made_again_to_the_same_bytes()
    {
        Assert.Equal(File.ReadAllText(Repository.PathOf(TrainingCommands.ChatWeights)), TrainingCommands.ChatFile(TrainingCommands.Data()!));
    }

    [SharedDataFact]
    public void Callers_of_makers_that_were_not_seen_are_told_apart()
    {
        var report = TrainingCommands.CallerReportOf(TrainingCommands.Data()!, TextWriter.Null);

        Assert.InRange(report.AllBots, 0.96, 1);
        Assert.InRange(report.Automation, 0.96, 1);
        Assert.InRange(report.Stealth, 0.98, 1);
        Assert.InRange(report.Visits, 0.98, 1);
        Assert.InRange(report.RequestsFlagged, 0, 0.01);
        Assert.InRange(report.VisitsFlagged, 0, 0.02);
        Assert.InRange(report.StealthRecall, 0.85, 1);
        Assert.InRange(report.DeclaredNamed, 0.98, 1);
        Assert.Equal(1, report.VerifiedRecognised);
        Assert.Equal(0, report.ForgedAccepted);
        Assert.Equal(0, report.PeopleNamedAsBots);
    }

    [SharedDataFact]
    public void Conversations_of_a_family_that_was_not_seen_are_told_apart()
    {
        var report = new ChatReport(ChatRow.ReadAll(Path.Combine(TrainingCommands.Data()!, "chat-dev.jsonl")), TextWriter.Null);

        Assert.Equal(["gpt-3.5", "llama"], report.Families());
        Assert.All(report.Families(), family => Assert.InRange(report.Auc(family, afterThree: false), 0.93, 1));
        Assert.All(report.Families(), family => Assert.InRange(report.Auc(family, afterThree: true), 0.85, 1));
    }

    [Fact]
    public void Rows_of_one_maker_never_stand_on_both_sides()
    {
        var rows = Enumerable.Range(0, 300).Select(i => ($"row{i}", i % 3 == 0 ? "human" : "software", "maker" + (i % 3 == 0 ? i % 4 : i % 17))).ToArray();

        var folds = Folds.Assign(rows);

        Assert.All(rows.Select((row, i) => (row.Item2, row.Item3, Fold: folds[i])).GroupBy(row => (row.Item2, row.Item3)), maker => Assert.Single(maker.Select(row => row.Fold).Distinct()));
        Assert.Equal(Folds.Count, folds.Distinct().Count());
    }

    [Fact]
    public void The_area_under_the_curve_counts_ties_as_a_half()
    {
        // Pairs of software and person: 3 above 1, 3 above 2, 2 beside 2, 2 above 1: (1 + 1 + 0.5 + 1) / 4.
        Assert.Equal(0.875, Measure.Auc([(3, true), (2, true), (2, false), (1, false)]));
    }
}
