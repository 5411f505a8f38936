namespace CustobotGateway.OAuth.Messages;

/// <summary>A protected resource that tokens are made for (RFC 8707, RFC 9728).</summary>
/// <param name="Identifier">Its address, as it stands in <c>aud</c>.</param>
/// <param name="Scopes">The scopes that mean something there.</param>
public sealed record ProtectedResource(string Identifier, ScopeSet Scopes);

/// <summary>Which resources a request means (RFC 8707 §2).</summary>
public static class ResourceIndicators
{
    /// <summary>More resources than one request names.</summary>
    public const int Most = 8;

    /// <summary>
    /// Finds the resources by what a request wrote, each in its registered spelling. Where nothing is asked, <paramref name="whenNoneAsked"/> is meant.
    /// </summary>
    public static Checked<IReadOnlyList<string>> Resolve(IReadOnlyList<string> asked, IReadOnlyList<string> allowed, IReadOnlyList<string> whenNoneAsked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        if (asked.Count == 0)
        {
            ArgumentNullException.ThrowIfNull(whenNoneAsked);
            return whenNoneAsked.Count > 0 ? Checked.Pass(whenNoneAsked) : new OAuthError(ErrorCodes.InvalidTarget, "The client may ask for no resource.");
        }
        if (asked.Count > Most)
        {
            return new OAuthError(ErrorCodes.InvalidTarget, $"At most {Most} resources can be named.");
        }
        var found = new List<string>(asked.Count);
        foreach (var uri in asked)
        {
            if (!IsWellFormed(uri) || allowed.FirstOrDefault(identifier => IsSame(identifier, uri)) is not { } identifier)
            {
                return new OAuthError(ErrorCodes.InvalidTarget, "A resource is unknown, malformed, or not for this client or grant.");
            }
            if (!found.Contains(identifier))
            {
                found.Add(identifier);
            }
        }
        return Checked.Pass<IReadOnlyList<string>>(found);
    }

    /// <summary>Absolute, without a fragment (RFC 8707 §2).</summary>
    public static bool IsWellFormed(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return !uri.Contains('#', StringComparison.Ordinal) && Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length == 0 && !parsed.IsFile;
    }

    /// <summary>Equal character by character; only where there is no path is a slash at the end the same as none, since many clients add it.</summary>
    public static bool IsSame(string registered, string asked) => string.Equals(registered, asked, StringComparison.Ordinal)
        || (IsOrigin(registered) && string.Equals(registered.TrimEnd('/'), asked.EndsWith('/') ? asked[..^1] : asked, StringComparison.Ordinal));

    private static bool IsOrigin(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.PathAndQuery == "/";
}
