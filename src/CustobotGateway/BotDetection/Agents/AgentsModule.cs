using CustobotGateway.Common.Discovery;
using CustobotGateway.Identity;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.MessageSignatures.WebBotAuth;
using FluentValidation;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>Agents that prove who they are, and the gateway's own signatures.</summary>
public static class AgentsModule
{
    /// <summary>Registers what judges and makes signatures.</summary>
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
        })
        .AddSingleton<MessageKeyRing>()
        .AddSingleton<IHeldInMemory>(provider => provider.GetRequiredService<MessageKeyRing>())
        .AddSingleton<MessageSigner>()
        .AddSingleton<IValidator<AddAgent.Request>, AddAgent.Validator>()
        .AddSingleton(new Description(KeyDirectory.Path, "service-meta", KeyDirectory.MediaType, "Message signature keys",
            "The keys that the gateway signs its answers and webhooks with (RFC 9421). Ask for a signed answer with Accept-Signature."))
        .AddSingleton(new Description("/v1/bot-detection/signature", "service-meta", "application/json", "How your signature was read",
            SignatureWords.Remedy.Text));

    /// <summary>Signs answers for those who ask; outside of everything that changes an answer.</summary>
    public static void UseSignedAnswers(this IApplicationBuilder app) => app.UseMiddleware<ResponseSigning>();

    /// <summary>Maps the module's routes.</summary>
    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        GetKeyDirectory.Map(routes);
        var bots = routes.MapGroup("/v1/bot-detection").WithTags("Bot detection");
        ReadSignature.Map(bots);
        RotateMessageKeys.Map(bots);
        var agents = bots.MapGroup("/agents");
        ListAgents.Map(agents);
        AddAgent.Map(agents);
        RemoveAgent.Map(agents);
    }
}
