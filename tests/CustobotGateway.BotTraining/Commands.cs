using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.BotTraining;

/// <summary>The verbs of <c>gateway bots</c>.</summary>
internal static class Commands
{
    public static int Help()
    {
        System.Console.Error.WriteLine("""
            Usage: gateway bots train|report

            train    Learns the weights anew from ../shared/data/bots and writes them over those in the repository
            report   Tells the figures of the weights in the repository, cross-validated by source
            """);
        return 2;
    }

    public static int Train(string[] _)
    {
        if (Data() is not { } data)
        {
            return Absent();
        }
        var target = Path.Combine(Repository(), "src", "CustobotGateway", "BotDetection", "Scoring");
        File.WriteAllText(Path.Combine(target, "weights.json"), CallerFile(data));
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

    public static int Report(string[] _)
    {
        if (Data() is not { } data)
        {
            return Absent();
        }
        var callers = new CallerReport(CallerRow.ReadAll(Path.Combine(data, "dev.jsonl")), System.Console.Out);
        callers.Write();
        callers.WriteHeldOut();
        return 0;
    }

    private static string? Data() => SharedData.Find(Path.Combine("data", "bots"));

    private static int Absent()
    {
        System.Console.Error.WriteLine("gateway: the labelled rows (../shared/data/bots) are absent.");
        return 1;
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CustobotGateway.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository was not found.");
        }
        return folder.FullName;
    }
}
