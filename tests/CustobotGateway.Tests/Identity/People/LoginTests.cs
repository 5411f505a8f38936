using System.Net;
using CustobotGateway.Identity;
using CustobotGateway.Identity.People;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>Signing in, and what must not get anyone in.</summary>
public sealed class LoginTests(PeopleFixture gateway) : IClassFixture<PeopleFixture>
{
    private const string Wrong = "not the password";

    [Fact]
    public async Task The_right_password_opens_a_session_that_script_cannot_read()
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();

        var answer = await browser.LogInAsync(person.Email.ToUpperInvariant(), PeopleFixture.Password);
        var account = await browser.GetAsync("/account");

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("/account", answer.Location);
        var cookie = Assert.Single(answer.Answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("gateway_session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(person.Email, account.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_people_carry_no_script_and_cannot_be_framed_stored_or_leak_their_address()
    {
        using var browser = gateway.NewBrowser();

        var page = await browser.GetAsync("/login?return_url=/device");

        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
        var policy = page.Answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("same-origin", page.Answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("DENY", page.Answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.True(page.Answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Unknown_account_wrong_password_and_disabled_account_get_the_same_answer()
    {
        var person = await gateway.PersonAsync();
        var disabled = await gateway.PersonAsync();
        await gateway.App.Services.GetRequiredService<DisablePerson>().RunAsync(disabled.Id, true, "test", CancellationToken.None);
        using var browser = gateway.NewBrowser();
        var texts = new List<string>();

        foreach (var (email, password) in new[] { (person.Email, Wrong), ("nobody@example.com", PeopleFixture.Password), (disabled.Email, PeopleFixture.Password), ("no address", Wrong), ("", "") })
        {
            var page = await browser.LogInAsync(email, password);
            Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
            texts.Add(page.Text);
        }

        Assert.Single(texts.Distinct());
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == "gateway_session");
    }

    [Fact]
    public async Task Unknown_accounts_cost_as_much_as_known_ones()
    {
        var passwords = gateway.App.Services.GetRequiredService<Passwords>();
        var hash = passwords.Hash(PeopleFixture.Password);
        await passwords.CheckAsync(null, Wrong, CancellationToken.None);

        // In turn, so that whatever else the machine does falls on both.
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 9; i++)
        {
            known.Add(await TimeAsync(hash));
            unknown.Add(await TimeAsync(null));
        }

        // Both run the hash; a shortcut would be a hundred times faster.
        Assert.InRange(unknown.Order().ElementAt(4) / known.Order().ElementAt(4), 0.2, 5.0);

        async Task<double> TimeAsync(string? stored)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            await passwords.CheckAsync(stored, Wrong, CancellationToken.None);
            return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    [Fact]
    public async Task Guessing_a_password_ends_after_a_few_tries_for_a_known_and_an_unknown_account_alike()
    {
        var person = await gateway.PersonAsync();

        foreach (var email in new[] { person.Email, $"{Guid.NewGuid():n}@example.com" })
        {
            using var browser = gateway.NewBrowser();
            for (var i = 0; i < gateway.Options.TriesPerAccountAndAddress; i++)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await browser.LogInAsync(email, Wrong)).Status);
            }

            var locked = await browser.LogInAsync(email, PeopleFixture.Password);

            Assert.Equal(HttpStatusCode.TooManyRequests, locked.Status);
            Assert.NotNull(locked.Answer.Headers.RetryAfter);
            Assert.Contains("Too many tries", locked.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Parallel_guesses_get_no_further_than_guesses_in_a_row()
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();
        var login = await browser.GetAsync("/login");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.SubmitAsync(login, ("email", person.Email), ("password", Wrong))));

        Assert.Equal(gateway.Options.TriesPerAccountAndAddress, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(20 - gateway.Options.TriesPerAccountAndAddress, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_right_password_makes_the_wrong_ones_before_it_forgotten()
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < gateway.Options.TriesPerAccountAndAddress - 1; i++)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await browser.LogInAsync(person.Email, Wrong)).Status);
            }
            Assert.Equal(HttpStatusCode.SeeOther, (await browser.LogInAsync(person.Email, PeopleFixture.Password)).Status);
        }
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http:evil")]
    [InlineData("evil.example")]
    public async Task Signing_in_sends_nobody_to_another_site(string target)
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();
        var login = await browser.GetAsync("/login?return_url=" + Uri.EscapeDataString(target));

        var followed = await browser.SubmitAsync(login, ("email", person.Email), ("password", PeopleFixture.Password));
        var forced = await browser.SubmitAsync(await browser.GetAsync("/login"), ("return_url", target), ("email", person.Email), ("password", PeopleFixture.Password));

