namespace CustobotGateway.BotDetection.Scoring;

/// <summary>The engine that a user agent claims.</summary>
internal enum BrowserEngine
{
    /// <summary>None that browsers have.</summary>
    None,
    Chromium,
    Firefox,

    /// <summary>WebKit: Safari, every browser on iOS, WebKitGTK.</summary>
    WebKit,

    /// <summary>Engines of before 2015, which are judged by nothing newer.</summary>
    Old,
}

/// <summary>The operating system that a user agent claims.</summary>
internal enum ClaimedPlatform
{
    Unknown,
    Windows,
    MacOs,
    Linux,
    Android,
    ChromeOs,
    Ios,
}

/// <summary>What a user agent claims to be, read without a regular expression.</summary>
internal readonly ref struct BrowserClaim
{
    public BrowserEngine Engine { get; private init; }

    /// <summary>The engine's major version; 0 where it says none.</summary>
    public int Version { get; private init; }

    public ClaimedPlatform Platform { get; private init; }

    public bool Mobile { get; private init; }

    /// <summary>A browser inside an application, or one made of Chromium's parts (Electron, QtWebEngine, WebView): it may leave out what Chrome sends.</summary>
    public bool Embedded { get; private init; }

    /// <summary>The application behind Chromium's parts sets some headers itself.</summary>
    public bool OwnOrder { get; private init; }

    /// <summary>Chromium's version with all its numbers, which browsers stopped to tell.</summary>
    public bool TellsBuild { get; private init; }

    /// <summary>Browsers end in a certain way; this begins like one and stops in the middle, or writes a version as no browser does.</summary>
    public bool CutShort { get; private init; }

    public bool IsEdge { get; private init; }

    public static BrowserClaim Read(ReadOnlySpan<char> agent)
    {
        if (!agent.StartsWith("Mozilla/", StringComparison.Ordinal) && !agent.StartsWith("Opera/", StringComparison.Ordinal))
        {
            return default;
        }
        var platform = PlatformOf(agent);
        var mobile = agent.Contains("Mobile", StringComparison.Ordinal);
        var chromium = After(agent, "Chrome/");
        if (chromium < 0)
        {
            chromium = After(agent, "Chromium/");
        }
        if (chromium >= 0)
        {
            return Chromium(agent, agent[chromium..], platform, mobile);
        }
        if (After(agent, "Gecko/") > 0 && After(agent, "Firefox/") is var firefox and > 0)
        {
            return new() { Engine = BrowserEngine.Firefox, Version = Number(agent[firefox..], out _), Platform = platform, Mobile = mobile };
        }
        if (After(agent, "AppleWebKit/") is var webKit and > 0)
        {
            var build = Number(agent[webKit..], out _);
            // Safari and WebKitGTK are 600 and up; 537.36 is Chromium's own, whose name is missing here.
            return new()
            {
                Engine = BrowserEngine.WebKit,
                Platform = platform,
                Mobile = mobile,
                Version = After(agent, "Version/") is var version and > 0 ? Number(agent[version..], out _) : 0,
                Embedded = !agent.Contains("Safari/", StringComparison.Ordinal),
                CutShort = !agent.Contains("(KHTML, like Gecko", StringComparison.Ordinal) || (build < 600 && !agent.Contains("Safari/", StringComparison.Ordinal)),
            };
        }
        var old = agent.Contains("Trident/", StringComparison.Ordinal) || agent.Contains("MSIE ", StringComparison.Ordinal)
            || agent.Contains("Presto/", StringComparison.Ordinal) || agent.Contains("Gecko/", StringComparison.Ordinal);
        return old ? new() { Engine = BrowserEngine.Old, Platform = platform, Mobile = mobile } : new() { CutShort = true, Platform = platform };
    }

    private static BrowserClaim Chromium(ReadOnlySpan<char> agent, ReadOnlySpan<char> version, ClaimedPlatform platform, bool mobile)
    {
        var major = Number(version, out var digits);
        var rest = version[digits..];
        var qt = agent.Contains("QtWebEngine/", StringComparison.Ordinal);
        var embedded = qt || agent.Contains("; wv)", StringComparison.Ordinal) || agent.Contains("Electron/", StringComparison.Ordinal);
        var numbers = Numbers(rest);
        return new()
        {
            Engine = BrowserEngine.Chromium,
            Version = major,
            Platform = platform,
            Mobile = mobile,
            Embedded = embedded,
            OwnOrder = embedded,
            TellsBuild = numbers == 3 && !rest.StartsWith(".0.0.0", StringComparison.Ordinal),
            CutShort = numbers != 3 || !agent.Contains("Safari/", StringComparison.Ordinal) || !agent.Contains("(KHTML, like Gecko", StringComparison.Ordinal),
            IsEdge = agent.Contains(" Edg/", StringComparison.Ordinal) || agent.Contains(" EdgA/", StringComparison.Ordinal),
        };
    }

    private static ClaimedPlatform PlatformOf(ReadOnlySpan<char> agent) =>
        agent.Contains("Windows", StringComparison.Ordinal) ? ClaimedPlatform.Windows
        : agent.Contains("Android", StringComparison.Ordinal) ? ClaimedPlatform.Android
        : agent.Contains("iPhone", StringComparison.Ordinal) || agent.Contains("iPad", StringComparison.Ordinal) || agent.Contains("iPod", StringComparison.Ordinal) ? ClaimedPlatform.Ios
        : agent.Contains("Macintosh", StringComparison.Ordinal) ? ClaimedPlatform.MacOs
        : agent.Contains("CrOS", StringComparison.Ordinal) ? ClaimedPlatform.ChromeOs
        : agent.Contains("Linux", StringComparison.Ordinal) || agent.Contains("X11", StringComparison.Ordinal) ? ClaimedPlatform.Linux
        : ClaimedPlatform.Unknown;

    private static int After(ReadOnlySpan<char> agent, string token) => agent.IndexOf(token, StringComparison.Ordinal) is var at and >= 0 ? at + token.Length : -1;

    /// <summary>A number of at most five digits.</summary>
    internal static int Number(ReadOnlySpan<char> text, out int digits)
    {
        var number = 0;
        for (digits = 0; digits < text.Length && digits < 5 && char.IsAsciiDigit(text[digits]); digits++)
        {
            number = (number * 10) + (text[digits] - '0');
        }
        return number;
    }

    /// <summary>How many numbers follow, each after a dot.</summary>
    private static int Numbers(ReadOnlySpan<char> rest)
    {
        var count = 0;
        while (count < 4 && rest.Length > 1 && rest[0] == '.' && char.IsAsciiDigit(rest[1]))
        {
            rest = rest[1..];
            _ = Number(rest, out var digits);
            rest = rest[digits..];
            count++;
        }
        return count;
    }
}
