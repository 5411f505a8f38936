namespace CustobotGateway.BotDetection.Scoring;

/// <summary>What a request of a visit is for.</summary>
internal enum VisitStep
{
    Page,
    Asset,
    Data,
    Beacon,
    Form,
    CrawlerFile,
}

/// <summary>Tells from method and path what a request is for.</summary>
internal static class VisitSteps
{
    private static readonly string[] Assets =
        [".css", ".js", ".mjs", ".map", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".woff", ".woff2", ".ttf", ".otf", ".mp4", ".webm", ".mp3", ".webmanifest"];

    private static readonly string[] Data = ["/api/", "/v1/", "/graphql", "/mcp", "/_next/data/", "/wp-json/", "/ajax/"];
    private static readonly string[] Beacons = ["event", "collect", "beacon", "analytics", "metric", "telemetry", "track", "/log", "ping", "/rum"];

    /// <summary>What the request is for.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path without its query.</param>
    public static VisitStep Of(string method, ReadOnlySpan<char> path)
    {
        var isData = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || StartsWithAny(path, Data);
        if (!HeaderReading.IsRead(method))
        {
            return ContainsAny(path, Beacons) ? VisitStep.Beacon : isData || method != "POST" ? VisitStep.Data : VisitStep.Form;
        }
        if (path.EndsWith("/robots.txt", StringComparison.OrdinalIgnoreCase)
            || (path.Contains("/sitemap", StringComparison.OrdinalIgnoreCase) && (path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))))
        {
            return VisitStep.CrawlerFile;
        }
        return isData ? VisitStep.Data : EndsWithAny(path, Assets) ? VisitStep.Asset : VisitStep.Page;
    }

    private static bool StartsWithAny(ReadOnlySpan<char> path, string[] starts)
    {
        foreach (var start in starts)
        {
            if (path.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool EndsWithAny(ReadOnlySpan<char> path, string[] ends)
    {
        var dot = path.LastIndexOf('.');
        if (dot < 0 || path.Length - dot > 12)
        {
            return false;
        }
        foreach (var end in ends)
        {
            if (path[dot..].Equals(end, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool ContainsAny(ReadOnlySpan<char> path, string[] words)
    {
        foreach (var word in words)
        {
            if (path.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}
