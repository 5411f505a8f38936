namespace CustobotGateway.Identity.People;

/// <summary>A session as its person sees it.</summary>
/// <param name="Id"><c>ses_…</c></param>
/// <param name="Address">The address of the network that it was opened from; null where it is not known.</param>
/// <param name="UserAgent">What the browser called itself; null where it is not known.</param>
/// <param name="AuthenticatedAt">When the password was given or the passkey used.</param>
/// <param name="SeenAt">When it was last used, to the minute.</param>
public sealed record OpenSession(string Id, string? Address, string? UserAgent, DateTimeOffset AuthenticatedAt, DateTimeOffset SeenAt)
{
    private const int LongestUserAgent = 300;

    // The first that fits: most browsers claim to be several others, too.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary>The browser in words, such as <c>Firefox on Linux</c>.</summary>
    public string Browser => BrowserOf(UserAgent);

    internal static string BrowserOf(string? userAgent) =>
        Find(Browsers, userAgent) is not { } browser ? "Unknown browser" : Find(Systems, userAgent) is { } system ? $"{browser} on {system}" : browser;

    // A column of text holds no zero.
    internal static string? Storable(string userAgent) =>
        userAgent.Length == 0 ? null : (userAgent.Length > LongestUserAgent ? userAgent[..LongestUserAgent] : userAgent).Replace("\0", "", StringComparison.Ordinal);

    private static string? Find((string Mark, string Name)[] among, string? userAgent) =>
        among.FirstOrDefault(one => userAgent?.Contains(one.Mark, StringComparison.Ordinal) == true).Name;
}
