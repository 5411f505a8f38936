namespace CustobotGateway.BotDetection.Scoring;

/// <summary>One contribution to a score.</summary>
/// <param name="Code">A stable name.</param>
/// <param name="Text">What was seen, in plain words.</param>
/// <param name="Weight">What it adds to the log-odds that software drives the caller; below zero it speaks for a person.</param>
public sealed record ScoreReason(string Code, string Text, double Weight);
