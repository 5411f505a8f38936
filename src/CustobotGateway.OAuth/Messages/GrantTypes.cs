namespace CustobotGateway.OAuth.Messages;

/// <summary>The values of <c>grant_type</c>.</summary>
public static class GrantTypes
{
    /// <summary>RFC 6749 §4.1.3.</summary>
    public const string AuthorizationCode = "authorization_code";

    /// <summary>RFC 6749 §4.4.2.</summary>
    public const string ClientCredentials = "client_credentials";

    /// <summary>RFC 6749 §6.</summary>
    public const string RefreshToken = "refresh_token";

    /// <summary>RFC 8628 §3.4.</summary>
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>RFC 8693 §2.1.</summary>
    public const string TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    /// <summary>All that are answered; neither implicit nor password (RFC 9700 §2.1.2, §2.4).</summary>
    public static IReadOnlyList<string> All { get; } = [AuthorizationCode, RefreshToken, ClientCredentials, DeviceCode, TokenExchange];
}
