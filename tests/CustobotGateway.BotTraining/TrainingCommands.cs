using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.BotTraining;

/// <summary>The verbs of <c>gateway bots</c>.</summary>
internal static class TrainingCommands
{
    public const string CallerWeights = "src/CustobotGateway/BotDetection/Scoring/weights.json";
    public const string ChatWeights = "src/CustobotGateway/BotDetection/Scoring/chat-weights.json";

    public static int Help()
    {
        System.Console.Error.WriteLine("""
            Usage: gateway bots train|report

            train    Learns the weights anew from ../shared/data/bots and writes them over those in the repository
            report   Tells the figures of the weights in the repository, cross-validated by source; exit code 1 when a goal is missed
            """);
        return 2;
    }

    public static int Train(string[] _)
    {
        if (Data() is not { } data)
        {
            return Absent();
        }
        File.WriteAllText(Repository.PathOf(CallerWeights), CallerFile(data));
        File.WriteAllText(Repository.PathOf(ChatWeights), ChatFile(data));
        return 0;
    }

    /// <summary>The text of the callers' weights file.</summary>
    public static string CallerFile(string data)
    {
        var file = Path.Combine(data, "dev.jsonl");
        var rows = CallerRow.ReadAll(file);
        using var stream = File.OpenRead(file);
        return JsonSerializer.Serialize(CallerTrainer.Train(rows, CallerTrainer.CrossValidate(rows), SHA256.HashData(stream)), ScoringWeights.Json) + "\n";
    }

    /// <summary>The text of the conversations' weights file.</summary>
    public static string ChatFile(string data)
    {
        var file = Path.Combine(data, "chat-dev.jsonl");
        var rows = ChatRow.ReadAll(file);
        using var stream = File.OpenRead(file);
        return JsonSerializer.Serialize(ChatTrainer.Train(rows, ChatTrainer.CrossValidate(rows), SHA256.HashData(stream)), ScoringWeights.Json) + "\n";
    }

    public static int Report(string[] _)
    {
        if (Data() is not { } data)
        {
            return Absent();
        }
        var callers = CallerReportOf(data, System.Console.Out);
        var conversations = new ChatReport(ChatRow.ReadAll(Path.Combine(data, "chat-dev.jsonl")), System.Console.Out);
        callers.Write();
        conversations.Write();
        callers.WriteHeldOut();
        return callers.MissesGoals || conversations.MissesGoals ? 1 : 0;
    }

    public static CallerReport CallerReportOf(string data, TextWriter output) =>
        new(CallerRow.ReadAll(Path.Combine(data, "dev.jsonl")), new RowSignatures(Path.Combine(data, "..", "web-bot-auth", "requests.json")), output);

    /// <summary>The SHA-256 of a file in the repository.</summary>
    public static string HashOf(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Repository.PathOf(file))));

    public static string? Data() => SharedData.Find(Path.Combine("data", "bots"));

    private static int Absent()
    {
        System.Console.Error.WriteLine("gateway: the labelled rows (../shared/data/bots) are absent.");
        return 1;
    }
}
