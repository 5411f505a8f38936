using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Console;

/// <summary>Staff see who calls, try rules and answer appeals; nothing that a caller writes runs there.</summary>
public sealed class CallerPageTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private const string Script = "<script>alert('agent')</script>";

    [Theory]
    [InlineData("/staff/callers")]
    [InlineData("/staff/callers/abc")]
    [InlineData("/staff/rules")]
    [InlineData("/staff/rules/abc")]
    [InlineData("/staff/trust")]
    public async Task Without_a_session_one_is_sent_to_the_login(string path)
    {
        using var browser = new StaffBrowser(shop.BaseUrl);

        using var answer = await browser.Http.GetAsync(path);

        Assert.Equal((HttpStatusCode.SeeOther, "/staff/login"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task Script_in_a_user_agent_is_shown_and_never_run()
    {
        using (var request = new HttpRequestMessage(HttpMethod.Get, "/v1/bot-detection/lanes"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", Script);
            request.Headers.TryAddWithoutValidation("X-Odd", Script);
            using var refused = await shop.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
        using var browser = new StaffBrowser(shop.BaseUrl);
        using var opened = await browser.LogInAsync(GatewayFixture.AdminToken);

        var list = await browser.Http.GetStringAsync("/staff/callers?refused=yes&q=" + Uri.EscapeDataString(Script));
        var link = Regex.Match(list, "href=\"(/staff/callers/[0-9a-f]+)\"").Groups[1].Value;
        var detail = await browser.Http.GetStringAsync(link);

        foreach (var page in new[] { list, detail })
        {
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        }
        Assert.Contains("X-Odd", detail, StringComparison.Ordinal);
        Assert.Contains("What was seen", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_is_previewed_and_enabled_on_its_page_and_by_no_form_of_another_site()
    {
        using var made = await shop.Admin.PostAsJsonAsync("/v1/bot-detection/rules", new { name = Script, when = new { path_prefix = "/nowhere" }, lane = "restricted" });
        var id = (await GatewayFixture.ReadJsonAsync(made)).GetProperty("id").GetString();
        using var browser = new StaffBrowser(shop.BaseUrl);
        using var opened = await browser.LogInAsync(GatewayFixture.AdminToken);
        var page = await browser.Http.GetStringAsync("/staff/rules/" + id);
        Assert.Contains("Whom it hits", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);

        using var foreign = await browser.Http.PostAsync("/staff/rules/" + id, new FormUrlEncodedContent([new("mode", "enabled"), new("version", "1")]));
        using var enabled = await browser.PostFormAsync("/staff/rules/" + id, page, new("mode", "enabled"), new("version", "1"));
        using var stale = await browser.PostFormAsync("/staff/rules/" + id, page, new("mode", "disabled"), new("version", "1"));

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.SeeOther, HttpStatusCode.Conflict), (foreign.StatusCode, enabled.StatusCode, stale.StatusCode));
        var rule = await GatewayFixture.ReadJsonAsync(await shop.Admin.GetAsync("/v1/bot-detection/rules/" + id));
        Assert.Equal(("enabled", 2), (rule.GetProperty("mode").GetString(), rule.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Appeal_is_read_and_decided_on_the_page_of_trust()
    {
        var agent = await shop.GrantAsync(clientId: "appealing-bot");
        await agent.PostAsync("/v1/bot-detection/trust/me/appeals", $$"""{"text":"{{Script}}"}""");
        using var browser = new StaffBrowser(shop.BaseUrl);
        using var opened = await browser.LogInAsync(GatewayFixture.AdminToken);
        var page = await browser.Http.GetStringAsync("/staff/trust?operator=appealing-bot");
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        var appeal = Regex.Match(page, "name=\"appeal\" value=\"(apl_[0-9a-z]+)\"").Groups[1].Value;

        using var decided = await browser.PostFormAsync("/staff/trust", page, new("operator", "appealing-bot"), new("appeal", appeal), new("note", "Looked into it."), new("decision", "refused"));

        Assert.Equal(HttpStatusCode.SeeOther, decided.StatusCode);
        Assert.Contains("Looked into it.", await browser.Http.GetStringAsync("/staff/trust?operator=appealing-bot"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_addresses_lead_to_where_the_session_is_good()
    {
        using var answer = await shop.Client.GetAsync("/console/callers?q=curl");

        Assert.Equal((HttpStatusCode.SeeOther, "/staff/callers?q=curl"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }
}
