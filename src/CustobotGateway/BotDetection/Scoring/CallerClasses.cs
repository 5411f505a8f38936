using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>How a class is decided.</summary>
public static class CallerClasses
{
    /// <summary>Proof before claim before score.</summary>
    /// <param name="verified">Whether a known agent's signature, or a token bound to its key, was verified.</param>
    /// <param name="score">The claim, if any, and the score.</param>
    public static CallerClass Decide(bool verified, CallerScore score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return Decide(verified, score.DeclaredAs, score.Score);
    }

    /// <summary>Proof before claim before score.</summary>
    /// <param name="verified">Whether a known agent's signature, or a token bound to its key, was verified.</param>
    /// <param name="declaredAs">The crawler or service that the user agent names, or null.</param>
    /// <param name="score">The score, 0 to 100.</param>
    public static CallerClass Decide(bool verified, string? declaredAs, int score) =>
        verified ? CallerClass.VerifiedAgent
        : declaredAs is not null ? CallerClass.DeclaredBot
        : score >= CallerScorer.Threshold ? CallerClass.Automation
        : CallerClass.Human;
}
