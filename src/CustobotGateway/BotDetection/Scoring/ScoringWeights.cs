using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>The weights file: what the trainer writes and the scorer reads.</summary>
internal sealed record ScoringWeights
{
    /// <summary>Counts the changes of features and of their meaning.</summary>
    public required int Version { get; init; }

    /// <summary>SHA-256 of the rows that the weights were learnt from and of the list of features.</summary>
    public required string TrainedOn { get; init; }

    /// <summary>The share of software among those rows: a score is a chance among callers mixed like them.</summary>
    public required double Prior { get; init; }

    /// <summary>The least score that makes an undeclared caller <c>automation</c>.</summary>
    public required int Threshold { get; init; }

    /// <summary>Platt's calibration: log-odds = scale × sum + shift.</summary>
    public required Calibration Calibration { get; init; }

    public required ModelPart Headers { get; init; }

    public required ModelPart Visit { get; init; }

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        NewLine = "\n",
    };

    public static ScoringWeights Embedded { get; } = Read<ScoringWeights>("BotDetection/weights.json");

    public static T Read<T>(string resource)
    {
        using var stream = typeof(ScoringWeights).Assembly.GetManifestResourceStream(resource)!;
        return JsonSerializer.Deserialize<T>(stream, Json)!;
    }
}

/// <summary>Platt's calibration of a sum of weights.</summary>
internal sealed record Calibration(double Scale, double Shift);

/// <summary>One additive part: a bias and a weight for each feature by its code.</summary>
internal sealed record ModelPart(double Bias, IReadOnlyDictionary<string, double> Weights)
{
    /// <summary>The weights in the order of the features; a feature without a weight has none.</summary>
    public double[] InOrder(IReadOnlyList<FeatureText> features, double scale) =>
        [.. features.Select(feature => Weights.TryGetValue(feature.Code, out var weight) ? weight * scale : 0)];
}
