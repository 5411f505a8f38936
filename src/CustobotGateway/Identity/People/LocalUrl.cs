namespace CustobotGateway.Identity.People;

/// <summary>Where a person is sent on to after signing in: a path of this gateway and nothing else (CWE-601).</summary>
internal static class LocalUrl
{
    private const int Longest = 16_384;

    private static readonly Uri Anywhere = new("http://gateway.invalid/");

    /// <summary>The address if it is such a path, else null. Browsers read a backslash as a slash, and skip control characters.</summary>
    public static string? Check(string? url) =>
        url is ['/', ..] and { Length: <= Longest } && (url.Length == 1 || url[1] is not '/')
        && url.All(letter => letter is > ' ' and < '\u007f' and not '\\')
        && Uri.TryCreate(Anywhere, url, out var whole) && whole.Authority == Anywhere.Authority && whole.Scheme == Anywhere.Scheme
            ? url
            : null;
}
