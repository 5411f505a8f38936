using CustobotGateway.Common.Discovery;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>How the gateway's APIs recognise and refuse access tokens.</summary>
internal static class ResourceServerModule
{
    /// <summary>Registers what recognises tokens.</summary>
    public static IServiceCollection AddResourceServer(this IServiceCollection services) => services
        .AddSingleton(new ApiResource(GatewayScopes.RestPath, "Custobot Gateway REST API", GatewayScopes.Api))
        .AddSingleton(new ApiResource(GatewayScopes.GraphQLPath, "Custobot Gateway GraphQL", GatewayScopes.Api))
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Auth").Get<AuthOptions>() ?? new AuthOptions()).Check())
        .AddSingleton<Revocations>()
        .AddHostedService<RevocationFollower>()
        .AddSingleton<OwnIssuer>()
        .AddSingleton(provider => new TrustedIssuers(provider.GetRequiredService<AuthOptions>(), provider.GetRequiredService<OwnIssuer>(), External(provider)))
        .AddSingleton<ITokenRecognizer, AccessTokenRecognizer>()
        .AddSingleton<RefusalObserver>(provider => NoteIn(provider.GetRequiredService<AuditTrail>()))
        .AddSingleton(new Description("/.well-known/oauth-authorization-server", "service-meta", "application/json", "Authorization server", "RFC 8414: the issuer, where tokens are asked for and how."))
        .AddSingleton(new Description("/.well-known/oauth-protected-resource/v1", "service-meta", "application/json", "Protected resource", "RFC 9728: whose access tokens the REST API takes, and with which scopes."))
        .AddSingleton(new Description("/.well-known/oauth-protected-resource/graphql", "service-meta", "application/json", "Protected resource of GraphQL", "RFC 9728: whose access tokens the GraphQL API takes, and with which scopes."));

    /// <summary>Maps the metadata of the resources.</summary>
    public static void MapResourceServer(this IEndpointRouteBuilder routes) => GetResourceMetadata.Map(routes);

    // Made once: each keeps the keys that it fetched.
    private static List<ExternalIssuer> External(IServiceProvider provider)
    {
        var logger = provider.GetRequiredService<ILogger<ExternalIssuer>>();
        return [.. provider.GetRequiredService<AuthOptions>().Issuers.Select(issuer => new ExternalIssuer(
            issuer,
            new ExternalKeys(issuer, provider.GetRequiredService<GuardedFetch>(), provider.GetRequiredService<TimeProvider>(), logger),
            provider.GetRequiredService<ApiResources>()))];
    }

    private static RefusalObserver NoteIn(AuditTrail trail) => (context, code, description) =>
        trail.Add(context, new AuditEntry("access", null, null, code, new { reason = description, route = context.GetEndpoint()?.DisplayName }));
}
