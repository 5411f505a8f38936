using System.Net;
using System.Text.RegularExpressions;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Webhooks;

namespace CustobotGateway.Tests.Console;

/// <summary>Staff see what is told to whom, and send again what did not arrive.</summary>
public sealed class WebhookPageTests(WebhookFixture shop) : IClassFixture<WebhookFixture>
{
    [Fact]
    public async Task Without_a_session_one_is_sent_to_the_login()
    {
        using var browser = new StaffBrowser(shop.BaseUrl);

        using var answer = await browser.Http.GetAsync("/staff/webhooks");

        Assert.Equal((HttpStatusCode.SeeOther, "/staff/login"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task What_did_not_arrive_is_shown_and_sent_again_by_the_page_and_by_no_form_of_another_site()
    {
        await using var sink = await Sink.StartAsync();
        sink.Answer = (context, _) =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        var id = (await shop.CreateAsync(sink.Url + "/<script>")).GetProperty("id").GetString()!;
        await shop.HappenAsync("ord_page", 1);
        var dead = (await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("state").GetString() == "dead_letter")))[0].GetProperty("id").GetString()!;
        await shop.WaitUntilDisabledAsync(id);
        using var browser = new StaffBrowser(shop.BaseUrl);
        using var opened = await browser.LogInAsync(GatewayFixture.AdminToken);

        var page = await browser.Http.GetStringAsync("/staff/webhooks");
        using var disabled = await browser.PostFormAsync("/staff/webhooks", page, new("endpoint", id), new("delivery", dead));
        sink.Answer = null;
        using var enabled = await shop.Admin.PatchAsync("/v1/webhook_endpoints/" + id, new StringContent("""{"disabled":false}""", System.Text.Encoding.UTF8, "application/json"));
        using var foreign = await browser.Http.PostAsync("/staff/webhooks", new FormUrlEncodedContent([new("endpoint", id), new("delivery", dead)]));
        using var again = await browser.PostFormAsync("/staff/webhooks", page, new("endpoint", id), new("delivery", dead));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Answered 410", page, StringComparison.Ordinal);
        Assert.Matches(new Regex("it said that it is gone"), page);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest, HttpStatusCode.SeeOther), (disabled.StatusCode, foreign.StatusCode, again.StatusCode));
        Assert.Equal(dead, (await sink.WaitForTakenAsync(1))[0].Id);
    }
}
