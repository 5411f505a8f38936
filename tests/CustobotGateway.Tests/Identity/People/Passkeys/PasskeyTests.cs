using System.Net;
using System.Text.Json;
using CustobotGateway.Identity;
using CustobotGateway.Identity.People;
using CustobotGateway.Identity.People.Passkeys;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using static CustobotGateway.Tests.Identity.People.Passkeys.PasskeyFixture;

namespace CustobotGateway.Tests.Identity.People.Passkeys;

/// <summary>Passkeys of people: what they open, what they do not, and how they end.</summary>
public sealed class PasskeyTests(PasskeyFixture gateway) : IClassFixture<PasskeyFixture>
{
    private const string NotRight = "That passkey did not work.";
    private const string TooLate = "That took too long, or was answered before.";

    [Fact]
    public async Task A_person_adds_a_passkey_and_signs_in_with_it()
    {
        var (person, browser, passkey) = await gateway.PersonWithPasskeyAsync("Blue key");
        using var other = gateway.NewBrowser();

        var list = await browser.GetAsync("/account");
        var signedIn = await gateway.SignInAsync(other, passkey);

        Assert.Contains("Blue key", list.Text, StringComparison.Ordinal);
        Assert.Contains("not used yet", list.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.Status);
        Assert.Equal("/account", signedIn.Location);
        var account = await other.GetAsync("/account");
        Assert.Contains(person.Email, account.Text, StringComparison.Ordinal);
        Assert.Contains("last used", account.Text, StringComparison.Ordinal);
        var letter = gateway.NewestLetter(person.Email);
        Assert.Equal("A passkey was added to your account", letter.Subject);
        Assert.Contains("Blue key", letter.Text, StringComparison.Ordinal);
        Assert.True(await gateway.App.Services.GetRequiredService<AuditTrail>().WhenWrittenAsync(TimeSpan.FromSeconds(10)));
        await using var database = await gateway.OpenDatabaseAsync();
        Assert.Equal(["passkey.add", "login.passkey"], await database.QueryAsync<string>("select kind from identity.audit where person_id = @Id and kind like '%passkey%' and code is null order by id", new { person.Id }));
    }

    [Fact]
    public async Task A_passkey_is_named_after_the_browser_where_the_person_gives_no_name_and_can_be_renamed()
    {
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());
        browser.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        using var passkey = new SoftAuthenticator();
        var asked = await AskToAddAsync(browser);

        await AnswerAsync(browser, "/account", passkey.Create(asked.Options, gateway.Origin), asked.State);
        var unnamed = await browser.GetAsync("/account");
        var renamed = await browser.SubmitAsync(unnamed, ("decision", "rename"), ("name", "  <b>Phone</b>  "));
        var refused = await browser.SubmitAsync(unnamed, ("decision", "rename"), ("name", new string('x', 61)));

