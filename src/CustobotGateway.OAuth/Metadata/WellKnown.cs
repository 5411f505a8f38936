namespace CustobotGateway.OAuth.Metadata;

/// <summary>Where metadata are found: the well-known part comes between host and path (RFC 8414 §3.1, RFC 9728 §3.1).</summary>
public static class WellKnown
{
    /// <summary>The path of an authorization server's metadata (RFC 8414 §3).</summary>
    public static string AuthorizationServer(string issuer) => Insert("/.well-known/oauth-authorization-server", issuer);

    /// <summary>The path of the same by OpenID Connect Discovery §4, which puts the well-known part at the end.</summary>
    public static string OpenIdConfiguration(string issuer) => PathOf(issuer) + "/.well-known/openid-configuration";

    /// <summary>The path of a resource's metadata (RFC 9728 §3.1).</summary>
    public static string ProtectedResource(string resource) => Insert("/.well-known/oauth-protected-resource", resource);

    private static string Insert(string wellKnown, string uri) => wellKnown + PathOf(uri) + new Uri(uri).Query;

    private static string PathOf(string uri) => new Uri(uri).AbsolutePath.TrimEnd('/');
}
