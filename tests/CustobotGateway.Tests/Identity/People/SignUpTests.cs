using System.Net;
using CustobotGateway.Identity.People;
using Microsoft.Extensions.DependencyInjection;
using static CustobotGateway.Tests.Identity.People.PeopleFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>People open accounts themselves, for addresses that are theirs.</summary>
public sealed class SignUpTests(PeopleFixture gateway) : IClassFixture<PeopleFixture>
{
    private static string NewAddress() => $"{Guid.NewGuid():n}@example.com";

    private static async Task<PersonBrowser.Page> SignUpAsync(PersonBrowser browser, string email, string password = Password, string path = "/signup") =>
        await browser.SubmitAsync(await browser.GetAsync(path), ("email", email), ("password", password));

    [Fact]
    public async Task A_person_signs_up_confirms_the_address_and_is_signed_in()
    {
        var email = NewAddress();
        using var browser = gateway.NewBrowser();

        var sent = await SignUpAsync(browser, email);
        var before = await browser.LogInAsync(email, Password);
        var confirmed = await browser.SubmitAsync(await browser.GetAsync(gateway.NewestLink(email)), ("password", Password));
        using var later = gateway.NewBrowser();
        var login = await later.LogInAsync(email, Password);

        Assert.Equal(HttpStatusCode.OK, sent.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, before.Status);
        Assert.Equal("/account", confirmed.Location);
        Assert.Contains(email, (await browser.GetAsync("/account")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, login.Status);
    }

    [Fact]
    public async Task The_page_says_the_same_for_an_address_that_has_an_account_and_the_letter_tells()
    {
        var known = (await gateway.PersonAsync()).Email;
        var unknown = NewAddress();
        using var browser = gateway.NewBrowser();

        var (one, other) = (await SignUpAsync(browser, known), await SignUpAsync(browser, unknown));

        Assert.Equal(one.Status, other.Status);
        Assert.Equal(one.Text.Replace(known, "", StringComparison.Ordinal), other.Text.Replace(unknown, "", StringComparison.Ordinal));
        Assert.Contains("already", gateway.NewestLetter(known).Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("token=", gateway.NewestLetter(known).Text, StringComparison.Ordinal);
        Assert.Contains("token=", gateway.NewestLetter(unknown).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signed_up_with_somebody_elses_address_first_gains_nothing()
    {
        var email = NewAddress();
        using var mallory = gateway.NewBrowser();
        using var alice = gateway.NewBrowser();
        await SignUpAsync(mallory, email, "mallory's password");
        var caused = gateway.NewestLink(email);

        // Alice opens the letter that Mallory caused and enters the password that she knows.
        var page = await alice.GetAsync(caused);
        var answer = await alice.SubmitAsync(page, ("password", Password));
        var his = await mallory.LogInAsync(email, "mallory's password");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, his.Status);
    }

    [Fact]
    public async Task A_letter_confirms_once_and_not_for_ever_and_by_no_mere_look()
    {
        var (one, two) = (NewAddress(), NewAddress());
        using var browser = gateway.NewBrowser();
        await SignUpAsync(browser, one);
        await SignUpAsync(browser, two);
        var (first, second) = (gateway.NewestLink(one), gateway.NewestLink(two));

        var page = await browser.GetAsync(first);
        using var racer = gateway.NewBrowser();
        var looked = await racer.LogInAsync(one, Password);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => browser.SubmitAsync(page, ("password", Password))));
        gateway.Clock.Advance(TimeSpan.FromHours(25));
        var late = await browser.GetAsync(second);

        Assert.Equal(HttpStatusCode.Unauthorized, looked.Status);
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.SeeOther);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.NotFound, late.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/signup/confirm?token=none")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/signup/confirm")).Status);
    }

    [Fact]
    public async Task Two_letters_for_one_address_make_one_account()
    {
        var email = NewAddress();
        using var browser = gateway.NewBrowser();
        await SignUpAsync(browser, email, "the first password");
        var first = gateway.NewestLink(email);
        await SignUpAsync(browser, email);

        await browser.SubmitAsync(await browser.GetAsync(gateway.NewestLink(email)), ("password", Password));
        using var other = gateway.NewBrowser();
        var again = await other.SubmitAsync(await other.GetAsync(first), ("password", "the first password"));

        Assert.Equal(HttpStatusCode.NotFound, again.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.LogInAsync(email, "the first password")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await other.LogInAsync(email, Password)).Status);
    }

    [Theory]
    [InlineData("no address", Password)]
    [InlineData("two@at@example.com", Password)]
    [InlineData("line@example.com\r\nBcc: all@example.com", Password)]
    [InlineData("", Password)]
    [InlineData("short@example.com", "short")]
    [InlineData("none@example.com", "")]
    public async Task What_is_no_address_or_no_password_is_refused(string email, string password)
    {
        using var browser = gateway.NewBrowser();

        var answer = await SignUpAsync(browser, email, password);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("role=\"alert\"", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_address_gets_few_letters_whoever_asks_and_has_an_account_or_none()
    {
        foreach (var email in new[] { (await gateway.PersonAsync()).Email, NewAddress() })
        {
            using var browser = gateway.NewBrowser();
            for (var i = 0; i < gateway.Options.LettersPerAccount; i++)
            {
                Assert.Equal(HttpStatusCode.OK, (await SignUpAsync(browser, email)).Status);
            }

            var tooMany = await SignUpAsync(browser, email);

            Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.Status);
            Assert.NotNull(tooMany.Answer.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task Guessing_the_password_of_a_letter_ends_after_a_few_tries()
    {
        var email = NewAddress();
        using var browser = gateway.NewBrowser();
        await SignUpAsync(browser, email);
        var page = await browser.GetAsync(gateway.NewestLink(email));
        for (var i = 0; i < gateway.Options.TriesPerAccountAndAddress; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SubmitAsync(page, ("password", "not the password"))).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SubmitAsync(page, ("password", Password))).Status);
    }

    [Fact]
    public async Task A_form_of_another_site_signs_nobody_up()
    {
        using var browser = gateway.NewBrowser();
        var email = NewAddress();

        var answer = await browser.SubmitAsync(await browser.GetAsync("/signup"), ("email", email), ("password", Password), ("__RequestVerificationToken", ""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain(gateway.App.Services.GetRequiredService<Outbox>().Latest(200), letter => letter.Mail.To == email);
    }

    [Fact]
    public async Task The_way_goes_on_where_it_was_left_but_to_no_other_site()
    {
        using var browser = gateway.NewBrowser();
        foreach (var (wanted, reached) in new[] { ("/device", "/device"), ("https://evil.example/", "/account"), ("//evil.example", "/account") })
        {
            var email = NewAddress();
            await SignUpAsync(browser, email, path: "/signup?return_url=" + Uri.EscapeDataString(wanted));
            var answer = await browser.SubmitAsync(await browser.GetAsync(gateway.NewestLink(email)), ("password", Password));
            Assert.Equal(reached, answer.Location);
        }
    }

    [Fact]
    public async Task Letters_lie_in_files_that_only_the_gateway_reads_and_hold_no_password()
    {
        var email = NewAddress();
        using var browser = gateway.NewBrowser();

        await SignUpAsync(browser, email);

        var folder = gateway.App.Services.GetRequiredService<Outbox>().Directory;
        var file = Directory.GetFiles(folder).Single(file => File.ReadAllText(file).Contains(email, StringComparison.Ordinal));
        var text = await File.ReadAllTextAsync(file);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(folder).UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Matches("^Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} \\+0000\r\nFrom: ", text);
        Assert.Contains("\r\nMessage-ID: <eml_", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_outbox_is_shown_to_administrators_and_to_nobody_else()
    {
        var email = NewAddress();
        using var stranger = gateway.NewBrowser();
        await SignUpAsync(stranger, email);
        using var principal = await gateway.SignedInAsync(await gateway.PersonAsync());
        using var viewer = await gateway.SignedInAsync(await gateway.PersonAsync(StaffRole.Viewer, StaffRole.GrantOperator));
        using var administrator = await gateway.SignedInAsync(await gateway.PersonAsync(StaffRole.Administrator));

        Assert.Equal("/staff/login", (await stranger.GetAsync("/staff/outbox")).Location);
        Assert.Equal("/staff/login", (await principal.GetAsync("/staff/outbox")).Location);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync("/staff/outbox")).Status);
        var shown = await administrator.FollowAsync(await administrator.GetAsync("/outbox"));
        Assert.Contains(email, shown.Text, StringComparison.Ordinal);
        Assert.Contains("/signup/confirm?token=", shown.Html, StringComparison.Ordinal);
    }
}
