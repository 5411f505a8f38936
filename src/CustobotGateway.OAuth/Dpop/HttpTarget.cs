namespace CustobotGateway.OAuth.Dpop;

/// <summary>The address of a request as <c>htu</c> means it: without query and fragment (RFC 9449 §4.2).</summary>
internal static class HttpTarget
{
    private const int Longest = 2_048;

    /// <summary>
    /// Scheme and host in small letters, without the scheme's own port, the path without dot segments (RFC 3986 §6.2.2, §6.2.3); null if it is no http address.
    /// </summary>
    public static string? Normalize(string? uri)
    {
        if (uri is null or { Length: > Longest } || !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("https" or "http") || parsed.UserInfo.Length > 0)
        {
            return null;
        }
        return parsed.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }
}
