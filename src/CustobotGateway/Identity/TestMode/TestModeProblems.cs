using CustobotGateway.Common;

namespace CustobotGateway.Identity.TestMode;

/// <summary>The refusals of test mode.</summary>
public static class TestModeProblems
{
    /// <summary>Only test clients may do it.</summary>
    public static readonly ProblemType TestModeOnly = new("test_mode_only", 403, "Only test credentials may do this",
        "Putting the clock forward, deciding approvals by API and granting without a person is for clients that were registered with test_mode. Live data is never touched by it.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [TestModeOnly];

    /// <summary>The refusal of a caller with live credentials; null for one that tries out.</summary>
    internal static Problem? RefusalOf(AgentPrincipal agent) => agent.IsTest ? null
        : TestModeOnly.With("These are live credentials.", remedy: new Remedy("Register a client with test_mode and use its tokens.", "/v1/clients"));
}
