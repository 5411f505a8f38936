using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>What a resource takes and who gives it out (RFC 9728).</summary>
internal static class GetResourceMetadata
{
    private const string WellKnownPath = "/.well-known/oauth-protected-resource";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var settings = routes.ServiceProvider.GetRequiredService<GatewaySettings>();
        // RFC 9728 §3.1: the well-known part comes before the path of the public URL.
        var under = settings.PublicUrl is { } url ? new Uri(url).AbsolutePath.TrimEnd('/') : "";
        routes.MapGet(WellKnownPath + under + "/{resource}", Handle).WithName("getResourceMetadata").WithTags("Discovery").AllowPublic()
            .Produces<JsonObject>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("What a protected resource takes")
            .WithDescription("RFC 9728: the issuers whose access tokens the resource takes, its scopes, and what DPoP proofs may be signed with. There is one for each resource: v1 and graphql.");
    }

    private static Results<Utf8ContentHttpResult, ProblemHttpResult> Handle(
        string resource, HttpContext context, ApiResources resources, TrustedIssuers issuers, ServerPolicySource policies, AccessOptions options)
    {
        if (resources.All.FirstOrDefault(one => one.Path[1..] == resource) is not { } found)
        {
            return CommonProblems.NotFound.With($"There is no resource '{resource}' here.").ToHttp();
        }
        var policy = policies.Current;
        var identifier = resources.IdentifierOf(found);
        var metadata = new ResourceMetadata
        {
            Resource = new ProtectedResource(identifier, found.Scopes),
            AuthorizationServers = issuers.Identifiers,
            AuthorizationDetailsTypes = [.. policy.DetailTypes.Select(type => type.Name)],
            Name = found.Name,
            Documentation = policy.Issuer + "/docs",
            RequiresDpop = options.RequireDpop,
        };
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Text(metadata.ToJson(), "application/json");
    }
}
