using CustobotGateway.Common.Http;

namespace CustobotGateway.Common.Discovery;

/// <summary>What leads a stranger who knows only the host name to every description and endpoint.</summary>
public static class DiscoveryModule
{
    /// <summary>The Link header (RFC 8288) of reads and refusals. Its targets are relative, so that it is one constant.</summary>
    public const string Links =
        "</.well-known/api-catalog>; rel=\"api-catalog\", </openapi/gateway.json>; rel=\"service-desc\"; type=\"application/vnd.oai.openapi+json\", "
        + "</graphql>; rel=\"service\"; type=\"application/graphql-response+json\", </schemas/gateway.graphql>; rel=\"service-desc\"; type=\"text/plain\", "
        + "</docs>; rel=\"service-doc\"; type=\"text/html\", </llms.txt>; rel=\"describedby\"; type=\"text/plain\", "
        + "</.well-known/oauth-protected-resource/v1>; rel=\"service-meta\"; type=\"application/json\", </.well-known/oauth-authorization-server>; rel=\"service-meta\"; type=\"application/json\", </health/ready>; rel=\"status\"";

    /// <summary>Registers the descriptions that exist in every gateway, and the kinds of problem that are published.</summary>
    public static IServiceCollection AddDiscovery(this IServiceCollection services, IReadOnlyList<ProblemType> problems) => services
        .AddSingleton(new ProblemPages.Published(problems))
        .AddSingleton(new Description("/openapi/gateway.json", "service-desc", "application/vnd.oai.openapi+json", "OpenAPI 3.1", "Every operation of the REST API with its types, problems and an example."))
        .AddSingleton(new Description("/docs", "service-doc", "text/html", "API documentation", "The OpenAPI description as pages, to read and to try."))
        .AddSingleton(new Description("/llms.txt", "service-doc", "text/plain", "For agents", "What can be done here and where, in one page of text."))
        .AddSingleton(new Description("/problems", "service-meta", "application/json", "Problems", "Every refusal that can be answered, with its cause and what to do."))
        .AddSingleton(new Description("/health/ready", "status", "application/json", "Readiness", "Whether everything can be served, and how far the index is behind."));

    /// <summary>Maps the entry, the API catalogue, llms.txt, robots.txt and the pages of the problems.</summary>
    public static void MapDiscovery(this IEndpointRouteBuilder routes)
    {
        var discovery = routes.MapGroup("").WithTags("Discovery").AllowPublic();
        Entry.Map(discovery);
        ApiCatalog.Map(discovery);
        LlmsText.Map(discovery);
        ProblemPages.Map(discovery);
    }
}
