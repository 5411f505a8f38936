namespace CustobotGateway.BotDetection.Scoring;

/// <summary>One request of a visit.</summary>
/// <param name="Milliseconds">Time since the visit's first request. One that goes back counts as none passed.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its query.</param>
/// <param name="Status">The status that was answered; 0 where it is not known yet.</param>
/// <param name="Referer">The header, or null.</param>
public readonly record struct VisitRequest(long Milliseconds, string Method, string Path, int Status, string? Referer);
