using System.Net;
using System.Text.Json;
using CustobotGateway.Tests.Checkout.Orders;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Console;

/// <summary>Staff read and answer cases; nothing that an agent writes runs there, and no other site answers.</summary>
public sealed class CasePageTests(CasePageTests.Shop shop) : IClassFixture<CasePageTests.Shop>
{
    public sealed class Shop : OrderFixture;

    private const string Script = "<script>alert('agent')</script>";

    private async Task<(Bought Order, string Path)> EscalatedAsync()
    {
        var order = await shop.BuyAsync();
        var (_, opened) = await order.Agent.PostAsync(order.Path + "/cases", JsonSerializer.Serialize(new { subject = Script, text = Script }));
        var id = opened.GetProperty("id").GetString()!;
        await order.Agent.PostAsync($"/v1/cases/{id}/escalate", "{}");
        return (order, "/staff/cases/" + id);
    }

    [Theory]
    [InlineData("/staff/cases")]
    [InlineData("/staff/cases/cas_x")]
    public async Task Without_a_session_one_is_sent_to_the_login(string path)
    {
        using var browser = new StaffBrowser(shop.BaseUrl);

        using var answer = await browser.Http.GetAsync(path);

        Assert.Equal((HttpStatusCode.SeeOther, "/staff/login"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task A_case_is_read_answered_and_closed_and_its_script_is_shown_and_never_run()
    {
        var (order, path) = await EscalatedAsync();
        using var browser = new StaffBrowser(shop.BaseUrl);
        using var opened = await browser.LogInAsync(GatewayFixture.AdminToken);

        var list = await browser.Http.GetStringAsync("/staff/cases");
        var page = await browser.Http.GetStringAsync(path);

        Assert.Contains(path, list, StringComparison.Ordinal);
        foreach (var one in new[] { list, page })
        {
            Assert.DoesNotContain("<script", one, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;", one, StringComparison.Ordinal);
        }
        Assert.Contains("What happened", page, StringComparison.Ordinal);
        using var foreign = await browser.Http.PostAsync(path, new FormUrlEncodedContent([new("act", "answer"), new("text", "no")]));
        using var empty = await browser.PostFormAsync(path, page, new("act", "answer"), new("text", ""));
        using var answered = await browser.PostFormAsync(path, page, new("act", "answer"), new("text", "We look into it."), new("code", "answered"));
        using var closed = await browser.PostFormAsync(path, page, new("act", "close"), new("text", "Done."), new("code", "answered"));
        using var again = await browser.PostFormAsync(path, page, new("act", "close"), new("text", "Done."), new("code", "answered"));

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.SeeOther, HttpStatusCode.SeeOther, HttpStatusCode.Conflict],
            new[] { foreign, empty, answered, closed, again }.Select(answer => answer.StatusCode));
        var (_, found) = await order.Agent.GetAsync("/v1/cases/" + path.Split('/')[^1]);
        Assert.Equal(("closed", "We look into it.", "Done."), (found.GetProperty("state").GetString(), Assert.Single(found.GetProperty("messages").EnumerateArray()).GetProperty("text").GetString(),
            found.GetProperty("resolution").GetProperty("text").GetString()));
        Assert.DoesNotContain(path, await browser.Http.GetStringAsync("/staff/cases"), StringComparison.Ordinal);
        Assert.Contains(path, await browser.Http.GetStringAsync("/staff/cases?state=all"), StringComparison.Ordinal);
    }
}
