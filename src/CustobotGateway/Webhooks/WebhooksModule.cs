using CustobotGateway.Common;
using CustobotGateway.Webhooks.Sending;
using FluentValidation;

namespace CustobotGateway.Webhooks;

/// <summary>Tells partners, agents and the merchant's systems what happened, in order, signed, for about three days until it arrives.</summary>
public static class WebhooksModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Webhooks").Get<WebhookOptions>() ?? new WebhookOptions()).Check())
        .AddSingleton<WebhookSecrets>()
        .AddSingleton(provider => new WebhookSender(provider.GetRequiredService<WebhookOptions>(), provider.GetRequiredService<TimeProvider>(), null))
        .AddSingleton<DeliverySignal>()
        .AddSingleton<EventFollower>()
        .AddHostedService(provider => provider.GetRequiredService<EventFollower>())
        .AddSingleton<DeliveryWorker>()
        .AddHostedService(provider => provider.GetRequiredService<DeliveryWorker>())
        .AddSingleton<IValidator<CreateEndpoint.Request>, CreateEndpoint.Validator>()
        .AddSingleton<IValidator<ChangeEndpoint.Request>, ChangeEndpoint.Validator>()
        .AddSingleton<IValidator<RotateSecret.Request>, RotateSecret.Validator>()
        .AddSingleton<IValidator<RedeliverMessages.Request>, RedeliverMessages.Validator>();

    /// <summary>Maps the module's routes.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup("/v1/webhook_endpoints").WithTags("Webhooks");
        CreateEndpoint.Map(endpoints);
        ListEndpoints.Map(endpoints);
        ChangeEndpoint.Map(endpoints);
        RotateSecret.Map(endpoints);
        TestEndpoint.Map(endpoints);
        ListDeliveries.Map(endpoints);
        RedeliverMessages.Map(endpoints);
    }

    /// <summary>Who is written down as having done something.</summary>
    internal static string ActorOf(AgentPrincipal agent) => agent.Subject ?? agent.ClientId ?? "administrator";
}
