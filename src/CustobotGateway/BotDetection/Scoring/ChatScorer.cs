using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>The chance that a language model writes for the customer, from style alone. Nobody is to be accused on it: it is for staff, with its reasons.</summary>
public static class ChatScorer
{
    private const double LeastReason = 0.1;
    private static readonly ChatWeights Weights = ScoringWeights.Read<ChatWeights>("BotDetection/chat-weights.json");

    /// <summary>The hash of the rows and measures that the weights were learnt from.</summary>
    public static string TrainedOn => Weights.TrainedOn;

    /// <summary>Scores a conversation.</summary>
    /// <param name="messages">Its messages, oldest first. At most 200 of the customer's are looked at, and the first 4,000 characters of each.</param>
    /// <param name="channel">How it was held.</param>
    public static ChatScore Score(IReadOnlyList<ChatMessage> messages, ChatChannel channel = ChatChannel.Chat)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Span<double> values = stackalloc double[(int)ChatFeature.Count];
        Span<bool> known = stackalloc bool[(int)ChatFeature.Count];
        if (!ChatStyle.Measure(messages, values, known))
        {
            return ChatScore.NotEnoughText;
        }
        var start = (Weights.Bias * Weights.Calibration.Scale) + Weights.Calibration.Shift;
        var sum = start;
        var reasons = new List<CallerReason> { new("start", "Where every conversation starts, before it is looked at.", Math.Round(start, 3)) };
        for (var i = 0; i < values.Length; i++)
        {
            var feature = ChatFeatureTexts.All[i];
            // Against the average of the labelled rows: what was not measured adds nothing.
            if (!known[i] || (channel == ChatChannel.Phone && feature.IsTypography) || !Weights.Weights.TryGetValue(feature.Code, out var weight))
            {
                continue;
            }
            var part = weight.Weight * (values[i] - weight.Average) * Weights.Calibration.Scale;
            sum += part;
            if (Math.Abs(part) >= LeastReason)
            {
                reasons.Add(new(feature.Code, part > 0 ? feature.Software : feature.Person, Math.Round(part, 3)));
            }
        }
        return new((int)Math.Round(100 / (1 + Math.Exp(-sum)), MidpointRounding.AwayFromZero), [.. reasons.OrderByDescending(reason => Math.Abs(reason.Weight))], sum);
    }
}

/// <summary>The weights file of conversations.</summary>
internal sealed record ChatWeights
{
    public required int Version { get; init; }

    /// <summary>SHA-256 of the rows that the weights were learnt from and of the list of measures.</summary>
    public required string TrainedOn { get; init; }

    /// <summary>The share of language models among those rows.</summary>
    public required double Prior { get; init; }

    /// <summary>Platt's calibration: log-odds = scale × sum + shift.</summary>
    public required Calibration Calibration { get; init; }

    public required double Bias { get; init; }

    public required IReadOnlyDictionary<string, ChatWeight> Weights { get; init; }
}

/// <summary>A measure's weight, against its average among the rows.</summary>
internal sealed record ChatWeight(double Weight, double Average);