        Assert.Contains("Firefox on Linux", unnamed.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, renamed.Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("&lt;b&gt;Phone&lt;/b&gt;", (await browser.GetAsync("/account")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_asks_for_the_password_unless_the_person_signed_in_just_now()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);
        gateway.Clock.Advance(TimeSpan.FromMinutes(6));

        var without = await AskAsync(browser, "/account", "/account/passkeys/options");
        var wrong = await AskAsync(browser, "/account", "/account/passkeys/options", ("password", "not the password"));
        var right = await AskAsync(browser, "/account", "/account/passkeys/options", ("password", PeopleFixture.Password));

        Assert.Equal(HttpStatusCode.Unauthorized, without.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Equal("The current password is not right.", wrong.Said.GetProperty("message").GetString());
        Assert.Equal(HttpStatusCode.OK, right.Status);
        Assert.Equal(person.Email, right.Said.GetProperty("options").GetProperty("user").GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_is_asked_names_the_published_host_and_demands_that_the_person_is_verified()
    {
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());

        var signIn = (await AskToSignInAsync(browser)).Options;
        var add = (await AskToAddAsync(browser)).Options;

        Assert.Equal("localhost", signIn.GetProperty("rpId").GetString());
        Assert.Equal("required", signIn.GetProperty("userVerification").GetString());
        Assert.Equal("localhost", add.GetProperty("rp").GetProperty("id").GetString());
        var selection = add.GetProperty("authenticatorSelection");
        Assert.Equal("required", selection.GetProperty("userVerification").GetString());
        Assert.Equal("required", selection.GetProperty("residentKey").GetString());
    }

    [Fact]
    public async Task Whatever_is_wrong_with_an_answer_gets_the_same_words_and_opens_nothing()
    {
        var (_, browser, passkey) = await gateway.PersonWithPasskeyAsync();
        using var unknown = new SoftAuthenticator { CredentialId = [1, 2, 3] };
        unknown.Create((await AskToAddAsync(browser)).Options, gateway.Origin);
        var answers = new Dictionary<string, Func<JsonElement, string>>
        {
            ["another site"] = asked => passkey.Get(asked, gateway.Origin, new() { Origin = "http://localhost.example" }),
            ["another port"] = asked => passkey.Get(asked, gateway.Origin, new() { Origin = "http://localhost" }),
            ["in a frame of another site"] = asked => passkey.Get(asked, gateway.Origin, new() { IsCrossOrigin = true }),
            ["another challenge"] = asked => passkey.Get(asked, gateway.Origin, new() { Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }),
            ["another relying party"] = asked => passkey.Get(asked, gateway.Origin, new() { RpId = "example.com" }),
            ["not verified"] = asked => passkey.Get(asked, gateway.Origin, new() { SkipsVerification = true }),
            ["another type"] = asked => passkey.Get(asked, gateway.Origin, new() { Type = "webauthn.create" }),
            ["a broken signature"] = asked => passkey.Get(asked, gateway.Origin, new() { BreaksSignature = true }),
            ["another person"] = asked => passkey.Get(asked, gateway.Origin, new() { UserHandle = "dXNyXzA" }),
            ["a zero as person"] = asked => passkey.Get(asked, gateway.Origin, new() { UserHandle = "AAAA" }),
            ["no person"] = asked => passkey.Get(asked, gateway.Origin, new() { UserHandle = "" }),
            ["a passkey that nobody has"] = asked => unknown.Get(asked, gateway.Origin),
            ["no JSON"] = _ => "{",
            ["an array"] = _ => "[]",
            ["null"] = _ => "null",
            ["nothing in it"] = _ => "{}",
            ["half a surrogate"] = _ => """{"id":"\ud800"}""",
            ["a number as id"] = asked => passkey.Get(asked, gateway.Origin).Replace("\"id\":\"", "\"id\":7,\"was\":\"", StringComparison.Ordinal),
            ["deep"] = _ => string.Concat(Enumerable.Repeat("[", 5_000)),
            ["an answer to adding"] = asked => passkey.Get(asked, gateway.Origin).Replace("\"signature\"", "\"attestationObject\"", StringComparison.Ordinal),
        };

        foreach (var (fault, answer) in answers)
        {
            using var stranger = gateway.NewBrowser();
            var asked = await AskToSignInAsync(stranger);
            var page = await AnswerAsync(stranger, "/login", answer(asked.Options), asked.State);

            Assert.True(page.Status == HttpStatusCode.Unauthorized, $"{fault}: {page.Status}");
            Assert.Contains(NotRight, page.Text, StringComparison.Ordinal);
            Assert.Null(stranger.Cookies["gateway_session"]);
            // So that each is looked at, not refused for those before it.
            gateway.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        using var own = gateway.NewBrowser();
        Assert.Equal(HttpStatusCode.SeeOther, (await gateway.SignInAsync(own, passkey)).Status);
    }

    [Fact]
    public async Task An_answer_is_taken_once()
    {
        var (_, _, passkey) = await gateway.PersonWithPasskeyAsync();
        using var browser = gateway.NewBrowser();
        var asked = await AskToSignInAsync(browser);
        var answer = passkey.Get(asked.Options, gateway.Origin);

        var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var form = (await browser.GetAsync("/login")).Form("credential");
            return await browser.Http.PostAsync("/login/passkey", new FormUrlEncodedContent(
                [.. form.Fields.Where(field => field.Key is "__RequestVerificationToken"), new("credential", answer), new("state", asked.State)]));
        }));
        using var later = gateway.NewBrowser();
        var anew = await AskToSignInAsync(later);
        var replayed = await AnswerAsync(later, "/login", answer, anew.State);

        Assert.Single(pages, page => page.StatusCode == HttpStatusCode.SeeOther);
        Assert.Equal(3, pages.Count(page => page.StatusCode == HttpStatusCode.BadRequest));
        Assert.Equal(HttpStatusCode.Unauthorized, replayed.Status);
    }

    [Fact]
    public async Task A_passkey_that_counts_backwards_is_a_copy_and_opens_nothing()
    {
        var (person, _, passkey) = await gateway.PersonWithPasskeyAsync();
        using var browser = gateway.NewBrowser();
        passkey.Count = 6;
        await gateway.SignInAsync(browser, passkey);
        passkey.Count = 3;

        using var copy = gateway.NewBrowser();
        var page = await gateway.SignInAsync(copy, passkey);

        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.Equal(7, await gateway.ReadAsync<long>("select sign_count from identity.passkeys where person_id = $1", person.Id));
    }

    [Fact]
    public async Task A_question_is_good_for_five_minutes_in_the_browser_and_for_what_it_was_asked()
    {
        var (_, browser, passkey) = await gateway.PersonWithPasskeyAsync();
        using var mine = gateway.NewBrowser();
        using var other = gateway.NewBrowser();
        var (elsewhere, adding, late) = (await AskToSignInAsync(mine), await AskToAddAsync(browser), await AskToSignInAsync(mine));

        var taken = await AnswerAsync(other, "/login", passkey.Get(elsewhere.Options, gateway.Origin), elsewhere.State);
        var mixed = await AnswerAsync(browser, "/login", passkey.Get(late.Options, gateway.Origin), adding.State);
        var forged = await AnswerAsync(mine, "/login", passkey.Get(late.Options, gateway.Origin), "CfDJ8" + new string('A', 200));
        var absent = await AnswerAsync(mine, "/login", passkey.Get(late.Options, gateway.Origin), "");
        gateway.Clock.Advance(TimeSpan.FromMinutes(5));
        var expired = await AnswerAsync(mine, "/login", passkey.Get(late.Options, gateway.Origin), late.State);
        var tooLong = await AnswerAsync(browser, "/account", new SoftAuthenticator().Create(adding.Options, gateway.Origin), adding.State);

        foreach (var page in new[] { taken, mixed, forged, absent, expired, tooLong })
        {
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Contains(TooLate, page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_disabled_account_gets_the_words_of_a_passkey_that_nobody_has()
    {
        var (person, _, passkey) = await gateway.PersonWithPasskeyAsync();
        var disable = gateway.App.Services.GetRequiredService<DisablePerson>();
        await disable.RunAsync(person.Id, true, "test", CancellationToken.None);
        using var browser = gateway.NewBrowser();

        var closed = await gateway.SignInAsync(browser, passkey);
        await disable.RunAsync(person.Id, false, "test", CancellationToken.None);
        var opened = await gateway.SignInAsync(browser, passkey);

        Assert.Equal(HttpStatusCode.Unauthorized, closed.Status);
        Assert.Contains(NotRight, closed.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, opened.Status);
    }

    [Fact]
    public async Task A_passkey_belongs_to_one_account()
    {
        var (alice, _, passkey) = await gateway.PersonWithPasskeyAsync();
        var mallory = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(mallory);
        using var same = new SoftAuthenticator { CredentialId = passkey.CredentialId };
        var asked = await AskToAddAsync(browser);

        var page = await AnswerAsync(browser, "/account", same.Create(asked.Options, gateway.Origin), asked.State);

        Assert.True(page.Status is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity, page.Status.ToString());
        Assert.Equal(alice.Id, await gateway.ReadAsync<string>("select person_id from identity.passkeys where credential_id = decode($1, 'hex')", Convert.ToHexString(passkey.CredentialId)));
        Assert.Equal(0, await CountAsync(mallory));
    }

    [Fact]
    public async Task A_new_passkey_with_a_fault_is_not_added()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);
        using var passkey = new SoftAuthenticator { Transports = ["internal", "\0nonsense"] };
        foreach (var fault in new SoftAuthenticator.Fault[] { new() { Origin = "https://localhost" }, new() { Challenge = "AAAA" }, new() { RpId = "example.com" }, new() { SkipsVerification = true }, new() { IsCrossOrigin = true } })
        {
            var asked = await AskToAddAsync(browser);
            var page = await AnswerAsync(browser, "/account", passkey.Create(asked.Options, gateway.Origin, fault), asked.State);
            Assert.True(page.Status == HttpStatusCode.UnprocessableEntity, fault.ToString());
        }
        foreach (var text in new[] { "{", "null", "{}", "[[[[", """{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"v_8"},"clientExtensionResults":{}}""" })
        {
            var asked = await AskToAddAsync(browser);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(browser, "/account", text, asked.State)).Status);
        }
        Assert.Equal(0, await CountAsync(person));

        // The same without a fault; what is no transport is left out.
        var right = await AskToAddAsync(browser);
        Assert.Equal(HttpStatusCode.SeeOther, (await AnswerAsync(browser, "/account", passkey.Create(right.Options, gateway.Origin), right.State)).Status);
        Assert.Equal(["internal"], await gateway.ReadAsync<string[]>("select transports from identity.passkeys where person_id = $1", person.Id));
    }

