using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.Tests.BotDetection.Scoring;

/// <summary>A person's request with one thing changed: what was changed is the one reason.</summary>
public sealed class ContradictionTests
{
    private static readonly CallerRequest Page = Browsers.ChromePage();
    private static readonly CallerRequest Http1 = Browsers.ChromePageOverHttp1();

    private static readonly Dictionary<string, CallerRequest> Changed = new()
    {
        ["agent_missing"] = Page.With("user-agent", null),
        ["agent_library"] = Page.With("user-agent", "python-requests/2.32.3"),
        ["agent_tool"] = Page.With("user-agent", Browsers.Chrome.Replace("Chrome/", "HeadlessChrome/", StringComparison.Ordinal)),
        ["agent_declared"] = Page.With("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
        ["agent_no_browser"] = Page.With("user-agent", "InventorySync/3.1"),
        ["agent_tells_build"] = Page.With("user-agent", Browsers.Chrome.Replace("147.0.0.0", "147.0.7727.55", StringComparison.Ordinal)),
        ["hints_missing"] = Page.With("sec-ch-ua", null).With("sec-ch-ua-mobile", null).With("sec-ch-ua-platform", null),
        ["hints_missing_http1"] = Http1.With("sec-ch-ua", null).With("sec-ch-ua-mobile", null).With("sec-ch-ua-platform", null),
        ["hints_partial"] = Page.With("sec-ch-ua-platform", null),
        ["hints_foreign"] = Browsers.FirefoxPage().With("sec-ch-ua-mobile", "?0"),
        ["hint_brands"] = Page.With("sec-ch-ua", "\" Not A;Brand\";v=\"99\", \"Chromium\";v=\"147\", \"Google Chrome\";v=\"147\""),
        ["hint_version"] = Page.With("sec-ch-ua", "\"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\""),
        ["hint_platform"] = Page.With("sec-ch-ua-platform", "\"Linux\""),
        ["hint_mobile"] = Page.With("sec-ch-ua-mobile", "?1"),
        ["hint_product"] = Page.With("user-agent", Browsers.Chrome + " Edg/147.0.0.0"),
        ["fetch_missing_chromium"] = Page.With("sec-fetch-site", null).With("sec-fetch-mode", null).With("sec-fetch-user", null).With("sec-fetch-dest", null),
        ["fetch_missing_firefox"] = Browsers.FirefoxPage().With("sec-fetch-site", null).With("sec-fetch-mode", null).With("sec-fetch-user", null).With("sec-fetch-dest", null),
        ["fetch_incomplete"] = Page.With("sec-fetch-dest", null),
        ["fetch_none_with_referer"] = Page.With("sec-fetch-site", "none"),
        ["fetch_own_without_referer"] = Page.With("referer", null),
        ["fetch_cross_without_referer"] = Page.With("referer", null).With("sec-fetch-site", "cross-site"),
        ["fetch_referer_elsewhere"] = Page.With("referer", "https://shop.example.evil/"),
        ["order_host"] = Http1.Moved("host", 5),
        ["order_language"] = Page.Moved("accept-language", 6),
        ["order_fetch"] = Page.Moved("sec-fetch-site", 10),
        ["order_navigation"] = Page.Moved("user-agent", 1),
        ["order_firefox"] = Browsers.FirefoxPage().Moved("accept", 1),
        ["accept_other_browser"] = Page.With("accept", "application/json, text/plain, */*"),
        ["language_missing"] = Page.With("accept-language", null),
        ["language_any"] = Page.With("accept-language", "*"),
        ["language_not_expanded"] = Page.With("accept-language", "en-US"),
        ["language_quality"] = Page.With("accept-language", "en-US,en;q=0.5"),
        ["encoding_missing"] = Page.With("accept-encoding", null),
        ["encoding_form"] = Page.With("accept-encoding", "br, gzip, deflate, zstd"),
        ["encoding_no_brotli"] = Page.With("accept-encoding", "gzip, deflate"),
        ["encoding_no_zstd"] = Page.With("accept-encoding", "gzip, deflate, br"),
        ["connection_missing"] = Http1.With("connection", null),
        ["connection_close"] = Http1.With("connection", "close"),
        ["length_of_nothing"] = Page.With("content-length", "0"),
        ["upgrade_missing"] = Page.With("upgrade-insecure-requests", null),
        ["trailers_missing"] = Browsers.FirefoxPage().With("te", null),
        ["pseudo_order"] = Page with { Http2PseudoOrder = "mpsa" },
        ["origin_missing"] = Page with { Method = "POST" },
    };

    public static TheoryData<string> Codes => [.. Changed.Keys];

    [Theory]
    [MemberData(nameof(Codes))]
    public void What_was_changed_is_the_reason(string code)
    {
        var parts = CallerScorer.Score(Changed[code]).Parts.ToArray();

        Assert.Equal(["start", code], parts.Select(part => part.Code));
        Assert.True(parts[1].Weight > 0, code);
    }

    [Theory]
    [InlineData("sec-fetch-mode", "cors")]
    [InlineData("sec-fetch-dest", "empty")]
    [InlineData("sec-fetch-site", "sideways")]
    public void Fetch_metadata_that_contradicts_itself_is_impossible(string name, string value)
    {
        var codes = CallerScorer.Score(Page.With(name, value)).Parts.Select(part => part.Code);

        Assert.Contains("fetch_impossible", codes);
    }

    [Theory]
    [InlineData("Host", "host", "names_lower_case")]
    [InlineData("sec-ch-ua", "Sec-Ch-Ua", "names_hint_case")]
    public void Names_are_written_as_the_browser_writes_them(string from, string to, string code)
    {
        var pairs = Http1.Headers.Pairs.ToArray().Select(pair => pair.Key == from ? KeyValuePair.Create(to, pair.Value) : pair).ToArray();

        var parts = CallerScorer.Score(Http1 with { Headers = Browsers.Headers(pairs) }).Parts;

        Assert.Equal(["start", code], parts.Select(part => part.Code));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36")]
    [InlineData("Mozilla/5.0")]
    public void A_user_agent_that_stops_in_the_middle_is_told(string agent)
    {
        Assert.Contains("agent_cut_short", CallerScorer.Score(Page.With("user-agent", agent)).Parts.Select(part => part.Code));
    }

    [Fact]
    public void Signatures_speak_for_software_whatever_became_of_them()
    {
        var person = CallerScorer.Score(Page).Score;

        Assert.True(CallerScorer.Score(Page, null, SignatureEvidence.Good).Score > 90 && person < 20);
        Assert.True(CallerScorer.Score(Page, null, SignatureEvidence.Unjudged).Score > 90);
        var bad = CallerScorer.Score(Page, null, SignatureEvidence.Bad("expired"));
        Assert.Contains("signature_bad", bad.Reasons.Select(reason => reason.Code));
        Assert.Equal(CallerClass.Automation, CallerClasses.Decide(verified: false, bad));
    }

    [Fact]
    public void Proof_comes_before_claim_and_claim_before_score()
    {
        Assert.Equal(CallerClass.VerifiedAgent, CallerClasses.Decide(verified: true, "Googlebot", 100));
        Assert.Equal(CallerClass.DeclaredBot, CallerClasses.Decide(verified: false, "Googlebot", 100));
        Assert.Equal(CallerClass.Automation, CallerClasses.Decide(verified: false, null, CallerScorer.Threshold));
        Assert.Equal(CallerClass.Human, CallerClasses.Decide(verified: false, null, CallerScorer.Threshold - 1));
    }

    [Fact]
    public void What_some_people_show_for_a_good_reason_calls_nobody_automation_by_itself()
    {
        string[] alone = ["agent_tells_build", "hints_missing_http1", "hints_partial", "hint_product", "fetch_none_with_referer", "fetch_own_without_referer", "fetch_cross_without_referer",
            "language_not_expanded", "language_quality", "encoding_no_brotli", "encoding_no_zstd", "connection_missing", "connection_close", "upgrade_missing", "trailers_missing"];

        Assert.All(alone, code => Assert.Equal(CallerClass.Human, CallerClasses.Decide(verified: false, CallerScorer.Score(Changed[code]))));
    }
}
