using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Clients;
using CustobotGateway.Identity.Keys;
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
        var services = routes.ServiceProvider;
        MetadataEndpoints.Map(routes);
        routes.MapForm(TokenEndpoint.Path, services.GetRequiredService<TokenEndpoint>().RunAsync);
        routes.MapForm(IntrospectionEndpoint.Path, services.GetRequiredService<IntrospectionEndpoint>().RunAsync);
        routes.MapForm(RevocationEndpoint.Path, services.GetRequiredService<RevocationEndpoint>().RunAsync);
        routes.MapForm(PushedRequestEndpoint.Path, services.GetRequiredService<PushedRequestEndpoint>().RunAsync);
        routes.MapForm(DeviceAuthorizationEndpoint.Path, services.GetRequiredService<DeviceAuthorizationEndpoint>().RunAsync);
        if (services.GetRequiredService<AuthorizationServerOptions>().OpenRegistration)
        {
            routes.MapForm(RegistrationEndpoint.Path, services.GetRequiredService<RegistrationEndpoint>().RunAsync);
        }
        var userInfo = services.GetRequiredService<UserInfoEndpoint>();
        routes.MapMethods(UserInfoEndpoint.Path, [HttpMethods.Get, HttpMethods.Post], (HttpContext context) => OAuthHttp.RunAsync(context, userInfo.RunAsync))
            .AllowPublic().LimitBody(OAuthHttp.MostBytes).ExcludeFromDescription();
    }
}
