using System.Collections.Concurrent;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>How far each operator is trusted, in memory, as of a moment ago.</summary>
internal sealed class TrustScores
{
    /// <summary>Of whom nothing is known.</summary>
    public const int Neutral = 50;

    private readonly ConcurrentDictionary<string, int> _scores = new(StringComparer.Ordinal);

    /// <summary>The trust, 0 to 100.</summary>
    public int Of(string name) => _scores.TryGetValue(name, out var score) ? score : Neutral;

    public void Set(string name, int score) => _scores[name] = score;
}
