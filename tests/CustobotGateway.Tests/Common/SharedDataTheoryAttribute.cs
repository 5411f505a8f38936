namespace CustobotGateway.Tests.Common;

/// <summary>A theory that reads <see cref="SharedData"/>; skipped where that is absent, which <c>./test</c> counts as failed where it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute()
    {
        if (SharedData.Find("") is null)
        {
            Skip = "the shared folder is absent";
        }
    }
}
