using System.Text;

namespace CustobotGateway.OAuth.Messages;

/// <summary>The address that the browser is sent to, with status 303 (RFC 6749 §4.1.2, RFC 9700 §4.12).</summary>
public static class AuthorizationResponse
{
    /// <summary>The person agreed.</summary>
    public static string Granted(string redirectUri, string code, string? state, string issuer) =>
        WithParameters(redirectUri, [("code", code), ("state", state), ("iss", issuer)]);

    /// <summary>The request is refused, or the person did not agree. The issuer is named here too (RFC 9207 §2).</summary>
    public static string Refused(string redirectUri, OAuthError error, string? state, string issuer)
    {
        ArgumentNullException.ThrowIfNull(error);
        return WithParameters(redirectUri, [("error", error.Code), ("error_description", error.Description), ("state", state), ("iss", issuer)]);
    }

    // A query that is registered stays as it is (RFC 6749 §3.1.2); a registered parameter of our names would come twice, so registration refuses it.
    private static string WithParameters(string uri, ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(uri);
        var separator = !uri.Contains('?', StringComparison.Ordinal) ? '?' : '&';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }
        return text.ToString();
    }
}