    [Fact]
    public async Task Twenty_passkeys_are_the_most_also_for_two_at_once()
    {
        var (person, browser, _) = await gateway.PersonWithPasskeyAsync();
        await using (var database = await gateway.OpenDatabaseAsync())
        {
            await database.ExecuteAsync("""
                insert into identity.passkeys (id, person_id, credential_id, public_key, name, sign_count, is_user_verified, is_backup_eligible, is_backed_up, attestation_object, client_data_json, created_at)
                select p.id || n, p.person_id, decode(md5(p.id || n), 'hex'), p.public_key, p.name, 0, true, false, false, p.attestation_object, p.client_data_json, p.created_at
                from identity.passkeys p, generate_series(1, 18) n where p.person_id = @Id
                """, new { person.Id });
        }
        var (one, two) = (await AskToAddAsync(browser), await AskToAddAsync(browser));
        var form = (await browser.GetAsync("/account")).Form("credential");

        var answers = await Task.WhenAll(new[] { one, two }.Select(asked => browser.Http.PostAsync("/account/passkeys", new FormUrlEncodedContent(
            [.. form.Fields.Where(field => field.Key is "__RequestVerificationToken"), new("credential", new SoftAuthenticator().Create(asked.Options, gateway.Origin)), new("state", asked.State)]))));
        var full = await browser.GetAsync("/account");

        Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal(20, await CountAsync(person));
        Assert.DoesNotContain("Add a passkey", full.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_a_passkey_ends_the_sessions_that_it_opened_and_no_others()
    {
        var (person, browser, passkey) = await gateway.PersonWithPasskeyAsync();
        using var thief = gateway.NewBrowser();
        await gateway.SignInAsync(thief, passkey);

        var removed = await browser.SubmitAsync(await browser.GetAsync("/account"), ("decision", "remove"));
        var again = await gateway.SignInAsync(gateway.NewBrowser(), passkey);

        Assert.Equal(HttpStatusCode.SeeOther, removed.Status);
        Assert.StartsWith("/login", (await thief.GetAsync("/account")).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, again.Status);
        Assert.Equal("A passkey was removed from your account", gateway.NewestLetter(person.Email).Subject);
    }

    [Fact]
    public async Task Nobody_renames_or_removes_a_passkey_of_another()
    {
        var (alice, _, _) = await gateway.PersonWithPasskeyAsync("Alice's");
        var (_, mallory, _) = await gateway.PersonWithPasskeyAsync();
        var id = await gateway.ReadAsync<string>("select id from identity.passkeys where person_id = $1", alice.Id);

        foreach (var passkey in new[] { id, "psk_unknown" })
        {
            foreach (var decision in new[] { "rename", "remove" })
            {
                var page = await mallory.SubmitAsync(await mallory.GetAsync("/account"), ("decision", decision), ("passkey", passkey), ("name", "Mine"));
                Assert.Equal(HttpStatusCode.NotFound, page.Status);
            }
        }

        Assert.Equal("Alice's", await gateway.ReadAsync<string>("select name from identity.passkeys where person_id = $1", alice.Id));
    }

    [Fact]
    public async Task Another_password_by_letter_removes_every_passkey_and_by_the_present_one_keeps_them()
    {
        var (person, browser, passkey) = await gateway.PersonWithPasskeyAsync();

        var changed = await browser.SubmitAsync(await browser.GetAsync("/account"), ("new_password", "another horse battery"), ("password", PeopleFixture.Password));
        var kept = await gateway.SignInAsync(gateway.NewBrowser(), passkey);
        await browser.SubmitAsync(await browser.GetAsync("/password/forgot"), ("email", person.Email));
        var reset = await browser.SubmitAsync(await browser.GetAsync(Link(person)), ("new_password", "a third horse battery"));
        var gone = await gateway.SignInAsync(gateway.NewBrowser(), passkey);

        Assert.Equal(HttpStatusCode.SeeOther, changed.Status);
        Assert.Equal(HttpStatusCode.SeeOther, kept.Status);
        Assert.Contains("its passkeys are removed", reset.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, gone.Status);
        Assert.Equal(0, await CountAsync(person));
    }

    [Fact]
    public async Task Trying_a_passkey_ends_after_a_few_refusals()
    {
        var (_, _, passkey) = await gateway.PersonWithPasskeyAsync();
        using var browser = gateway.NewBrowser();
        var pages = new List<PersonBrowser.Page>();

        for (var tries = 0; tries < 6; tries++)
        {
            var asked = await AskToSignInAsync(browser);
            pages.Add(await AnswerAsync(browser, "/login", passkey.Get(asked.Options, gateway.Origin, new() { BreaksSignature = true }), asked.State));
        }

        Assert.All(pages[..5], page => Assert.Equal(HttpStatusCode.Unauthorized, page.Status));
        Assert.Equal(HttpStatusCode.TooManyRequests, pages[5].Status);
        Assert.NotNull(pages[5].Answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Forms_of_another_site_are_refused()
    {
        var (_, browser, passkey) = await gateway.PersonWithPasskeyAsync();
        var asked = await AskToSignInAsync(browser);
        const string token = "__RequestVerificationToken";

        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(browser, "/login", "/login/passkey/options", (token, ""))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(browser, "/account", "/account/passkeys/options", (token, ""))).Status);
        var page = await browser.SubmitAsync(await browser.GetAsync("/login"), ("credential", passkey.Get(asked.Options, gateway.Origin)), ("state", asked.State), (token, ""));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        page = await browser.SubmitAsync(await browser.GetAsync("/account"), ("credential", "{}"), ("state", "x"), (token, ""));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        page = await browser.SubmitAsync(await browser.GetAsync("/account"), ("decision", "remove"), (token, ""));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
    }

    [Theory]
    [InlineData("/login/passkey")]
    [InlineData("/login/passkey/options")]
    [InlineData("/account/passkeys")]
    [InlineData("/account/passkeys/options")]
    [InlineData("/account/passkeys/change")]
    public async Task A_body_of_a_megabyte_is_refused(string path)
    {
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());

        using var answer = await browser.Http.PostAsync(path, new FormUrlEncodedContent([new("credential", new string('x', 1 << 20))]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Only_the_pages_with_passkeys_may_run_script_and_only_the_gateways_own()
    {
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());

        foreach (var path in new[] { "/login", "/account" })
        {
            var page = await browser.GetAsync(path);
            var policy = page.Answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; ", policy, StringComparison.Ordinal);
            Assert.Single(page.Html.Split("<script")[1..]);
            var script = await browser.Http.GetAsync(page.Html.Split("<script src=\"")[1].Split('"')[0]);
            Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
            Assert.Contains("immutable", script.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        }
        foreach (var path in new[] { "/password/forgot", "/account/sessions", "/device", "/signup" })
        {
            var page = await browser.GetAsync(path);
            Assert.DoesNotContain("<script", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", page.Answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_passkey_leads_back_to_the_client_meets_its_demand_for_a_new_login_and_is_told_in_acr()
    {
        await gateway.PrepareAsync();
        var (person, browser, passkey) = await gateway.PersonWithPasskeyAsync();
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));

        var url = AuthorizeFixture.AuthorizeUrl(("prompt", "login"));
        var login = await browser.GetAsync(url);
        var signedIn = await gateway.SignInAsync(browser, passkey, url);
        var consent = await browser.FollowAsync(signedIn);
        var answer = await browser.SubmitAsync(consent, ("decision", "allow"));

        Assert.Contains("https://shop-agent.example", login.Answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.StartsWith("/oauth/authorize?", signedIn.Location, StringComparison.Ordinal);
        Assert.Contains("code", AuthorizeFixture.AnswerOf(answer).Keys);
        Assert.Equal("urn:custobot-gateway:acr:passkey", await gateway.ReadAsync<string>("select acr from identity.grants where person = $1", person.Id));
    }

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://shop.example:8443", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://gateway.localhost", true)]
    [InlineData("http://shop.example", false)]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("https://127.0.0.1", false)]
    [InlineData("https://[::1]", false)]
    public void Passkeys_are_offered_where_browsers_allow_them(string published, bool isOffered) =>
        Assert.Equal(isOffered, PasskeyCeremonies.IsOfferedAt(new Uri(published)));

    private Task<long> CountAsync(Person person) => gateway.ReadAsync<long>("select count(*) from identity.passkeys where person_id = $1", person.Id);

    private string Link(Person person) =>
        gateway.NewestLetter(person.Email).Text.Split('\n').First(line => line.StartsWith(gateway.Origin, StringComparison.Ordinal))[gateway.Origin.Length..];
}
