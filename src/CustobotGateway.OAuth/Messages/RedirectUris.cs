using System.Globalization;

namespace CustobotGateway.OAuth.Messages;

/// <summary>Which addresses a code may be sent to (OAuth 2.1 §2.3, RFC 9700 §4.1.3, RFC 8252 §7).</summary>
public static class RedirectUris
{
    private const int Longest = 2_048;

    private static readonly string[] LoopbackAddresses = ["http://127.0.0.1", "http://[::1]"];

    // The answer adds them, and a parameter may not come twice.
    private static readonly string[] AnswerParameters = ["code", "state", "iss", "error", "error_description", "error_uri"];

    // Schemes that a browser runs, shows or hands to itself; a private scheme of an app looks like none of them.
    private static readonly string[] DangerousSchemes =
        ["javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source", "ws", "wss", "ftp", "mailto", "tel", "urn", "intent"];

    /// <summary>
    /// True if the address equals the registered one, character by character. The one exception is that of RFC 8252 §7.3: at
    /// <c>http://127.0.0.1</c> and <c>http://[::1]</c> any port will do, with the same path and query.
    /// </summary>
    public static bool Matches(string registered, string requested) =>
        string.Equals(registered, requested, StringComparison.Ordinal)
        || (AfterLoopbackPort(registered) is { } known && AfterLoopbackPort(requested) is { } asked && known == asked);

    /// <summary>Why an address may not be registered; null if it may.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="applicationType"><c>web</c> allows https alone, <c>native</c> or null also loopback and private schemes (OpenID Connect Registration §2).</param>
    public static string? FaultOf(string uri, string? applicationType)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (uri.Length > Longest || !uri.All(letter => letter is > ' ' and < '\u007f' and not ('\\' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}')))
        {
            return "A redirect URI is a URI of ASCII characters, of at most 2048 of them.";
        }
        if (uri.Contains('#', StringComparison.Ordinal) || uri.Contains('*', StringComparison.Ordinal))
        {
            return "A redirect URI has neither fragment nor wildcard.";
        }
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.UserInfo.Length > 0 || HasDotSegment(uri))
        {
            return "A redirect URI is absolute, without user information and without dot segments.";
        }
        if (parsed.Query.Split('?', '&').Any(pair => AnswerParameters.Contains(pair.Split('=')[0])))
        {
            return "A redirect URI's query has none of the parameters that the answer adds.";
        }
        return parsed.Scheme switch
        {
            "https" when parsed.Host.Length > 0 && uri.StartsWith("https://", StringComparison.Ordinal) => null,
            "http" when applicationType != "web" && IsLoopback(uri) => null,
            "http" or "https" => "A redirect URI is https; http is for the loopback interface of native applications.",
            _ when applicationType == "web" => "A web application's redirect URI is https.",
            // RFC 8252 §7.1: a private scheme is a domain name in reverse, so it has a dot.
            var scheme when scheme.Contains('.', StringComparison.Ordinal) && !DangerousSchemes.Contains(scheme) => null,
            _ => "A private redirect URI's scheme is a domain name in reverse order.",
        };
    }

    /// <summary>True if the address leads to the machine of the person, where any program could listen (RFC 8252 §8.6): consent is never skipped.</summary>
    public static bool IsLoopback(string uri) => AfterPort(uri, "http://127.0.0.1") is not null || AfterPort(uri, "http://[::1]") is not null
        || AfterPort(uri, "http://localhost") is not null;

    // The address's family goes with the rest: a client that registered 127.0.0.1 is not answered at [::1].
    private static (string Address, string Path)? AfterLoopbackPort(string uri)
    {
        foreach (var address in LoopbackAddresses)
        {
            if (AfterPort(uri, address) is { } rest)
            {
                return (address, rest);
            }
        }
        return null;
    }

    private static string? AfterPort(string uri, string origin)
    {
        if (!uri.StartsWith(origin, StringComparison.Ordinal))
        {
            return null;
        }
        var rest = uri.AsSpan(origin.Length);
        if (rest is [':', ..])
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? rest.Length - 1 : digits;
            if (digits is 0 or > 5 || !ushort.TryParse(rest.Slice(1, digits), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return null;
            }
            rest = rest[(digits + 1)..];
        }
        return rest is ([] or ['/', ..] or ['?', ..]) && !rest.Contains('#') ? rest.ToString() : null;
    }

    private static bool HasDotSegment(string uri)
    {
        var path = uri.Split('?')[0].Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
        return path.Split('/').Any(segment => segment is "." or "..");
    }
}
