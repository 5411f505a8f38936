using System.Net;
using System.Text.RegularExpressions;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Console;

/// <summary>The staff page is for those who hold the administrator's token, and nothing that an agent writes runs on it.</summary>
public sealed class StaffPageTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task Without_a_session_one_is_sent_to_the_login()
    {
        using var browser = new StaffBrowser(shop.BaseUrl);

        using var answer = await browser.Http.GetAsync("/staff");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/staff/login", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task The_administrator_token_opens_a_session_that_script_cannot_read()
    {
        using var browser = new StaffBrowser(shop.BaseUrl);

        using var answer = await browser.LogInAsync(GatewayFixture.AdminToken);
        var page = await browser.Http.GetStringAsync("/staff");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("gateway_staff=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/staff", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(GatewayFixture.AdminToken, cookie, StringComparison.Ordinal);
        Assert.Contains("<h1>What the machines are doing</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_token_or_an_agents_token_opens_nothing()
    {
        var agent = await shop.GrantAsync();

        foreach (var token in new[] { "wrong", "", agent.GrantId })
        {
            using var browser = new StaffBrowser(shop.BaseUrl);
            using var answer = await browser.LogInAsync(token);
            using var page = await browser.Http.GetAsync("/staff");

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("That is not the administrator", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.SeeOther, page.StatusCode);
        }
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused()
    {
        using var browser = new StaffBrowser(shop.BaseUrl);

        using var answer = await browser.Http.PostAsync("/staff/login",
            new FormUrlEncodedContent([new("token", GatewayFixture.AdminToken)]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("gateway_staff=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        using var browser = new StaffBrowser(shop.BaseUrl);
        using var opened = await browser.LogInAsync(GatewayFixture.AdminToken);
        var page = await browser.Http.GetStringAsync("/staff");

        using var closed = await browser.PostFormAsync("/staff/logout", page);
        using var after = await browser.Http.GetAsync("/staff");

        Assert.Equal(HttpStatusCode.SeeOther, closed.StatusCode);
        Assert.Equal("/staff/login", after.Headers.Location!.ToString());
    }

    [Fact]
    public async Task What_agents_write_is_shown_and_never_run()
    {
        var product = await shop.AddProductAsync(name: "<script>alert('name')</script>");
        var agent = await shop.GrantAsync(clientId: "\"><img src=x onerror=alert(1)>");
        await agent.CompleteAsync(await agent.OpenSessionAsync(product));
        using var browser = new StaffBrowser(shop.BaseUrl);
        using var opened = await browser.LogInAsync(GatewayFixture.AdminToken);

        using var answer = await browser.Http.GetAsync("/staff");
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Contains("&lt;script&gt;alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }
}

/// <summary>A browser as far as forms and cookies go.</summary>
public sealed partial class StaffBrowser : IDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, CookieContainer = new CookieContainer() };

    public StaffBrowser(string baseUrl) => Http = new HttpClient(_handler, disposeHandler: true) { BaseAddress = new Uri(baseUrl) };

    public HttpClient Http { get; }

    public async Task<HttpResponseMessage> LogInAsync(string token) =>
        await PostFormAsync("/staff/login", await Http.GetStringAsync("/staff/login"), new KeyValuePair<string, string>("token", token));

    /// <summary>Posts the form that a page holds, with the page's own form token.</summary>
    public Task<HttpResponseMessage> PostFormAsync(string path, string page, params KeyValuePair<string, string>[] fields) => Http.PostAsync(path,
        new FormUrlEncodedContent([.. fields, new("__RequestVerificationToken", WebUtility.HtmlDecode(FormToken().Match(page).Groups["token"].Value))]));

    public void Dispose() => Http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex FormToken();
}