        Assert.DoesNotContain("evil", login.Html, StringComparison.Ordinal);
        Assert.Equal("/account", followed.Location);
        Assert.Equal("/account", forced.Location);
    }

    [Fact]
    public async Task A_form_of_another_site_or_another_browser_signs_nobody_in()
    {
        var person = await gateway.PersonAsync();
        using var other = gateway.NewBrowser();
        var stolen = (await other.GetAsync("/login")).Form("email").Fields.Single(field => field.Key == "__RequestVerificationToken");
        using var browser = gateway.NewBrowser();

        foreach (var token in new[] { "", "garbage", stolen.Value })
        {
            var answer = await browser.SubmitAsync(await browser.GetAsync("/login"), ("__RequestVerificationToken", token), ("email", person.Email), ("password", PeopleFixture.Password));
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        }
        using var bare = gateway.NewBrowser();
        using var posted = await bare.Http.PostAsync("/login", new FormUrlEncodedContent([new("email", person.Email), new("password", PeopleFixture.Password)]));
        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == "gateway_session");
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data; boundary=x", "no part")]
    [InlineData("application/x-www-form-urlencoded", "%%%=%&&&")]
    [InlineData("text/plain", "email=a")]
    public async Task What_is_no_form_is_refused(string contentType, string body)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);

        using var answer = await gateway.Client.PostAsync("/login", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_with_too_many_fields_or_bytes_is_refused()
    {
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 2_000).Select(i => new KeyValuePair<string, string>("f" + i, "x")));
        using var large = new FormUrlEncodedContent([new("email", new string('x', 200_000))]);

        using var first = await gateway.Client.PostAsync("/login", many);
        using var second = await gateway.Client.PostAsync("/login", large);

        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, second.StatusCode);
    }

    [Fact]
    public async Task Signing_in_makes_a_new_session_whatever_cookie_was_planted()
    {
        var (attacker, victim) = (await gateway.PersonAsync(), await gateway.PersonAsync());
        using var evil = await gateway.SignedInAsync(attacker);
        var planted = evil.Cookies["gateway_session"]!.Value;
        using var browser = gateway.NewBrowser();
        browser.SetCookie("gateway_session", planted);

        await browser.LogInAsync(victim.Email, PeopleFixture.Password);

        Assert.NotEqual(planted, browser.Cookies["gateway_session"]!.Value);
        // The planted session has ended and was not turned into the victim's.
        Assert.Equal(HttpStatusCode.SeeOther, (await evil.GetAsync("/account")).Status);
        Assert.Contains(victim.Email, (await browser.GetAsync("/account")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_everywhere()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);
        var secret = browser.Cookies["gateway_session"]!.Value;

        var link = await browser.GetAsync("/logout");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        var left = await browser.SubmitAsync(link);
        using var thief = gateway.NewBrowser();
        thief.SetCookie("gateway_session", secret);

        Assert.Equal("/login", left.Location);
        Assert.StartsWith("/login", (await browser.GetAsync("/account")).Location, StringComparison.Ordinal);
        Assert.StartsWith("/login", (await thief.GetAsync("/account")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_end_when_they_are_not_used_and_after_their_time_even_when_they_are()
    {
        var person = await gateway.PersonAsync();
        using var idle = await gateway.SignedInAsync(person);

        gateway.Clock.Advance(TimeSpan.FromMinutes(gateway.Options.IdleMinutes + 1));
        Assert.StartsWith("/login", (await idle.GetAsync("/account")).Location, StringComparison.Ordinal);

        using var busy = await gateway.SignedInAsync(person);
        for (var minutes = 0; minutes < gateway.Options.SessionMinutes - 50; minutes += 50)
        {
            Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/account")).Status);
            gateway.Clock.Advance(TimeSpan.FromMinutes(50));
        }
        gateway.Clock.Advance(TimeSpan.FromMinutes(51));
        Assert.StartsWith("/login", (await busy.GetAsync("/account")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changing_the_password_ends_every_other_session()
    {
        var person = await gateway.PersonAsync();
        using var other = await gateway.SignedInAsync(person);
        using var browser = await gateway.SignedInAsync(person);

        var refused = await browser.SubmitAsync(await browser.GetAsync("/account"), ("password", Wrong), ("new_password", "another password"));
        var changed = await browser.SubmitAsync(await browser.GetAsync("/account"), ("password", PeopleFixture.Password), ("new_password", "another password"));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal(HttpStatusCode.SeeOther, changed.Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        Assert.StartsWith("/login", (await other.GetAsync("/account")).Location, StringComparison.Ordinal);
        using var again = gateway.NewBrowser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await again.LogInAsync(person.Email, PeopleFixture.Password)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await again.LogInAsync(person.Email, "another password")).Status);
    }

    [Fact]
    public async Task Disabling_an_account_ends_its_sessions_at_once()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);

        await gateway.App.Services.GetRequiredService<DisablePerson>().RunAsync(person.Id, true, "test", CancellationToken.None);

        Assert.StartsWith("/login", (await browser.GetAsync("/account")).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.LogInAsync(person.Email, PeopleFixture.Password)).Status);
    }

    [Fact]
    public async Task Every_sign_in_and_every_refusal_is_written_down_without_what_was_typed()
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();

        await browser.LogInAsync(person.Email, "mistyped-" + person.Id);
        await browser.LogInAsync(person.Email, PeopleFixture.Password);
        Assert.True(await gateway.App.Services.GetRequiredService<AuditTrail>().WhenWrittenAsync(TimeSpan.FromSeconds(10)));

        await using var connection = await gateway.OpenDatabaseAsync();
        var rows = (await connection.QueryAsync<string>("select a::text from identity.audit a where kind = 'login'")).ToList();
        Assert.Contains(rows, row => row.Contains("wrong_password", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Contains(person.Id, StringComparison.Ordinal));
        Assert.DoesNotContain(rows, row => row.Contains("mistyped", StringComparison.Ordinal) || row.Contains(person.Email, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Neither_passwords_nor_session_secrets_are_stored()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);
        var secret = browser.Cookies["gateway_session"]!.Value;
        await using var connection = await gateway.OpenDatabaseAsync();

        var rows = await connection.QueryAsync<string>(
            "select p::text from identity.people p union all select s::text from identity.sessions s union all select e::text from common.events e");

        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => row.Contains(secret, StringComparison.Ordinal) || row.Contains(PeopleFixture.Password, StringComparison.Ordinal));
    }
}
