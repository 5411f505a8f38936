using System.Net;
using CustobotGateway.Identity.People;
using Microsoft.Extensions.DependencyInjection;
using static CustobotGateway.Tests.Identity.People.PeopleFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>Whoever forgot the password gets in again by the letter, and nobody else does.</summary>
public sealed class ResetPasswordTests(PeopleFixture gateway) : IClassFixture<PeopleFixture>
{
    private const string New = "another horse battery";

    private static async Task<PersonBrowser.Page> AskAsync(PersonBrowser browser, string email) =>
        await browser.SubmitAsync(await browser.GetAsync("/password/forgot"), ("email", email));

    [Fact]
    public async Task A_letter_lets_the_owner_of_the_address_choose_another_password()
    {
        var person = await gateway.PersonAsync();
        using var signedIn = await gateway.SignedInAsync(person);
        using var browser = gateway.NewBrowser();
        await AskAsync(browser, person.Email.ToUpperInvariant());

        var answer = await browser.SubmitAsync(await browser.GetAsync(gateway.NewestLink(person.Email.ToUpperInvariant())), ("new_password", New));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.LogInAsync(person.Email, Password)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.LogInAsync(person.Email, New)).Status);
        Assert.StartsWith("/login", (await signedIn.GetAsync("/account")).Location, StringComparison.Ordinal);
        Assert.Contains("was changed", gateway.NewestLetter(person.Email).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_the_same_whoever_has_an_account_and_the_letter_tells()
    {
        var known = (await gateway.PersonAsync()).Email;
        var disabled = await gateway.PersonAsync();
        await gateway.App.Services.GetRequiredService<DisablePerson>().RunAsync(disabled.Id, true, "test", CancellationToken.None);
        var unknown = $"{Guid.NewGuid():n}@example.com";
        using var browser = gateway.NewBrowser();
        var texts = new List<string>();

        foreach (var email in new[] { known, disabled.Email, unknown })
        {
            var answer = await AskAsync(browser, email);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            texts.Add(answer.Text.Replace(email, "", StringComparison.Ordinal));
        }

        Assert.Single(texts.Distinct());
        Assert.Contains("/password/reset?token=", gateway.NewestLetter(known).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("token=", gateway.NewestLetter(disabled.Email).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("token=", gateway.NewestLetter(unknown).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_is_good_once_for_half_an_hour_and_not_beside_a_used_one()
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();
        await AskAsync(browser, person.Email);
        var unused = gateway.NewestLink(person.Email);
        await AskAsync(browser, person.Email);
        var used = gateway.NewestLink(person.Email);

        var page = await browser.GetAsync(used);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => browser.SubmitAsync(page, ("new_password", New + i))));
        var again = await browser.SubmitAsync(page, ("new_password", "yet another battery"));
        await AskAsync(browser, person.Email);
        var late = gateway.NewestLink(person.Email);
        gateway.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.NotFound, again.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(unused)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(late)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/password/reset?token=none")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/password/reset")).Status);
    }

    [Fact]
    public async Task Changing_the_password_takes_letters_back()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);
        await AskAsync(browser, person.Email);
        var link = gateway.NewestLink(person.Email);

        await browser.SubmitAsync(await browser.GetAsync("/account"), ("password", Password), ("new_password", New));

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link)).Status);
    }

    [Fact]
    public async Task A_weak_password_is_refused_and_the_letter_stays_good()
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();
        await AskAsync(browser, person.Email);

        var refused = await browser.SubmitAsync(await browser.GetAsync(gateway.NewestLink(person.Email)), ("new_password", "short"));
        var answer = await browser.SubmitAsync(refused, ("new_password", New));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Links_lead_to_the_published_address_whatever_the_request_says()
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();
        browser.Http.DefaultRequestHeaders.Host = "evil.example";

        await AskAsync(browser, person.Email);

        Assert.DoesNotContain("evil", gateway.NewestLetter(person.Email).Text, StringComparison.Ordinal);
        Assert.Contains(gateway.BaseUrl, gateway.NewestLetter(person.Email).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_of_letters_are_stored_as_hashes()
    {
        var person = await gateway.PersonAsync();
        using var browser = gateway.NewBrowser();
        await AskAsync(browser, person.Email);
        var secret = gateway.NewestLink(person.Email).Split("token=")[1];

        await using var connection = await gateway.OpenDatabaseAsync();
        await using var command = new Npgsql.NpgsqlCommand("select string_agg(r::text, ' ') from identity.password_resets r", connection);
        var stored = (string)(await command.ExecuteScalarAsync())!;

        Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret))), stored, StringComparison.Ordinal);
    }
}
