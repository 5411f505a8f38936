using System.Net;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>What people see and change of their own account.</summary>
public sealed class AccountTests(PeopleFixture gateway) : IClassFixture<PeopleFixture>
{
    private const string Sessions = "/account/sessions";

    [Fact]
    public async Task The_list_of_sessions_tells_where_and_marks_this_one()
    {
        var person = await gateway.PersonAsync();
        using var one = gateway.NewBrowser();
        one.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        await one.LogInAsync(person.Email, PeopleFixture.Password);
        using var two = await gateway.SignedInAsync(person);

        var page = await one.GetAsync(Sessions);

        Assert.Contains("Firefox on Linux", page.Text, StringComparison.Ordinal);
        Assert.Contains("Unknown browser", page.Text, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", page.Text, StringComparison.Ordinal);
        Assert.Single(page.Html.Split("this one")[1..]);
        Assert.Equal(2, page.Html.Split("name=\"end\"").Length - 1);
    }

    [Fact]
    public async Task One_session_or_all_others_can_be_ended()
    {
        var person = await gateway.PersonAsync();
        using var mine = await gateway.SignedInAsync(person);
        using var lost = await gateway.SignedInAsync(person);
        using var third = await gateway.SignedInAsync(person);
        using var stranger = await gateway.SignedInAsync(await gateway.PersonAsync());
        // The one that was used last stands first: mine is last.
        var lostId = await SessionIdAsync(lost);

        var ended = await mine.SubmitAsync(await mine.GetAsync(Sessions), ("end", lostId));
        var gone = await lost.GetAsync("/account");
        var others = await mine.SubmitAsync(await mine.GetAsync(Sessions), ("decision", "end_others"));

        Assert.Equal(HttpStatusCode.SeeOther, ended.Status);
        Assert.StartsWith("/login", gone.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, others.Status);
        Assert.StartsWith("/login", (await third.GetAsync("/account")).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task Another_persons_session_cannot_be_ended()
    {
        using var alice = await gateway.SignedInAsync(await gateway.PersonAsync());
        using var mallory = await gateway.SignedInAsync(await gateway.PersonAsync());

        var answer = await mallory.SubmitAsync(await mallory.GetAsync(Sessions), ("end", await SessionIdAsync(alice)));

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task A_form_of_another_site_ends_and_changes_nothing()
    {
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());

        var ended = await browser.SubmitAsync(await browser.GetAsync(Sessions), ("end", await SessionIdAsync(browser)), ("__RequestVerificationToken", ""));
        var changed = await browser.SubmitAsync(await browser.GetAsync("/account"), ("time_zone", "Europe/Berlin"), ("__RequestVerificationToken", ""));

        Assert.Equal(HttpStatusCode.BadRequest, ended.Status);
        Assert.Equal(HttpStatusCode.BadRequest, changed.Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task A_person_lives_by_the_clock_that_it_chooses()
    {
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());

        var saved = await browser.SubmitAsync(await browser.GetAsync("/account"), ("time_zone", "Europe/Berlin"));
        var refused = await browser.SubmitAsync(await browser.GetAsync("/account"), ("time_zone", "Mars/Olympus"));

        Assert.Equal(HttpStatusCode.SeeOther, saved.Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("<option value=\"Europe/Berlin\" selected", (await browser.GetAsync("/account")).Html, StringComparison.Ordinal);
        Assert.Contains("Europe/Berlin", (await browser.GetAsync(Sessions)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account")]
    [InlineData(Sessions)]
    public async Task Nobody_sees_the_pages_without_signing_in(string path)
    {
        using var browser = gateway.NewBrowser();

        Assert.Equal("/login?return_url=" + Uri.EscapeDataString(path), (await browser.GetAsync(path)).Location);
    }

    // The one that is marked as this one.
    private static async Task<string> SessionIdAsync(PersonBrowser browser)
    {
        var html = (await browser.GetAsync(Sessions)).Html;
        return html.Split("this one")[1].Split("name=\"end\" value=\"")[1].Split('"')[0];
    }
}
