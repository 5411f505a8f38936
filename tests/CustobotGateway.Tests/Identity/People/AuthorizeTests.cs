using System.Net;
using CustobotGateway.Identity.People;
using Microsoft.Extensions.DependencyInjection;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>The authorization endpoint: what is shown, what is sent to the client, and what never is.</summary>
public sealed class AuthorizeTests(AuthorizeFixture gateway) : IClassFixture<AuthorizeFixture>, IAsyncLifetime
{
    public Task InitializeAsync() => gateway.PrepareAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Login_consent_and_code_follow_one_another_without_script()
    {
        using var browser = gateway.NewBrowser();

        var login = await browser.FollowAsync(await browser.GetAsync(AuthorizeUrl()));
        var signedIn = await browser.SubmitAsync(login, ("email", Email), ("password", PeopleFixture.Password));
        var consent = await browser.FollowAsync(signedIn);
        var answer = await browser.SubmitAsync(consent, ("decision", "allow"));

        Assert.Contains("name=\"password\"", login.Html, StringComparison.Ordinal);
        Assert.Contains("web", login.Text, StringComparison.Ordinal);
        Assert.Contains("Allow web", consent.Text, StringComparison.Ordinal);
        Assert.Contains("shop-agent.example", consent.Text, StringComparison.Ordinal);
        Assert.Contains("See products, prices and stock", consent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", consent.Html, StringComparison.OrdinalIgnoreCase);
        var parameters = AnswerOf(answer);
        Assert.Equal(["code", "iss", "state"], parameters.Keys.Order());
        Assert.Equal("st&=ä /1", parameters["state"]);
        Assert.Equal(gateway.Issuer, parameters["iss"]);
        Assert.Equal("same-origin", answer.Answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(answer.Answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_code_gives_the_tokens_of_what_the_person_granted_and_a_changed_password_ends_them()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);
        var consent = await browser.GetAsync(AuthorizeUrl(("scope", "catalog:read checkout offline_access"), ("authorization_details", Mandate)));
        var code = AnswerOf(await browser.SubmitAsync(consent, ("decision", "allow"), ("mandate_0_limits_total", "200")))["code"];

        var (status, tokens) = await TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", WebUri), ("code_verifier", Verifier));
        await gateway.App.Services.GetRequiredService<ChangePassword>().RunAsync(person.Id, "another password", "test", CancellationToken.None);
        var (ended, refusal) = await TokenAsync(("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("catalog:read checkout offline_access", tokens.GetProperty("scope").GetString());
        Assert.Equal(20_000, tokens.GetProperty("authorization_details")[0].GetProperty("limits").GetProperty("total").GetInt64());
        Assert.Equal(HttpStatusCode.BadRequest, ended);
        Assert.Equal("invalid_grant", refusal.GetProperty("error").GetString());
    }

    private async Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body)> TokenAsync(params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token")
        {
            Content = new FormUrlEncodedContent(form.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))),
            Headers = { Authorization = new("Basic", Convert.ToBase64String("web:web-secret"u8)) },
        };
        using var answer = await gateway.Client.SendAsync(request);
        return (answer.StatusCode, await CustobotGateway.Tests.Common.GatewayFixture.ReadJsonAsync(answer));
    }

    [Fact]
    public async Task The_form_may_lead_to_the_clients_address_and_to_no_other()
    {
        using var browser = await gateway.AliceAsync();

        var consent = await browser.GetAsync(AuthorizeUrl());
        var app = await browser.GetAsync(AuthorizeUrl(("client_id", "app"), ("redirect_uri", "com.example.app:/callback")));

        Assert.EndsWith("form-action 'self' https://shop-agent.example", consent.Answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.EndsWith("form-action 'self' com.example.app:", app.Answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_id", null)]
    [InlineData("client_id", "unknown")]
    [InlineData("client_id", "<script>alert(1)</script>")]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("redirect_uri", "https://shop-agent.example/callback/")]
    [InlineData("redirect_uri", "https://shop-agent.example/Callback")]
    [InlineData("redirect_uri", "https://shop-agent.example/callback?x=1")]
    [InlineData("redirect_uri", "https://shop-agent.example/callback#x")]
    [InlineData("redirect_uri", "https://shop-agent.example@evil.example/callback")]
    [InlineData("redirect_uri", "https://shop-agent.example/../callback")]
    [InlineData("redirect_uri", "http://shop-agent.example/callback")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("request_uri", "https://evil.example/request.jwt")]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:unknown")]
    public async Task Until_client_and_address_are_sure_errors_are_shown_and_nobody_is_sent_anywhere(string name, string? value)
    {
        using var browser = await gateway.AliceAsync();

        var page = await browser.GetAsync(AuthorizeUrl((name, value)));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Location);
        Assert.StartsWith("text/html", page.Answer.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("scope", "unknown", "invalid_scope")]
    [InlineData("scope", "demand:read", "invalid_scope")]
    [InlineData("resource", "https://evil.example/", "invalid_target")]
    [InlineData("resource", "no uri", "invalid_target")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("dpop_jkt", "x", "invalid_request")]
    [InlineData("authorization_details", "no json", "invalid_authorization_details")]
    [InlineData("authorization_details", """[{"type":"unknown"}]""", "invalid_authorization_details")]
    [InlineData("authorization_details", """[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","unknown":1}]""", "invalid_authorization_details")]
    [InlineData("authorization_details", """[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"total":-5}}]""", "invalid_authorization_details")]
    public async Task Other_errors_go_to_the_client_with_state_and_issuer(string name, string? value, string error)
    {
        using var browser = gateway.NewBrowser();

        var parameters = AnswerOf(await browser.GetAsync(AuthorizeUrl((name, value))));

        Assert.Equal(error, parameters["error"]);
        Assert.Equal("st&=ä /1", parameters["state"]);
        Assert.Equal(gateway.Issuer, parameters["iss"]);
        Assert.DoesNotContain("code", parameters.Keys);
    }

    [Fact]
    public async Task Repeated_parameters_are_shown_as_an_error()
    {
        using var browser = gateway.NewBrowser();

        var page = await browser.GetAsync(AuthorizeUrl() + "&redirect_uri=https%3A%2F%2Fevil.example%2F");

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain("evil", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_without_the_grant_is_unauthorized_and_one_that_has_to_push_is_told_so()
    {
        using var browser = gateway.NewBrowser();

        var machine = AnswerOf(await browser.GetAsync(AuthorizeUrl(("client_id", "machine"))));
        var par = AnswerOf(await browser.GetAsync(AuthorizeUrl(("client_id", "par"))));

        Assert.Equal("unauthorized_client", machine["error"]);
        Assert.Equal("invalid_request", par["error"]);
    }

    [Fact]
    public async Task Where_several_addresses_are_registered_one_has_to_be_named_and_its_query_stays()
    {
        using var browser = await gateway.AliceAsync();

        var unnamed = await browser.GetAsync(AuthorizeUrl(("client_id", "two"), ("redirect_uri", null)));
        var answer = await browser.SubmitAsync(await browser.GetAsync(AuthorizeUrl(("client_id", "two"), ("redirect_uri", "https://b.example/cb?x=1"))), ("decision", "deny"));

        Assert.Equal(HttpStatusCode.BadRequest, unnamed.Status);
        Assert.Equal("1", AnswerOf(answer, "https://b.example/cb?x=1&")["x"]);
    }

    [Theory]
    [InlineData("http://127.0.0.1:51004/callback", true)]
    [InlineData("http://127.0.0.1/callback", true)]
    [InlineData("http://127.0.0.1:51004/other", false)]
    [InlineData("http://localhost:51004/callback", false)]
    [InlineData("http://[::1]:51004/callback", false)]
    [InlineData("https://127.0.0.1:51004/callback", false)]
    [InlineData("http://127.0.0.1:51004@evil.example/callback", false)]
    public async Task At_a_loopback_address_only_the_port_is_free(string redirectUri, bool isAllowed)
    {
        using var browser = await gateway.AliceAsync();

        var page = await browser.GetAsync(AuthorizeUrl(("client_id", "loopback"), ("redirect_uri", redirectUri)));

        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.BadRequest, page.Status);
    }

    [Fact]
    public async Task Prompt_none_shows_no_page()
    {
        using var stranger = gateway.NewBrowser();
        using var alice = await gateway.AliceAsync();

        Assert.Equal("login_required", AnswerOf(await stranger.GetAsync(AuthorizeUrl(("prompt", "none"))))["error"]);
        Assert.Equal("consent_required", AnswerOf(await alice.GetAsync(AuthorizeUrl(("prompt", "none"))))["error"]);
        gateway.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("login_required", AnswerOf(await alice.GetAsync(AuthorizeUrl(("prompt", "none"), ("max_age", "60"))))["error"]);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("prompt", "select_account")]
    [InlineData("max_age", "0")]
    public async Task A_new_login_is_demanded_once_and_an_old_one_does_not_do(string name, string value)
    {
        using var browser = await gateway.AliceAsync();
        gateway.Clock.Advance(TimeSpan.FromSeconds(5));

        var login = await browser.GetAsync(AuthorizeUrl((name, value)));
        var again = await browser.GetAsync(login.Form("email").Fields.Single(field => field.Key == "return_url").Value);
        var consent = await browser.FollowAsync(await browser.SubmitAsync(login, ("email", Email), ("password", PeopleFixture.Password)));

        Assert.Contains("name=\"password\"", login.Html, StringComparison.Ordinal);
        // Going to the address without logging in does not count as having done so.
        Assert.Contains("name=\"password\"", again.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"decision\"", consent.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_cannot_claim_that_its_demand_for_a_login_was_met()
    {
        using var browser = await gateway.AliceAsync();
        gateway.Clock.Advance(TimeSpan.FromSeconds(5));
        var login = await browser.GetAsync(AuthorizeUrl(("prompt", "login")));
        var demanded = login.Form("email").Fields.Single(field => field.Key == "return_url").Value;
        await browser.SubmitAsync(login, ("email", Email), ("password", PeopleFixture.Password));
        gateway.Clock.Advance(TimeSpan.FromSeconds(5));

        var forged = await browser.GetAsync(AuthorizeUrl(("prompt", "login")) + "&login_since=forged");
        var moved = await browser.GetAsync(AuthorizeUrl(("prompt", "login"), ("scope", "checkout")) + demanded[demanded.IndexOf("&login_since=", StringComparison.Ordinal)..]);

        Assert.Contains("name=\"password\"", forged.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"password\"", moved.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hint_is_written_into_the_field_and_nothing_else()
    {
        using var browser = gateway.NewBrowser();

        var known = await browser.GetAsync(AuthorizeUrl(("login_hint", Email)));
        var hostile = await browser.GetAsync(AuthorizeUrl(("login_hint", "\"><script>alert(1)</script>")));

        Assert.Contains($"value=\"{Email}\"", known.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", hostile.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_request_as_a_form_is_answered_like_one_in_the_address()
    {
        using var browser = await gateway.AliceAsync();
        var query = AuthorizeUrl()["/oauth/authorize?".Length..];

        using var content = new StringContent(query, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        var moved = await PersonBrowser.Page.ReadAsync(await browser.Http.PostAsync("/oauth/authorize", content));
        var consent = await browser.FollowAsync(moved);

        Assert.Equal(HttpStatusCode.SeeOther, moved.Status);
        Assert.Contains("name=\"decision\"", consent.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_disabled_while_the_person_reads_gets_nothing()
    {
        await gateway.SeedAsync("""{"clients":[{"client_id":"short-lived","client_secret":"s","redirect_uris":["https://shop-agent.example/callback"],"scopes":["catalog:read"]}]}""");
        using var browser = await gateway.AliceAsync();
        var consent = await browser.GetAsync(AuthorizeUrl(("client_id", "short-lived")));

        await gateway.App.Services.GetRequiredService<CustobotGateway.Identity.Clients.ClientStore>().DisableAsync("short-lived", "test", CancellationToken.None);
        var answer = await browser.SubmitAsync(consent, ("decision", "allow"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task A_person_that_is_disabled_while_reading_gives_nothing()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);
        var consent = await browser.GetAsync(AuthorizeUrl());

        await gateway.App.Services.GetRequiredService<DisablePerson>().RunAsync(person.Id, true, "test", CancellationToken.None);
        var answer = await browser.SubmitAsync(consent, ("decision", "allow"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task A_person_that_is_disabled_or_changes_the_password_takes_back_what_was_granted()
    {
        foreach (var disables in new[] { true, false })
        {
            var person = await gateway.PersonAsync();
            using var browser = await gateway.SignedInAsync(person);
            AnswerOf(await browser.SubmitAsync(await browser.GetAsync(AuthorizeUrl()), ("decision", "allow")));
            var grant = (await gateway.NewestGrantAsync("web")).Id;

            _ = disables
                ? await gateway.App.Services.GetRequiredService<DisablePerson>().RunAsync(person.Id, true, "test", CancellationToken.None)
                : await gateway.App.Services.GetRequiredService<ChangePassword>().RunAsync(person.Id, "another password", "test", CancellationToken.None);

            await using var connection = await gateway.OpenDatabaseAsync();
            await using var command = new Npgsql.NpgsqlCommand("select g.revoked_at is not null and c.consumed_at is not null from identity.grants g join identity.codes c on c.grant_id = g.id where g.id = $1", connection)
            {
                Parameters = { new() { Value = grant } },
            };
            Assert.True((bool)(await command.ExecuteScalarAsync())!);
        }
    }
}
