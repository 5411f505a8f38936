namespace CustobotGateway.Tests.Common;

/// <summary>A test at full size, minutes long: runs with <c>./test --full</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FullFactAttribute : FactAttribute
{
    public FullFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CUSTOBOT_TEST_FULL") != "1")
        {
            Skip = "only with ./test --full";
        }
    }
}
