using CustobotGateway.Common;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>The refusals of trust.</summary>
public static class TrustProblems
{
    /// <summary>An appeal is decided once.</summary>
    public static readonly ProblemType AppealDecided = new("appeal_decided", 409, "The appeal was decided before", "A decision is made once. The operator may appeal again.");

    /// <summary>As many appeals as may be open.</summary>
    public static readonly ProblemType TooManyAppeals = new("too_many_appeals", 409, "There are too many open appeals", "Staff answer those that are open first; GET /v1/bot-detection/trust/me lists them.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [AppealDecided, TooManyAppeals];
}
