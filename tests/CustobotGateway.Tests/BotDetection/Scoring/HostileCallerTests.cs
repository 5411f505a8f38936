using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common.Callers;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;

namespace CustobotGateway.Tests.BotDetection.Scoring;

/// <summary>Whatever is sent, a score comes out, and its reasons account for it.</summary>
public sealed class HostileCallerTests
{
    private static readonly string[] Names =
        ["host", "Host", "user-agent", "USER-AGENT", "accept", "accept-language", "accept-encoding", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-fetch-site", "sec-fetch-mode",
         "sec-fetch-dest", "referer", "connection", "content-length", "via", "upgrade-insecure-requests", "", "x", "\0"];

    private static readonly string[] Values =
        ["", " ", "\"", "\"a\"", "\"Chromium\";v=\"", "\"Chromium\";v=\"99999999999\"", "\"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"", "Mozilla/5.0", "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/",
         Browsers.Chrome, "Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0", "+http://", "bot", "a/b+http://", "en-US", ";q=", "gzip", "navigate", "cors", "document", "https://", "://", "?1", "\ud800", "Ω"];

    [Fact]
    public void Any_headers_give_a_score_that_its_parts_add_up_to()
    {
        var pair = from name in Gen.Elements(Names) from value in Gen.Elements(Values) select KeyValuePair.Create(name, value);
        var requests = from pairs in pair.ListOf()
                       from version in Gen.Elements("1.0", "1.1", "2", "3", "")
                       from method in Gen.Elements("GET", "POST", "OPTIONS", "")
                       from pseudo in Gen.Elements(null, "masp", "x")
                       from ordered in Gen.Elements(true, false)
                       from secure in Gen.Elements(true, false)
                       select new CallerRequest(method, "/", version, new ReceivedHeaders(pairs.ToArray(), ordered), pseudo, secure);

        Prop.ForAll(requests.ToArbitrary(), request => AddsUp(CallerScorer.Score(request))).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Any_visit_gives_a_score_that_its_parts_add_up_to()
    {
        var step = from time in Gen.Choose(-10, 1_000_000)
                   from method in Gen.Elements("GET", "POST", "HEAD", "")
                   from path in Gen.Elements("", "/", "/product/1", "/product/99999999999999999999999", "/a.css", "?", "/robots.txt", "/api/events", "/cart/add", "/v1/search", "/x.")
                   from status in Gen.Elements(0, 200, 404)
                   from referer in Gen.Elements(null, "", "https://shop.example/")
                   select new VisitRequest(time, method, path, status, referer);

        Prop.ForAll(step.ListOf().ToArbitrary(), steps => AddsUp(CallerScorer.Score(Browsers.ChromePage(), VisitFeatures.Of(steps)))).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static bool AddsUp(CallerScore score)
    {
        var parts = score.Parts.Sum(part => part.Weight);
        var told = score.Reasons.Sum(reason => reason.Weight);
        return score.Score is >= 0 and <= 100
            && Math.Abs(parts - score.LogOdds) < 1e-9
            // A reason is rounded to thousandths, and what is left out weighs less than 0.05.
            && Math.Abs(told - score.LogOdds) < (0.05 * score.Parts.Count(part => Math.Abs(part.Weight) < 0.05)) + 0.05
            && score.Reasons.Zip(score.Reasons.Skip(1)).All(pair => Math.Abs(pair.First.Weight) >= Math.Abs(pair.Second.Weight));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>bot")]
    [InlineData("Mozilla/5.0 (compatible; <img src=x onerror=alert(1)>bot/1.0; +http://x)")]
    [InlineData("\"><svg onload=alert(1)>crawler")]
    public void A_script_in_a_user_agent_reaches_no_reason_and_no_name(string agent)
    {
        var score = CallerScorer.Score(Browsers.ChromePage().With("user-agent", agent));

        Assert.Equal(CallerClass.DeclaredBot, CallerClasses.Decide(verified: false, score));
        Assert.DoesNotContain('<', score.DeclaredAs + string.Concat(score.Reasons.Select(reason => reason.Text)));
    }

    [Fact]
    public void A_name_from_a_user_agent_is_short()
    {
        var score = CallerScorer.Score(Browsers.ChromePage().With("user-agent", new string('a', 900) + "bot"));

        Assert.Equal(48, score.DeclaredAs!.Length);
    }

    [Fact]
    public void Of_a_long_value_only_the_beginning_is_looked_at()
    {
        var long64 = new string('x', 65_536);

        Assert.Null(CallerScorer.Score(Browsers.ChromePage().With("user-agent", long64 + " Googlebot/2.1")).DeclaredAs);
        Assert.NotNull(CallerScorer.Score(Browsers.ChromePage().With("user-agent", "Googlebot/2.1 " + long64)).DeclaredAs);
    }

    [Fact]
    public void A_flood_of_headers_is_scored_by_its_beginning()
    {
        var flood = Enumerable.Range(0, 100_000).Select(i => KeyValuePair.Create("x-" + i, "1"));
        var request = Browsers.ChromePage();

        var score = CallerScorer.Score(request with { Headers = Browsers.Headers([.. request.Headers.Pairs.ToArray(), .. flood]) });

        Assert.Equal(CallerScorer.Score(request).LogOdds, score.LogOdds);
    }

    [Fact]
    public void The_frameworks_headers_are_without_order()
    {
        var headers = new HeaderDictionary { ["Accept"] = "*/*", ["X-Two"] = new(["a", "b"]) };

        var received = ReceivedHeaders.WithoutOrder(headers);

        Assert.False(received.OrderIsKnown);
        Assert.Equal(["Accept: */*", "X-Two: a", "X-Two: b"], received.Pairs.ToArray().Select(pair => $"{pair.Key}: {pair.Value}"));
    }
}
