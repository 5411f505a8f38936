using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Metadata;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>What the server says of itself, the same bytes at both addresses (RFC 8414, OpenID Connect Discovery), and its public keys (RFC 7517).</summary>
internal sealed class MetadataEndpoints(ServerPolicySource policies, SigningKeyRing keys, AuthorizationServerOptions options)
{
    /// <summary>The path of the key set under the issuer.</summary>
    public const string JwksPath = "/oauth/jwks";

    /// <summary>The path of the page that asks the person, under the issuer.</summary>
    public const string AuthorizePath = "/oauth/authorize";

    private const int MetadataSeconds = 300;

    private (ServerPolicy Policy, byte[] Json)? _metadata;

    /// <summary>Maps them. Where the issuer has a path, its metadata are where the standards put them for that path, and nowhere else.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var issuer = routes.ServiceProvider.GetRequiredService<PublicUrl>().Base;
        // A proxy that takes the issuer's path away leaves the second form as if there were none.
        string[] paths = [.. new[] { WellKnown.AuthorizationServer(issuer), WellKnown.OpenIdConfiguration(issuer), "/.well-known/openid-configuration" }.Distinct(StringComparer.Ordinal)];
        foreach (var path in paths)
        {
            routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], (HttpContext context, MetadataEndpoints endpoints) => endpoints.MetadataAsync(context)).AllowPublic().ExcludeFromDescription();
        }
        routes.MapMethods(JwksPath, [HttpMethods.Get, HttpMethods.Head], (HttpContext context, MetadataEndpoints endpoints) => endpoints.KeysAsync(context)).AllowPublic().ExcludeFromDescription();
    }

    private Task MetadataAsync(HttpContext context)
    {
        var policy = policies.Current;
        if (_metadata is not { } known || !ReferenceEquals(known.Policy, policy))
        {
            known = (policy, Make(policy));
            _metadata = known;
        }
        return WriteAsync(context, known.Json, MetadataSeconds);
    }

    private Task KeysAsync(HttpContext context) =>
        keys.IsReady ? WriteAsync(context, keys.Published.ToJson(), (int)keys.CacheTime.TotalSeconds) : OAuthHttp.UnavailableAsync(context);

    private byte[] Make(ServerPolicy policy) => new ServerMetadata
    {
        Policy = policy,
        Endpoints = new Endpoints(
            policy.Issuer + AuthorizePath, policy.Issuer + TokenEndpoint.Path, policy.Issuer + JwksPath, policy.Issuer + PushedRequestEndpoint.Path,
            policy.Issuer + IntrospectionEndpoint.Path, policy.Issuer + RevocationEndpoint.Path, policy.Issuer + DeviceAuthorizationEndpoint.Path,
            options.OpenRegistration ? policy.Issuer + RegistrationEndpoint.Path : null, policy.Issuer + UserInfoEndpoint.Path),
        SigningAlgorithms = [keys.Algorithm],
        AcceptsClientIdDocuments = options.ClientIdDocuments,
        ServiceDocumentation = policy.Issuer + "/llms.txt",
    }.ToJson();

    private static async Task WriteAsync(HttpContext context, byte[] json, int seconds)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        context.Response.Headers.CacheControl = $"public, max-age={seconds}";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
        }
    }
}
