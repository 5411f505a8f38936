using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.Tests.BotDetection.Scoring;

/// <summary>Browsers that people use, also old and rare ones, show nothing that speaks against them.</summary>
public sealed class PeopleTests
{
    private const string SafariPage = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private const string ChromiumPage = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

    public static TheoryData<string> Names => [.. Requests.Keys];

    private static readonly Dictionary<string, CallerRequest> Requests = new()
    {
        ["Chrome"] = Browsers.ChromePage(),
        ["Chrome over HTTP/1.1"] = Browsers.ChromePageOverHttp1(),
        ["Firefox"] = Browsers.FirefoxPage(),
        ["Chrome's request for data, whose hints are in no fixed order"] = Browsers.Of("2", """
            host: shop.example
            content-length: 19
            sec-ch-ua-platform: "Linux"
            user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
            sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"
            content-type: application/json
            sec-ch-ua-mobile: ?0
            accept: */*
            origin: https://shop.example
            sec-fetch-site: same-origin
            sec-fetch-mode: cors
            sec-fetch-dest: empty
            referer: https://shop.example/
            accept-encoding: gzip, deflate, br, zstd
            accept-language: fr-FR,fr;q=0.9,en;q=0.8
            """, "masp", "POST"),
        ["Chrome's reload, whose hints come late"] = Browsers.Of("2", """
            host: shop.example
            cache-control: max-age=0
            upgrade-insecure-requests: 1
            user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
            accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
            sec-fetch-site: same-origin
            sec-fetch-mode: navigate
            sec-fetch-user: ?1
            sec-fetch-dest: document
            sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"
            sec-ch-ua-mobile: ?0
            sec-ch-ua-platform: "Linux"
            referer: https://shop.example/
            accept-encoding: gzip, deflate, br, zstd
            accept-language: fr-FR,fr;q=0.9,en;q=0.8
            """, "masp"),
        ["Edge"] = Browsers.ChromePage().With("user-agent", Browsers.Chrome + " Edg/147.0.0.0").With("sec-ch-ua", "\"Microsoft Edge\";v=\"147\", \"Not.A/Brand\";v=\"8\", \"Chromium\";v=\"147\""),
        ["Brave, with Global Privacy Control"] = Browsers.ChromePage().With("sec-ch-ua", "\"Brave\";v=\"147\", \"Not.A/Brand\";v=\"8\", \"Chromium\";v=\"147\"")
            .With("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8").With("sec-gpc", "1").With("dnt", "1"),
        ["Opera"] = Browsers.ChromePage().With("user-agent", Browsers.Chrome + " OPR/131.0.0.0").With("sec-ch-ua", "\"Opera\";v=\"131\", \"Not.A/Brand\";v=\"8\", \"Chromium\";v=\"147\""),
        ["a browser with a fourth brand"] = Browsers.ChromePage().With("sec-ch-ua", "\"Chromium\";v=\"147\", \"YaBrowser\";v=\"26.4\", \"Not.A/Brand\";v=\"8\", \"Yowser\";v=\"2.5\""),
        ["Chrome on a phone"] = Browsers.ChromePage().With("user-agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Mobile Safari/537.36")
            .With("sec-ch-ua-mobile", "?1").With("sec-ch-ua-platform", "\"Android\""),
        ["a telephone whose name ends like a robot's"] = Browsers.ChromePage().With("user-agent", "Mozilla/5.0 (Linux; Android 9; CUBOT X19 Build/PPR1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Mobile Safari/537.36")
            .With("sec-ch-ua-mobile", "?1").With("sec-ch-ua-platform", "\"Android\""),
        ["Chrome behind a company's proxy that speaks HTTP/1.1"] = Browsers.ChromePageOverHttp1().With("connection", null).With("accept-encoding", "gzip").With("Via", "1.1 proxy.example").With("X-Forwarded-For", "10.0.0.7"),
        ["an application around Android's WebView"] = Browsers.ChromePage().With("user-agent", "Mozilla/5.0 (Linux; Android 14; Pixel 7 Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/147.0.7727.55 Mobile Safari/537.36")
            .With("sec-ch-ua", "\"Android WebView\";v=\"147\", \"Not.A/Brand\";v=\"8\", \"Chromium\";v=\"147\"").With("sec-ch-ua-mobile", "?1").With("sec-ch-ua-platform", "\"Android\""),
        ["QtWebEngine, which sets the language itself"] = Browsers.Of("2", $"""
            host: shop.example
            upgrade-insecure-requests: 1
            user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) QtWebEngine/5.15.8 Chrome/87.0.4280.144 Safari/537.36
            accept: {ChromiumPage}
            accept-language: es-ES,es;q=0.8,en;q=0.5
            sec-fetch-site: none
            sec-fetch-mode: navigate
            sec-fetch-user: ?1
            sec-fetch-dest: document
            accept-encoding: gzip, deflate, br
            """, "masp"),
        ["Chrome of 2017"] = Browsers.Of("1.1", """
            Host: shop.example
            Connection: keep-alive
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/58.0.3029.110 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8
            Accept-Encoding: gzip, deflate, sdch, br
            Accept-Language: en-US,en;q=0.8
            """),
        ["Safari on a Mac"] = Browsers.Of("2", $"""
            host: shop.example
            sec-fetch-dest: document
            user-agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15
            accept: {SafariPage}
            sec-fetch-site: none
            sec-fetch-mode: navigate
            accept-language: en-GB,en;q=0.9
            accept-encoding: gzip, deflate, br
            """, "mspa"),
        ["Safari without fetch metadata"] = Browsers.Of("2", $"""
            host: shop.example
            accept: {SafariPage}
            user-agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.4 Mobile/15E148 Safari/604.1
            accept-encoding: gzip, deflate, br
            accept-language: de-DE,de;q=0.9
            """, "mspa"),
        ["a browser inside an application on a telephone"] = Browsers.Of("2", $"""
            host: shop.example
            accept: {SafariPage}
            user-agent: Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0.36.103;FBBV/610;FBDV/iPhone14,5]
            accept-encoding: gzip, deflate, br
            accept-language: en-US,en;q=0.9
            """, "mspa"),
        ["WebKitGTK"] = Browsers.Of("2", $"""
            host: shop.example
            user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15
            accept: {SafariPage}
            accept-encoding: gzip, deflate, br
            accept-language: en-US
            """, "msap"),
        ["a check before a request across origins"] = Browsers.Of("2", """
            host: shop.example
            accept: */*
            access-control-request-method: POST
            origin: https://other.example
            user-agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36
            sec-fetch-mode: cors
            sec-fetch-site: cross-site
            sec-fetch-dest: empty
            referer: https://other.example/
            """, "masp", "OPTIONS"),
        ["Chrome over a connection without TLS"] = Browsers.Of("1.1", """
            Host: shop.example
            Connection: keep-alive
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
            Accept-Encoding: gzip, deflate
            Accept-Language: en-US,en;q=0.9
            """) with { IsSecure = false },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_persons_browser_shows_nothing(string name)
    {
        var score = CallerScorer.Score(Requests[name]);

        Assert.Equal(["start"], score.Reasons.Select(reason => reason.Code));
        Assert.Null(score.DeclaredAs);
        Assert.Equal(CallerClass.Human, CallerClasses.Decide(verified: false, score));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_order_and_case_are_unknown_nothing_is_guessed_from_them(string name)
    {
        var pairs = Requests[name].Headers.Pairs.ToArray();
        var shuffled = pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key.ToUpperInvariant(), pair.Value)).ToArray();

        var score = CallerScorer.Score(Requests[name] with { Headers = new ReceivedHeaders(shuffled, orderIsKnown: false) });

        Assert.Equal(["start"], score.Reasons.Select(reason => reason.Code));
    }
}
