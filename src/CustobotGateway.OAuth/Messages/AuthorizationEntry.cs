namespace CustobotGateway.OAuth.Messages;

/// <summary>The first look at an authorization request: whose it is, and whether it was pushed (RFC 9126 §4).</summary>
/// <param name="ClientId">The client that is claimed.</param>
/// <param name="Reference">The secret part of the request URI; null if the parameters stand in the request itself.</param>
public sealed record AuthorizationEntry(string ClientId, string? Reference)
{
    /// <summary>What a request URI begins with (RFC 9126 §2.2).</summary>
    public const string RequestUriPrefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>Reads it. An error here is shown to the person and never redirected, since nobody knows yet where to.</summary>
    public static Checked<AuthorizationEntry> Read(RequestParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters["client_id"] is not { } clientId)
        {
            return new OAuthError(ErrorCodes.InvalidRequest, "The client_id is missing.");
        }
        // Only URIs that this server made are known; nothing is ever fetched.
        return parameters["request_uri"] switch
        {
            null => new AuthorizationEntry(clientId, null),
            var uri when uri.StartsWith(RequestUriPrefix, StringComparison.Ordinal) && uri.Length > RequestUriPrefix.Length && uri.Length <= 256 =>
                new AuthorizationEntry(clientId, uri[RequestUriPrefix.Length..]),
            _ => new OAuthError(ErrorCodes.RequestUriNotSupported, "The request_uri was not made by this server."),
        };
    }
}
