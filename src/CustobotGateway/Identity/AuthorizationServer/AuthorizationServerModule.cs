using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;
using CustobotGateway.Identity.Clients;
using CustobotGateway.Identity.Keys;
using FluentValidation;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>The endpoints that give out tokens, with the clients and keys behind them.</summary>
internal static class AuthorizationServerModule
{
    public static IServiceCollection AddAuthorizationServer(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Identity:AuthorizationServer").Get<AuthorizationServerOptions>() ?? new()).Check())
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Identity:Keys").Get<KeyOptions>() ?? new()).Check())
        .AddSingleton<ServerPolicySource>()
        .AddSingleton<SigningKeyRing>()
        .AddSingleton<IHeldInMemory>(provider => provider.GetRequiredService<ServerPolicySource>())
        .AddSingleton<IHeldInMemory>(provider => provider.GetRequiredService<SigningKeyRing>())
        .AddSingleton<SharedSecrets>()
        .AddSingleton<IHeldInMemory>(provider => provider.GetRequiredService<SharedSecrets>())
        .AddSingleton<SharedVersions>()
        .AddHostedService(provider => provider.GetRequiredService<SharedVersions>())
        .AddSingleton<ClientDocuments>()
        .AddSingleton(provider => new ClientStore(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<ServerPolicySource>(), provider.GetRequiredService<ClientDocuments>(),
            provider.GetRequiredService<SharedVersions>(), provider.GetRequiredService<AuthorizationServerOptions>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<AuditTrail>()
        .AddHostedService(provider => provider.GetRequiredService<AuditTrail>())
        .AddSingleton<ForgetExpired>()
        .AddHostedService(provider => provider.GetRequiredService<ForgetExpired>())
        .AddSingleton<IValidator<CreateClient.Request>, CreateClient.Validator>()
        .AddSingleton<IValidator<ChangeClient.Request>, ChangeClient.Validator>()
        .AddSingleton<ReplayBatches>()
        .AddSingleton<Callers>()
        .AddSingleton<TokenIssuer>()
        .AddSingleton<TokenGrants>()
        .AddSingleton<OwnTokens>()
        .AddSingleton<TokenEndpoint>()
        .AddSingleton<IntrospectionEndpoint>()
        .AddSingleton<RevocationEndpoint>()
        .AddSingleton<PushedRequestEndpoint>()
        .AddSingleton<DeviceAuthorizationEndpoint>()
        .AddSingleton<RegistrationEndpoint>()
        .AddSingleton<UserInfoEndpoint>()
        .AddSingleton<MetadataEndpoints>();

    public static void MapAuthorizationServer(this IEndpointRouteBuilder routes)
    {
        var clients = routes.MapGroup("/v1/clients").WithTags("Clients");
        CreateClient.Map(clients);
        ListClients.Map(clients);
        ChangeClient.Map(clients);
        DeleteClient.Map(clients);
        MetadataEndpoints.Map(routes);
        routes.MapForm<TokenEndpoint>(TokenEndpoint.Path, static (endpoint, context) => endpoint.RunAsync(context));
        routes.MapForm<IntrospectionEndpoint>(IntrospectionEndpoint.Path, static (endpoint, context) => endpoint.RunAsync(context));
        routes.MapForm<RevocationEndpoint>(RevocationEndpoint.Path, static (endpoint, context) => endpoint.RunAsync(context));
        routes.MapForm<PushedRequestEndpoint>(PushedRequestEndpoint.Path, static (endpoint, context) => endpoint.RunAsync(context));
        routes.MapForm<DeviceAuthorizationEndpoint>(DeviceAuthorizationEndpoint.Path, static (endpoint, context) => endpoint.RunAsync(context), RateGroup.Device);
        if (routes.ServiceProvider.GetRequiredService<AuthorizationServerOptions>().OpenRegistration)
        {
            routes.MapForm<RegistrationEndpoint>(RegistrationEndpoint.Path, static (endpoint, context) => endpoint.RunAsync(context), RateGroup.Registration);
        }
        routes.MapMethods(UserInfoEndpoint.Path, [HttpMethods.Get, HttpMethods.Post],
            (HttpContext context) => OAuthHttp.RunAsync<UserInfoEndpoint>(context, static (endpoint, request) => endpoint.RunAsync(request)))
            .AllowPublic().LimitBody(OAuthHttp.MostBytes).ExcludeFromDescription();
    }
}
