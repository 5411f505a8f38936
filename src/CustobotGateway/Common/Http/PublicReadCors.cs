using Microsoft.AspNetCore.Cors.Infrastructure;

namespace CustobotGateway.Common.Http;

/// <summary>Pages of any origin may read what anyone may read. Writes carry a token that no page should hold.</summary>
internal sealed class PublicReadCors(AccessOptions options) : ICorsPolicyProvider
{
    private static readonly CorsPolicy Policy = new CorsPolicyBuilder().AllowAnyOrigin().AllowAnyHeader()
        .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post)
        .WithExposedHeaders("ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "WWW-Authenticate", "DPoP-Nonce").SetPreflightMaxAge(TimeSpan.FromHours(1)).Build();

    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) =>
        // A preflight has no route of its own: what it may announce is limited by the methods.
        Task.FromResult(context.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>()?.IsOpen(options) == false ? null : Policy);
}
