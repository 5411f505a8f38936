namespace CustobotGateway.OAuth.Clients;

/// <summary>How a client proves who it is (RFC 7591 §2, <c>token_endpoint_auth_method</c>).</summary>
public static class AuthMethods
{
    /// <summary>It does not: a public client (RFC 6749 §2.1).</summary>
    public const string None = "none";

    /// <summary>A secret in the Authorization header (RFC 6749 §2.3.1).</summary>
    public const string SecretBasic = "client_secret_basic";

    /// <summary>A secret in the form (RFC 6749 §2.3.1).</summary>
    public const string SecretPost = "client_secret_post";

    /// <summary>An assertion that it signed (RFC 7523 §2.2, OpenID Connect Core §9).</summary>
    public const string PrivateKeyJwt = "private_key_jwt";

    /// <summary>All of them, the strongest first.</summary>
    public static IReadOnlyList<string> All { get; } = [PrivateKeyJwt, SecretBasic, SecretPost, None];

    /// <summary>True for the two that send a secret.</summary>
    public static bool UsesSecret(string method) => method is SecretBasic or SecretPost;
}
