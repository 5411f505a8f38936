namespace CustobotGateway.Identity.ResourceServer;

/// <summary>How the gateway's APIs recognise and refuse access tokens.</summary>
internal static class ResourceServerModule
{
    /// <summary>Registers what recognises tokens.</summary>
    public static IServiceCollection AddResourceServer(this IServiceCollection services) => services
        .AddSingleton<Revocations>()
        .AddHostedService<RevocationFollower>();
}
