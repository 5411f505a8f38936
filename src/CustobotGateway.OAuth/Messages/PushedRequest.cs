using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Messages;

/// <summary>An authorization request that the client pushed (RFC 9126 §2), as it is stored. It is checked when it comes and again when it is used.</summary>
/// <param name="Hash">The hash of its reference.</param>
/// <param name="ClientId">The client that pushed it, authenticated; no other may use it.</param>
/// <param name="Parameters">What <see cref="RequestParameters.ToJson"/> wrote.</param>
/// <param name="ExpiresAt">From then on it is unknown.</param>
public sealed record PushedRequest(SecretHash Hash, string ClientId, byte[] Parameters, DateTimeOffset ExpiresAt)
{
    /// <summary>How long it lives: below ten minutes, as RFC 9126 §2.2 suggests.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // Authentication is of the push alone.
    private static readonly string[] Credentials = ["client_secret", "client_assertion", "client_assertion_type"];

    /// <summary>What is kept of a pushed form, bound to the key that the push proved (RFC 9449 §10.1).</summary>
    /// <param name="form">The form.</param>
    /// <param name="clientId">The client, authenticated.</param>
    /// <param name="thumbprint">The key that the push proved; null if it proved none.</param>
    public static Checked<RequestParameters> Keep(RequestParameters form, string clientId, string? thumbprint)
    {
        ArgumentNullException.ThrowIfNull(form);
        if (form["request_uri"] is not null)
        {
            return new OAuthError(ErrorCodes.InvalidRequest, "A pushed request has no request_uri.");
        }
        if (thumbprint is not null && form["dpop_jkt"] is { } named && named != thumbprint)
        {
            return new OAuthError(ErrorCodes.InvalidDpopProof, "The dpop_jkt is not the key of the proof.");
        }
        var kept = form.Pairs.Where(pair => !Credentials.Contains(pair.Key) && pair.Key is not ("client_id" or "dpop_jkt")).Append(new("client_id", clientId));
        var key = thumbprint ?? form["dpop_jkt"];
        return RequestParameters.Read(key is null ? kept : kept.Append(new("dpop_jkt", key)));
    }

    /// <summary>The body of the answer, sent with 201 (RFC 9126 §2.2).</summary>
    public static byte[] Answer(string reference) => JsonText.Write(json =>
    {
        json.WriteString("request_uri", AuthorizationEntry.RequestUriPrefix + reference);
        json.WriteNumber("expires_in", (long)Lifetime.TotalSeconds);
    });
}
