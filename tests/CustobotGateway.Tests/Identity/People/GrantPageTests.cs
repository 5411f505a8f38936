using System.Net;
using Dapper;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>A person sees what agents may do and do, changes it, and ends it.</summary>
public sealed class GrantPageTests(AuthorizeFixture gateway) : IClassFixture<AuthorizeFixture>, IAsyncLifetime
{
    public Task InitializeAsync() => gateway.PrepareAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    private static string Words(PersonBrowser.Page page) => string.Join(' ', page.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<PersonBrowser> PersonAsync() => await gateway.SignedInAsync(await gateway.PersonAsync());

    [Fact]
    public async Task The_pages_tell_the_agent_its_limits_what_is_left_and_what_happened()
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        Assert.Null(await gateway.BuyAsync(grant, "cks_1", 5_000));

        var list = await browser.GetAsync("/grants");
        var page = await browser.GetAsync($"/grants/{grant}");

        Assert.Contains($"/grants/{grant}", list.Html, StringComparison.Ordinal);
        Assert.Contains("350.00 EUR left of 400.00 EUR a week", Words(list), StringComparison.Ordinal);
        foreach (var words in new[]
        {
            "web", "Registered by the shop", "Active", "950.00 EUR left of 1,000.00 EUR altogether", "19 of 20 orders left", "At most 150.00 EUR for one order",
            "Only Computers and accessories and Office supplies", "Asks you before an order above 100.00 EUR", "You gave the access", "web paid 50.00 EUR", "this ends with it",
        })
        {
            Assert.Contains(words, Words(page), StringComparison.Ordinal);
        }
        Assert.Contains("<meter", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_pauses_resumes_and_ends_a_grant()
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        var address = $"/grants/{grant}";

        await browser.SubmitAsync(await browser.GetAsync(address), ("decision", "pause"));
        var paused = await browser.GetAsync(address);
        var refused = await gateway.BuyAsync(grant, "cks_1", 1_000);
        await browser.SubmitAsync(paused, ("decision", "resume"));
        var bought = await gateway.BuyAsync(grant, "cks_2", 1_000);
        var ended = await browser.SubmitAsync(await browser.GetAsync(address), ("decision", "revoke"));
        var after = await browser.GetAsync(address);

        Assert.Contains("Paused", paused.Text, StringComparison.Ordinal);
        Assert.Equal("grant_paused", refused?.Type.Code);
        Assert.Null(bought);
        Assert.Equal(HttpStatusCode.SeeOther, ended.Status);
        Assert.Contains("It was ended", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"decision\"", after.Html, StringComparison.Ordinal);
        Assert.Equal("grant_revoked", (await gateway.BuyAsync(grant, "cks_3", 1_000))?.Type.Code);
    }

    [Fact]
    public async Task What_will_end_is_named_before_and_what_ended_afterwards()
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        await gateway.AskAsync(grant, "cks_waits");

        var before = await browser.GetAsync($"/grants/{grant}");
        await browser.SubmitAsync(before, ("decision", "revoke"));
        var after = await browser.GetAsync($"/grants/{grant}");

        Assert.Contains("A purchase that waits for you", before.Text, StringComparison.Ordinal);
        Assert.Contains("This ended with it", after.Text, StringComparison.Ordinal);
        Assert.Contains("A purchase that waits for you", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_persons_grant_is_not_there()
    {
        using var alice = await PersonAsync();
        using var mallory = await PersonAsync();
        var (hers, his) = (await gateway.GrantAsync(alice), await gateway.GrantAsync(mallory));
        var own = await mallory.GetAsync($"/grants/{his}");
        var token = own.Form("decision").Fields.Single(field => field.Key == "__RequestVerificationToken").Value;

        Assert.DoesNotContain(hers, (await mallory.GetAsync("/grants")).Html, StringComparison.Ordinal);
        foreach (var path in new[] { $"/grants/{hers}", $"/grants/{hers}/preferences", "/grants/none", "/grants/%20", "/grants/none/preferences" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await mallory.GetAsync(path)).Status);
        }
        foreach (var decision in new[] { "pause", "resume", "revoke" })
        {
            using var answer = await mallory.Http.PostAsync($"/grants/{hers}", new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("decision", decision)]));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Contains("Active", (await alice.GetAsync($"/grants/{hers}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_or_without_a_decision_changes_nothing()
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        var page = await browser.GetAsync($"/grants/{grant}");

        var forged = await browser.SubmitAsync(page, ("decision", "revoke"), ("__RequestVerificationToken", ""));
        var nothing = await browser.SubmitAsync(page, ("decision", "grant_more"));

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.Equal(HttpStatusCode.BadRequest, nothing.Status);
        Assert.Contains("Active", (await browser.GetAsync($"/grants/{grant}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/grants")]
    [InlineData("/grants/grt_1")]
    [InlineData("/grants/grt_1/preferences")]
    [InlineData("/approvals")]
    [InlineData("/approvals/apr_1")]
    public async Task Nobody_sees_the_pages_without_signing_in(string path)
    {
        using var browser = gateway.NewBrowser();

        Assert.Equal("/login?return_url=" + Uri.EscapeDataString(path), (await browser.GetAsync(path)).Location);
    }

    [Fact]
    public async Task A_person_says_what_they_would_rather_have_and_takes_it_back()
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        var address = $"/grants/{grant}/preferences";

        var saved = await browser.SubmitAsync(await browser.GetAsync(address), ("decision", "save"), ("wish_0_attribute", "repairability_index"), ("wish_0_direction", "Higher"), ("wish_0_value", "7"),
            ("wish_0_weight", "1"), ("prefer_brands", "Aster, Blume"), ("avoid_brands", "Cheapo"), ("delivery_days", "3"), ("repairable", "yes"), ("green_weight", "0.5"), ("stance", "Frugal"));
        var page = await browser.GetAsync($"/grants/{grant}");
        var again = await browser.GetAsync(address);
        await browser.SubmitAsync(again, ("decision", "save"), ("wish_0_attribute", ""), ("prefer_brands", ""), ("avoid_brands", ""), ("delivery_days", ""), ("repairable", ""), ("stance", ""));

        Assert.Equal($"/grants/{grant}", saved.Location);
        foreach (var words in new[] { "or more (very much)", "Rather of Aster or Blume", "Rather not of Cheapo", "Rather delivered within 3 days", "Rather repairable (quite)", "Rather cheap" })
        {
            Assert.Contains(words, page.Text, StringComparison.Ordinal);
        }
        Assert.Contains("value=\"repairability_index\"", again.Html, StringComparison.Ordinal);
        Assert.Contains("You said nothing about it", (await browser.GetAsync($"/grants/{grant}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wish_0_attribute", "no_such_attribute")]
    [InlineData("delivery_days", "soon")]
    [InlineData("delivery_days", "999")]
    [InlineData("prefer_brands", "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x,y,z,1,2,3,4,5,6,7")]
    public async Task What_cannot_be_preferred_is_refused_and_shown_again(string field, string value)
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);

        var answer = await browser.SubmitAsync(await browser.GetAsync($"/grants/{grant}/preferences"), ("decision", "save"), (field, value));

        Assert.InRange((int)answer.Status, 400, 422);
        Assert.Contains("role=\"alert\"", answer.Html, StringComparison.Ordinal);
        Assert.Contains("You said nothing about it", (await browser.GetAsync($"/grants/{grant}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_consent_page_takes_the_time_zone_and_preferences_with_the_mandate()
    {
        using var browser = await PersonAsync();

        var grant = await gateway.GrantAsync(browser, Mandate, ("time_zone", "Europe/Berlin"), ("repairable", "yes"), ("green_weight", "1"));
        var page = await browser.GetAsync($"/grants/{grant}");

        Assert.Contains("Europe/Berlin", page.Text, StringComparison.Ordinal);
        Assert.Contains("Rather repairable (very much)", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_grants_live_by_the_clock_of_the_account()
    {
        using var browser = await PersonAsync();
        await browser.SubmitAsync(await browser.GetAsync("/account"), ("time_zone", "Asia/Tokyo"));

        // A form without the question, as of an older page.
        var page = await browser.GetAsync(AuthorizeUrl(("authorization_details", Mandate), ("scope", "checkout")));
        var hidden = page.Form("decision").Fields.Where(field => field.Key is "request" or "__RequestVerificationToken").Append(new("decision", "allow"));
        AnswerOf(await PersonBrowser.Page.ReadAsync(await browser.Http.PostAsync("/oauth/consent", new FormUrlEncodedContent(hidden))));
        var grant = (await gateway.NewestGrantAsync("web")).Id;

        await using var connection = await gateway.OpenDatabaseAsync();
        Assert.Equal("Asia/Tokyo", await connection.QuerySingleAsync<string>("select time_zone from identity.grants where id = @grant", new { grant }));
        Assert.Contains("<option value=\"Asia/Tokyo\" selected", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_history_is_read_a_page_at_a_time()
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        for (var i = 0; i < 15; i++)
        {
            await gateway.BuyAsync(grant, $"cks_{i}", 100);
        }

        var page = await browser.GetAsync($"/grants/{grant}");
        var earlier = page.Html.Split("?before=")[1].Split('#', '"')[0];
        var before = await browser.GetAsync($"/grants/{grant}?before={earlier}");

        Assert.Equal(12, page.Html.Split("<li><span>").Length - 1);
        Assert.DoesNotContain("gave the access", page.Text, StringComparison.Ordinal);
        Assert.Contains("What happened", before.Text, StringComparison.Ordinal);
        foreach (var odd in new[] { "?before=0", "?before=-1", "?before=x", "?before=99999999999999999999", "?after=%00", "?status=nonsense", "?status=99" })
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/grants/{grant}{odd}")).Status);
            Assert.InRange((int)(await browser.GetAsync($"/grants{odd}")).Status, 200, 404);
        }
    }

    [Fact]
    public async Task Purchases_that_wait_are_decided_once_by_their_person_for_their_offer()
    {
        using var browser = await PersonAsync();
        using var mallory = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        await gateway.GrantAsync(mallory);
        var approval = await gateway.AskAsync(grant, "cks_1");
        var address = $"/approvals/{approval.Id}";

        var list = await browser.GetAsync("/approvals");
        var page = await browser.GetAsync(address);
        var stranger = await mallory.GetAsync(address);
        var agreed = await browser.SubmitAsync(page, ("decision", "approve"));
        var twice = await browser.SubmitAsync(page, ("decision", "deny"));
        var after = await browser.GetAsync(address);

        Assert.Contains("1 × A laptop", list.Text, StringComparison.Ordinal);
        Assert.Contains("Approvals 1 waiting", Words(list), StringComparison.Ordinal);
        foreach (var words in new[] { "Buy this for 120.00 EUR?", "1 × A laptop", "Discount", "-5.00 EUR", "120.00 EUR", "above 100.00 EUR" })
        {
            Assert.Contains(words, page.Text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, stranger.Status);
        Assert.Equal(HttpStatusCode.SeeOther, agreed.Status);
        Assert.Equal(HttpStatusCode.Conflict, twice.Status);
        Assert.Contains("You agreed", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"decision\"", after.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_a_changed_an_expired_and_an_ended_purchase_say_so()
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        var denied = await gateway.AskAsync(grant, "cks_1");
        var changed = await gateway.AskAsync(grant, "cks_2");
        var expired = await gateway.AskAsync(grant, "cks_3", validity: TimeSpan.FromMinutes(1));
        var ended = await gateway.AskAsync(grant, "cks_4");
        var pages = new Dictionary<string, PersonBrowser.Page>();
        foreach (var one in new[] { denied, changed, expired, ended })
        {
            pages[one.Id] = await browser.GetAsync($"/approvals/{one.Id}");
        }

        await browser.SubmitAsync(pages[denied.Id], ("decision", "deny"));
        await gateway.AskAsync(grant, "cks_2", title: "A dearer laptop");
        gateway.Clock.Advance(TimeSpan.FromMinutes(2));
        var late = await browser.SubmitAsync(pages[expired.Id], ("decision", "approve"));
        var replaced = await browser.SubmitAsync(pages[changed.Id], ("decision", "approve"));
        await browser.SubmitAsync(await browser.GetAsync($"/grants/{grant}"), ("decision", "revoke"));
        var withdrawn = await browser.SubmitAsync(pages[ended.Id], ("decision", "approve"));

        Assert.Contains("You refused", (await browser.GetAsync($"/approvals/{denied.Id}")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("The agent can ask again", late.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, replaced.Status);
        Assert.Contains("The agent changed the offer", replaced.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, withdrawn.Status);
        Assert.Contains("access of the agent was ended", withdrawn.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing waits", (await browser.GetAsync("/approvals")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_agrees_to_no_purchase()
    {
        using var browser = await PersonAsync();
        var grant = await gateway.GrantAsync(browser);
        var approval = await gateway.AskAsync(grant, "cks_1");
        var page = await browser.GetAsync($"/approvals/{approval.Id}");

        var forged = await browser.SubmitAsync(page, ("decision", "approve"), ("__RequestVerificationToken", ""));
        var neither = await browser.SubmitAsync(page, ("decision", "yes"));

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, neither.Status);
        Assert.Contains("Waits for you", (await browser.GetAsync($"/approvals/{approval.Id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_decisions_at_once_count_once()
    {
        using var browser = await PersonAsync();
        var approval = await gateway.AskAsync(await gateway.GrantAsync(browser), "cks_1");
        var page = await browser.GetAsync($"/approvals/{approval.Id}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => browser.SubmitAsync(page, ("decision", i % 2 == 0 ? "approve" : "deny"))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.SeeOther);
        Assert.Equal(9, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
    }
}
