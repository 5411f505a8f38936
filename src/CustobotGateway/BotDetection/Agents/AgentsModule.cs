using CustobotGateway.Identity.AuthorizationServer;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Agents that prove who they are, and the gateway's own signatures.</summary>
public static class AgentsModule
{
    /// <summary>Registers what judges signatures.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("BotDetection:Agents").Get<AgentOptions>() ?? new AgentOptions()).Check())
        .AddSingleton<OwnAuthorities>()
        .AddSingleton<KeyDirectories>()
        .AddSingleton<KnownAgents>()
        .AddSingleton(provider =>
        {
            var (options, clock) = (provider.GetRequiredService<AgentOptions>(), provider.GetRequiredService<TimeProvider>());
            return new AgentSignatures(options, provider.GetRequiredService<KnownAgents>(), provider.GetRequiredService<OwnAuthorities>(),
                options.SharedNonces ? new LiveNonces(provider.GetRequiredService<ReplayBatches>()) : new LocalNonces(clock), clock);
        });
}
