namespace CustobotGateway.Tests.Common;

/// <summary>A test that reads <see cref="SharedData"/>; skipped where that is absent, which <c>./test</c> counts as failed where it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (SharedData.Find("") is null)
        {
            Skip = "the shared folder is absent";
        }
    }
}
