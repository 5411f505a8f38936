using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Metadata;

namespace CustobotGateway.Common.Http;

/// <summary>A part of the API that access tokens are made for (RFC 8707, RFC 9728): a token for one part opens no other.</summary>
/// <param name="Path">Where it begins; its identifier is the public URL and this path.</param>
/// <param name="Name">What people are shown.</param>
/// <param name="Scopes">The scopes that mean something there.</param>
public sealed record ApiResource(string Path, string Name, ScopeSet Scopes);

/// <summary>The resources that modules have registered.</summary>
public sealed class ApiResources(IEnumerable<ApiResource> all, PublicUrl url)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<ApiResource> All { get; } = [.. all];

    /// <summary>The resource's identifier, which is <c>aud</c> in its tokens.</summary>
    public string IdentifierOf(ApiResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return url.Base + resource.Path;
    }

    /// <summary>Where the resource's metadata are (RFC 9728 §3.1): the well-known part comes between host and path.</summary>
    public string MetadataAddressOf(ApiResource resource) =>
        new Uri(url.Base).GetLeftPart(UriPartial.Authority) + WellKnown.ProtectedResource(IdentifierOf(resource));

    /// <summary>
    /// The resource that the endpoint belongs to; null for what belongs to none. By the route, not by the request's path: routes match in any case of
    /// letters, and a token must not be asked for another resource because of it.
    /// </summary>
    public ApiResource? Of(Endpoint? endpoint)
    {
        if (endpoint is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            foreach (var resource in All)
            {
                if (route.StartsWith(resource.Path, StringComparison.Ordinal) && (route.Length == resource.Path.Length || route[resource.Path.Length] == '/'))
                {
                    return resource;
                }
            }
        }
        return null;
    }
}
