using CustobotGateway.Common.Http;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.People;
using CustobotGateway.Identity.ResourceServer;
using CustobotGateway.Identity.TestMode;
using CustobotGateway.Identity.TrustedAgents;

namespace CustobotGateway.Identity;

/// <summary>Who agents are and what people let them do.</summary>
public static class IdentityModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services) => services
        .AddSingleton<IRecognizer, GrantRecognizer>()
        .AddSingleton<TrustedAgentStore>()
        .AddSingleton<IHeldInMemory>(provider => provider.GetRequiredService<TrustedAgentStore>())
        .AddPeople()
        .AddDelegation()
        .AddTestMode()
        .AddLedger()
        .AddAuthorizationServer()
        .AddResourceServer();

    /// <summary>Maps the module's routes.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        routes.MapPeople();
        routes.MapResourceServer();
        routes.MapDelegation();
        routes.MapTestMode();
        routes.MapAuthorizationServer();
    }
}
