using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.Tests.BotDetection.Scoring;

/// <summary>What browsers and programs send, put together from what they are documented and seen to send.</summary>
internal static class Browsers
{
    public const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36";

    /// <summary>Chrome on Windows asks for a page over HTTP/2.</summary>
    public static CallerRequest ChromePage() => Of("2", """
        host: shop.example
        sec-ch-ua: "Google Chrome";v="147", "Not.A/Brand";v="8", "Chromium";v="147"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Windows"
        upgrade-insecure-requests: 1
        user-agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36
        accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
        sec-fetch-site: same-origin
        sec-fetch-mode: navigate
        sec-fetch-user: ?1
        sec-fetch-dest: document
        referer: https://shop.example/category/lamps
        accept-encoding: gzip, deflate, br, zstd
        accept-language: en-GB,en;q=0.9
        cookie: sid=1
        """, "masp");

    /// <summary>The same over HTTP/1.1.</summary>
    public static CallerRequest ChromePageOverHttp1() => Of("1.1", """
        Host: shop.example
        Connection: keep-alive
        sec-ch-ua: "Google Chrome";v="147", "Not.A/Brand";v="8", "Chromium";v="147"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Windows"
        Upgrade-Insecure-Requests: 1
        User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
        Sec-Fetch-Site: none
        Sec-Fetch-Mode: navigate
        Sec-Fetch-User: ?1
        Sec-Fetch-Dest: document
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7
        """);

    /// <summary>Firefox asks for a page over HTTP/2.</summary>
    public static CallerRequest FirefoxPage() => Of("2", """
        host: shop.example
        user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
        accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
        accept-language: en-US,en;q=0.5
        accept-encoding: gzip, deflate, br, zstd
        upgrade-insecure-requests: 1
        sec-fetch-dest: document
        sec-fetch-mode: navigate
        sec-fetch-site: none
        sec-fetch-user: ?1
        te: trailers
        """, "mpas");

    /// <summary>A request of these lines, <c>name: value</c>.</summary>
    public static CallerRequest Of(string version, string lines, string? pseudo = null, string method = "GET") =>
        new(method, "/product/3", version, Headers([.. lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Line)]), pseudo);

    /// <summary>The request with a header's value changed, or with the header taken out.</summary>
    public static CallerRequest With(this CallerRequest request, string name, string? value)
    {
        var pairs = request.Headers.Pairs.ToArray().ToList();
        var at = pairs.FindIndex(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        Assert.True(at >= 0 || value is not null, name);
        if (value is null)
        {
            pairs.RemoveAt(at);
        }
        else if (at >= 0)
        {
            pairs[at] = new(pairs[at].Key, value);
        }
        else
        {
            pairs.Add(new(name, value));
        }
        return request with { Headers = Headers([.. pairs]) };
    }

    /// <summary>The request with a header moved to another place.</summary>
    public static CallerRequest Moved(this CallerRequest request, string name, int to)
    {
        var pairs = request.Headers.Pairs.ToArray().ToList();
        var pair = pairs.Single(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        pairs.Remove(pair);
        pairs.Insert(to, pair);
        return request with { Headers = Headers([.. pairs]) };
    }

    public static ReceivedHeaders Headers(params KeyValuePair<string, string>[] pairs) => new(pairs, orderIsKnown: true);

    private static KeyValuePair<string, string> Line(string line) =>
        line.IndexOf(':', StringComparison.Ordinal) is var at ? new(line[..at], line[(at + 1)..].Trim()) : default;
}
