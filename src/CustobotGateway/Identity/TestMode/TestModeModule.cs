using CustobotGateway.Common.TestMode;
using FluentValidation;

namespace CustobotGateway.Identity.TestMode;

/// <summary>Clients that only try out, their clocks, and what they may do without a person.</summary>
internal static class TestModeModule
{
    public static IServiceCollection AddTestMode(this IServiceCollection services) => services
        .AddSingleton<TestClocks>()
        .AddSingleton<ITestClients>(provider => provider.GetRequiredService<TestClocks>())
        .AddSingleton<IValidator<AdvanceTestClock.Request>, AdvanceTestClock.Validator>()
        .AddSingleton<IValidator<IssueTestGrant.Request>, IssueTestGrant.Validator>();

    public static void MapTestMode(this IEndpointRouteBuilder routes)
    {
        var test = routes.MapGroup("/v1/test").WithTags("Test mode");
        AdvanceTestClock.Map(test);
        IssueTestGrant.Map(test);
        DecideTestApproval.Map(test);
    }
}
