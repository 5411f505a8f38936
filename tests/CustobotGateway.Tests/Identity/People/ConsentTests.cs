using System.Net;
using System.Text.Json;
using CustobotGateway.Identity.People;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>What a person agrees to is what the grant holds: never more than was asked, never what a form claims.</summary>
public sealed class ConsentTests(AuthorizeFixture gateway) : IClassFixture<AuthorizeFixture>, IAsyncLifetime
{
    private const string PerOrder = "mandate_0_limits_per_order", Total = "mandate_0_limits_total", Ask = "mandate_0_approval_above", Until = "mandate_0_not_after",
        PerItem = "mandate_0_limits_per_item", Orders = "mandate_0_max_orders", Categories = "mandate_0_categories";

    public Task InitializeAsync() => gateway.PrepareAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    private static string WithMandate => AuthorizeUrl(("authorization_details", Mandate), ("scope", "checkout"));

    [Fact]
    public async Task Each_number_of_the_mandate_is_shown()
    {
        using var browser = await gateway.AliceAsync();

        var page = await browser.GetAsync(WithMandate);

        foreach (var number in new[] { "80.00", "150.00", "400.00", "1000.00", "100.00", "20", "2035-12-31" })
        {
            Assert.Contains($"value=\"{number}\"", page.Html, StringComparison.Ordinal);
        }
        Assert.Contains("a week", page.Text, StringComparison.Ordinal);
        Assert.Contains("Office supplies", page.Text, StringComparison.Ordinal);
        Assert.Contains("Ask for prices and buy for you, in EUR", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_as_it_was_shown_is_granted_as_it_was_asked()
    {
        using var browser = await gateway.AliceAsync();

        var page = await browser.GetAsync(WithMandate);
        AnswerOf(await browser.SubmitAsync(page, ("decision", "allow")));
        var whole = (await gateway.NewestGrantAsync("web")).Details!.Value;
        // A form with nothing but the decision and its hidden fields leaves everything as it was, too.
        page = await browser.GetAsync(WithMandate);
        var hidden = page.Form("decision").Fields.Where(field => field.Key is "request" or "__RequestVerificationToken").Append(new("decision", "allow"));
        AnswerOf(await PersonBrowser.Page.ReadAsync(await browser.Http.PostAsync("/oauth/consent", new FormUrlEncodedContent(hidden))));
        var bare = (await gateway.NewestGrantAsync("web")).Details!.Value;

        Assert.True(JsonElement.DeepEquals(WithoutId(whole), JsonElement.Parse(Mandate)), whole.GetRawText());
        Assert.True(JsonElement.DeepEquals(WithoutId(bare), JsonElement.Parse(Mandate)), bare.GetRawText());
        Assert.StartsWith("mdt_", whole[0].GetProperty("mandate_id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lowered_numbers_are_granted_as_the_person_wrote_them()
    {
        using var browser = await gateway.AliceAsync();

        AnswerOf(await browser.SubmitAsync(await browser.GetAsync(WithMandate), ("decision", "allow"), (PerOrder, "99.95"), (Ask, "0.01"), (Orders, "3"), (Until, "2034-01-31"), (Categories, "it")));

        var mandate = (await gateway.NewestGrantAsync("web")).Details!.Value[0];
        Assert.Equal(9_995, mandate.GetProperty("limits").GetProperty("per_order").GetInt64());
        Assert.Equal(8_000, mandate.GetProperty("limits").GetProperty("per_item").GetInt64());
        Assert.Equal(1, mandate.GetProperty("approval_above").GetInt64());
        Assert.Equal(3, mandate.GetProperty("max_orders").GetInt32());
        Assert.Equal("2034-01-31T23:59:59Z", mandate.GetProperty("not_after").GetString());
        Assert.Equal(["it"], mandate.GetProperty("categories").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public async Task Lowering_the_total_lowers_what_would_be_above_it()
    {
        using var browser = await gateway.AliceAsync();

        AnswerOf(await browser.SubmitAsync(await browser.GetAsync(WithMandate), ("decision", "allow"), (Total, "50")));

        var limits = (await gateway.NewestGrantAsync("web")).Details!.Value[0].GetProperty("limits");
        Assert.Equal(5_000, limits.GetProperty("total").GetInt64());
        Assert.Equal(5_000, limits.GetProperty("per_order").GetInt64());
        Assert.Equal(5_000, limits.GetProperty("per_item").GetInt64());
    }

    [Theory]
    [InlineData(PerOrder, "150.01")]
    [InlineData(PerOrder, "1e9")]
    [InlineData(PerOrder, "-1")]
    [InlineData(PerOrder, "")]
    [InlineData(PerOrder, "0")]
    [InlineData(PerOrder, "10.001")]
    [InlineData(PerOrder, "99999999999999999999999999999")]
    [InlineData(PerOrder, "1,50")]
    [InlineData(PerOrder, "nan")]
    [InlineData(PerItem, "80.01")]
    [InlineData(Total, "1000.01")]
    [InlineData(Ask, "100.01")]
    [InlineData(Ask, "")]
    [InlineData(Orders, "21")]
    [InlineData(Orders, "1.5")]
    [InlineData(Orders, "")]
    [InlineData(Until, "2036-01-01")]
    [InlineData(Until, "")]
    [InlineData(Until, "tomorrow")]
    [InlineData(Until, "2001-01-01")]
    [InlineData(Categories, "")]
    [InlineData(Categories, "weapons")]
    public async Task Nothing_can_be_raised_emptied_or_garbled(string field, string value)
    {
        using var browser = await gateway.AliceAsync();
        var grants = await gateway.GrantCountAsync();

        var answer = await browser.SubmitAsync(await browser.GetAsync(WithMandate), ("decision", "allow"), (field, value));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Null(answer.Location);
        Assert.Contains("role=\"alert\"", answer.Html, StringComparison.Ordinal);
        Assert.Equal(grants, await gateway.GrantCountAsync());
        // The page is still good: corrected, it goes through.
        AnswerOf(await browser.SubmitAsync(answer, ("decision", "deny")));
    }

    [Fact]
    public async Task A_category_that_was_not_asked_is_not_granted_beside_others()
    {
        using var browser = await gateway.AliceAsync();

        AnswerOf(await browser.SubmitAsync(await browser.GetAsync(WithMandate), ("decision", "allow"), (Categories, "it"), (Categories, "weapons")));

        var mandate = (await gateway.NewestGrantAsync("web")).Details!.Value[0];
        Assert.Equal(["it"], mandate.GetProperty("categories").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public async Task A_limit_that_was_not_asked_can_be_set()
    {
        using var browser = await gateway.AliceAsync();
        var page = await browser.GetAsync(AuthorizeUrl(("authorization_details", """[{"type":"purchase_mandate","actions":["purchase"],"currency":"JPY"}]"""), ("scope", "checkout")));

        AnswerOf(await browser.SubmitAsync(page, ("decision", "allow"), (Total, "5000"), (Ask, "1000")));

        var mandate = (await gateway.NewestGrantAsync("web")).Details!.Value[0];
        Assert.Equal(5_000, mandate.GetProperty("limits").GetProperty("total").GetInt64());
        Assert.Equal(1_000, mandate.GetProperty("approval_above").GetInt64());
    }

    [Fact]
    public async Task Refusing_tells_the_client_so_and_grants_nothing()
    {
        using var browser = await gateway.AliceAsync();
        var grants = await gateway.GrantCountAsync();

        var parameters = AnswerOf(await browser.SubmitAsync(await browser.GetAsync(WithMandate), ("decision", "deny")));

        Assert.Equal("access_denied", parameters["error"]);
        Assert.Equal("st&=ä /1", parameters["state"]);
        Assert.Equal(gateway.Issuer, parameters["iss"]);
        Assert.Equal(grants, await gateway.GrantCountAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("maybe")]
    [InlineData("Allow")]
    public async Task Only_the_two_buttons_decide(string? decision)
    {
        using var browser = await gateway.AliceAsync();
        var grants = await gateway.GrantCountAsync();
        var page = await browser.GetAsync(WithMandate);

        var answer = decision is null ? await browser.SubmitAsync(page) : await browser.SubmitAsync(page, ("decision", decision));

        Assert.Null(answer.Location);
        Assert.Equal(grants, await gateway.GrantCountAsync());
    }

    [Fact]
    public async Task What_the_form_claims_of_the_request_counts_for_nothing()
    {
        using var browser = await gateway.AliceAsync();

        var answer = await browser.SubmitAsync(await browser.GetAsync(AuthorizeUrl()), ("decision", "allow"), ("scope", "checkout catalog:write"), ("redirect_uri", "https://evil.example/"),
            ("client_id", "two"), ("authorization_details", Mandate), ("state", "evil"));

        var parameters = AnswerOf(answer);
        var grant = await gateway.NewestGrantAsync("web");
        Assert.Equal("st&=ä /1", parameters["state"]);
        Assert.Equal(["catalog:read"], grant.Scopes);
        Assert.Null(grant.Details);
    }

    [Fact]
    public async Task A_decision_counts_once()
    {
        using var browser = await gateway.AliceAsync();
        var page = await browser.GetAsync(WithMandate);
        var grants = await gateway.GrantCountAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => browser.SubmitAsync(page, ("decision", "allow"))));

        Assert.Single(answers, answer => answer.Location is not null);
        Assert.Equal(9, answers.Count(answer => answer.Status == HttpStatusCode.BadRequest));
        Assert.Equal(grants + 1, await gateway.GrantCountAsync());
    }

    [Fact]
    public async Task Another_persons_page_decides_nothing_for_me()
    {
        using var alice = await gateway.AliceAsync();
        using var mallory = await gateway.SignedInAsync(await gateway.PersonAsync());
        var hers = (await alice.GetAsync(WithMandate)).Form("decision").Fields.Single(field => field.Key == "request").Value;
        var own = await mallory.GetAsync(WithMandate);

        var answer = await mallory.SubmitAsync(own, ("decision", "allow"), ("request", hers));
        var tampered = await mallory.SubmitAsync(own, ("decision", "allow"), ("request", "tampered"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
        Assert.Equal(HttpStatusCode.BadRequest, tampered.Status);
    }

    [Fact]
    public async Task A_page_of_an_ended_session_decides_nothing()
    {
        using var browser = await gateway.AliceAsync();
        var page = await browser.GetAsync(WithMandate);

        await browser.LogInAsync(Email, PeopleFixture.Password);
        var answer = await browser.SubmitAsync(page, ("decision", "allow"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task A_form_of_another_site_decides_nothing()
    {
        using var browser = await gateway.AliceAsync();
        var page = await browser.GetAsync(WithMandate);

        var answer = await browser.SubmitAsync(page, ("decision", "allow"), ("__RequestVerificationToken", ""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task A_page_that_lay_too_long_decides_nothing()
    {
        using var browser = await gateway.AliceAsync();
        var page = await browser.GetAsync(WithMandate);

        gateway.Clock.Advance(TimeSpan.FromMinutes(16));
        var answer = await browser.SubmitAsync(page, ("decision", "allow"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task A_principal_cannot_give_away_what_only_the_staff_has()
    {
        using var browser = await gateway.AliceAsync();
        var page = await browser.GetAsync(AuthorizeUrl(("scope", "catalog:read catalog:write")));
        AnswerOf(await browser.SubmitAsync(page, ("decision", "allow")));
        var given = (await gateway.NewestGrantAsync("web")).Scopes;
        var nothing = AnswerOf(await browser.GetAsync(AuthorizeUrl(("scope", "catalog:write"))));
        using var editor = await gateway.SignedInAsync(await gateway.PersonAsync(StaffRole.PolicyEditor));
        AnswerOf(await editor.SubmitAsync(await editor.GetAsync(AuthorizeUrl(("scope", "catalog:read catalog:write"))), ("decision", "allow")));

        Assert.Contains("your account does not have", page.Text, StringComparison.Ordinal);
        Assert.Equal(["catalog:read"], given);
        Assert.Equal("access_denied", nothing["error"]);
        Assert.Equal(["catalog:read", "catalog:write"], (await gateway.NewestGrantAsync("web")).Scopes);
    }

    [Fact]
    public async Task Consent_is_remembered_only_when_the_person_wants_it_and_only_for_that_much()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);

        AnswerOf(await browser.SubmitAsync(await browser.GetAsync(AuthorizeUrl()), ("decision", "allow")));
        var asked = await browser.GetAsync(AuthorizeUrl());
        AnswerOf(await browser.SubmitAsync(asked, ("decision", "allow"), ("remember", "yes")));

        Assert.Contains("code", AnswerOf(await browser.GetAsync(AuthorizeUrl())).Keys);
        Assert.Contains("code", AnswerOf(await browser.GetAsync(AuthorizeUrl(("prompt", "none")))).Keys);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(AuthorizeUrl(("prompt", "consent")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(AuthorizeUrl(("scope", "catalog:read checkout")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(AuthorizeUrl(("authorization_details", Mandate)))).Status);
    }

    [Theory]
    [InlineData("loopback", "http://127.0.0.1:4000/callback")]
    [InlineData("app", "com.example.app:/callback")]
    public async Task Consent_is_never_remembered_where_any_program_could_be_answered(string client, string redirectUri)
    {
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());
        var url = AuthorizeUrl(("client_id", client), ("redirect_uri", redirectUri));

        var page = await browser.GetAsync(url);
        AnswerOf(await browser.SubmitAsync(page, ("decision", "allow"), ("remember", "yes")), redirectUri);

        Assert.DoesNotContain("name=\"remember\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(url)).Status);
    }

    private static JsonElement WithoutId(JsonElement details)
    {
        var array = System.Text.Json.Nodes.JsonArray.Create(details)!;
        array[0]!.AsObject().Remove("mandate_id");
        return JsonSerializer.SerializeToElement(array);
    }
}
