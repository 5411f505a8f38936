using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.Tests.BotDetection.Scoring;

public sealed class CrawlerListTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot")]
    [InlineData("Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)", "SemrushBot")]
    [InlineData("CrunchBot/1.0 (+http://www.leadcrunch.com/crunchbot)", "CrunchBot")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 PTST/240101", "PTST")]
    [InlineData("Mozilla/5.0 (compatible; ContextualBot/1.0; info@outcomes.net)", "ContextualBot")]
    public void Crawlers_are_named(string agent, string name)
    {
        Assert.Equal(NamedAs.Service, CrawlerList.Find(agent, out var found));
        Assert.Equal(name, found);
    }

    [Theory]
    [InlineData("curl/8.5.0")]
    [InlineData("Wget/1.21.3")]
    [InlineData("Go-http-client/2.0")]
    [InlineData("python-requests/2.32.3")]
    [InlineData("okhttp/4.12.0")]
    public void Libraries_are_no_declared_bots(string agent)
    {
        Assert.Equal(NamedAs.Library, CrawlerList.Find(agent, out _));
    }

    [Fact]
    public void A_crawler_that_tells_its_library_too_is_a_crawler()
    {
        Assert.Equal(NamedAs.Service, CrawlerList.Find("python-requests/2.32 (Googlebot/2.1)", out _));
    }

    [Theory]
    [InlineData("libcurl/8", "an anchored pattern in the middle")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 331.0.0", "a browser inside an application")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-S911B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.165 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/465.0.0.0;]", "another")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "Samsung's browser")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Vivaldi/7.6", "Vivaldi")]
    public void People_are_not_on_the_list(string agent, string why)
    {
        Assert.True(CrawlerList.Find(agent, out var name) == NamedAs.Nothing && DeclaredToken.Find(agent) is null, $"{why}: {name}");
    }

    [Theory]
    [InlineData("AcmePriceBot/1.0", "AcmePriceBot")]
    [InlineData("Mozilla/5.0 (compatible; NewThing/1.0; +https://new.example/about)", "NewThing")]
    [InlineData("acme web-crawler 3", "web-crawler")]
    public void What_calls_itself_a_crawler_is_one_without_any_list(string agent, string name)
    {
        Assert.Equal(name, DeclaredToken.Find(agent));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Linux; Android 9; CUBOT_X18) AppleWebKit/537.36")]
    [InlineData("Mozilla/5.0 (X11; U) Robotics/2.0")]
    public void Words_that_only_look_like_it_are_none(string agent)
    {
        Assert.Null(DeclaredToken.Find(agent));
    }
}
