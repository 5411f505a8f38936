using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotDetection.Recognition;

/// <summary>What signatures tell the score.</summary>
internal static class SignatureVerdicts
{
    /// <summary>The verdict as evidence.</summary>
    public static SignatureEvidence ToEvidence(this SignatureVerdict verdict) =>
        verdict.IsVerified ? SignatureEvidence.Good : verdict.IsRefused ? SignatureEvidence.Bad(verdict.Reason) : SignatureEvidence.None;
}
