using System.Text.Json;
using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotTraining;

/// <summary>One labelled conversation.</summary>
internal sealed record ChatRow(string Id, bool IsSoftware, string Source, IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>The language model that played the customer; null for people.</summary>
    public string? Family { get; } = !IsSoftware ? null : Source.Contains("gpt-3.5 customer", StringComparison.Ordinal) ? "gpt-3.5" : "llama";

    public double[]? All { get; } = Measure(Messages);

    /// <summary>The measures after the customer's third message.</summary>
    public double[]? AfterThree { get; } = Measure(UntilThird(Messages));

    public static IReadOnlyList<ChatRow> ReadAll(string file) => [.. File.ReadLines(file).Select(Read)];

    private static ChatRow Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var row = json.RootElement;
        var messages = row.GetProperty("messages").EnumerateArray()
            .Select(message => new ChatMessage(message.GetProperty("role").GetString() == "customer", message.GetProperty("text").GetString()!)).ToArray();
        return new(row.GetProperty("id").GetString()!, row.GetProperty("label").GetString() == "llm", row.GetProperty("source").GetString()!, messages);
    }

    private static double[]? Measure(IReadOnlyList<ChatMessage> messages)
    {
        var (values, known) = (new double[(int)ChatFeature.Count], new bool[(int)ChatFeature.Count]);
        return ChatStyle.Measure(messages, values, known) ? values : null;
    }

    private static List<ChatMessage> UntilThird(IReadOnlyList<ChatMessage> messages)
    {
        var (kept, customer) = (new List<ChatMessage>(), 0);
        foreach (var message in messages.TakeWhile(_ => customer < ChatStyle.FewestMessages))
        {
            kept.Add(message);
            customer += message.IsCustomer && !string.IsNullOrWhiteSpace(message.Text) ? 1 : 0;
        }
        return kept;
    }
}
