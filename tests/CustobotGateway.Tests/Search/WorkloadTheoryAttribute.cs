namespace CustobotGateway.Tests.Search;

/// <summary>A test of the search workload; skipped, with the reason, where its generator cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkloadTheoryAttribute : TheoryAttribute
{
    public WorkloadTheoryAttribute() => Skip = WorkloadFiles.Absence;
}
