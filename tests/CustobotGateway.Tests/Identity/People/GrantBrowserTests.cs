using CustobotGateway.Tests.Common;
using Microsoft.Playwright;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>The principal's pages and approvals in a real browser.</summary>
public sealed class GrantBrowserTests(AuthorizeFixture gateway) : InBrowser(gateway), IClassFixture<AuthorizeFixture>
{
    private const string Whole = """[{"type":"purchase_mandate","actions":["purchase","quote"],"currency":"EUR","limits":{"per_item":8000,"per_order":15000,"period":{"amount":40000,"every":"P1W","window":"calendar"},"total":100000},"max_orders":20,"categories":["it","office"],"rules":[{"attribute":"repairability_index","op":"gte","value":7}],"merchants":{"deny":["cheap.example"]},"approval_above":10000,"not_after":"2035-12-31T23:59:59Z"}]""";

    [BrowserFact]
    public async Task A_person_agrees_to_a_purchase_and_ends_the_access_by_keyboard_alone_with_script_off()
    {
        var (grant, person) = await GrantAsync();
        var approval = await Gateway.AskAsync(grant, "cks_keyboard");
        await using var context = await NewContextAsync();
        var page = await SignInAsync(context, person);

        await page.GotoAsync($"/approvals/{approval.Id}");
        await TabToAsync(page, "decision", "approve");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("You agreed on").WaitForAsync();
        await page.GotoAsync($"/grants/{grant}/preferences");
        await TabToAsync(page, "repairable");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "decision", "save");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Rather repairable").WaitForAsync();
        await TabToAsync(page, "decision", "pause");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Paused", new() { Exact = true }).WaitForAsync();
        await TabToAsync(page, "decision", "revoke");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("It was ended on").WaitForAsync();
    }

    [BrowserFact]
    public async Task The_pages_have_no_violation_that_axe_finds_and_fit_every_width_in_light_and_dark()
    {
        var (grant, person) = await GrantAsync();
        var (ended, _) = await GrantAsync(person);
        await Gateway.BuyAsync(grant, "cks_1", 7_900);
        await Gateway.BuyAsync(grant, "cks_2", 4_250);
        var denied = await Gateway.AskAsync(grant, "cks_3", 14_000, "A laptop with a name that is longer than anybody would want to read on a telephone");
        var waits = await Gateway.AskAsync(grant, "cks_4");
        using (var browser = Gateway.NewBrowser())
        {
            await browser.LogInAsync(person, PeopleFixture.Password);
            await browser.SubmitAsync(await browser.GetAsync($"/approvals/{denied.Id}"), ("decision", "deny"));
            await browser.SubmitAsync(await browser.GetAsync($"/grants/{ended}"), ("decision", "revoke"));
            await browser.SubmitAsync(await browser.GetAsync($"/grants/{grant}/preferences"), ("decision", "save"), ("wish_0_attribute", "repairability_index"), ("wish_0_value", "7"), ("prefer_brands", "Aster"), ("repairable", "yes"));
        }
        foreach (var look in Looks)
        {
            var name = look.Name;
            await using var context = await NewContextAsync(look);
            var page = await SignInAsync(context, person);
            foreach (var (path, title) in new[]
            {
                ("/grants", "grants"), ($"/grants/{grant}", "grant"), ($"/grants/{ended}", "grant-ended"), ($"/grants/{grant}/preferences", "preferences"), ("/grants?status=paused", "grants-none"),
                ("/approvals", "approvals"), ($"/approvals/{waits.Id}", "approval"), ($"/approvals/{denied.Id}", "approval-denied"), ("/grants/none", "grant-none"),
                (AuthorizeUrl(("authorization_details", Whole), ("scope", "checkout offline_access")), "consent-whole"),
            })
            {
                await page.GotoAsync(path);
                await CheckAsync(page, $"{title}-{name}");
            }
            await page.Locator("summary").ClickAsync();
            await CheckAsync(page, $"consent-wishes-{name}");
        }
    }

    private async Task<(string Grant, string Email)> GrantAsync(string? email = null)
    {
        email ??= (await Gateway.PersonAsync()).Email;
        using var browser = Gateway.NewBrowser();
        await browser.LogInAsync(email, PeopleFixture.Password);
        return (await Gateway.GrantAsync(browser, Whole), email);
    }

    private static async Task<IPage> SignInAsync(IBrowserContext context, string email)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync("/login");
        await FillAsync(page, email, PeopleFixture.Password);
        await ArriveAsync(page, "**/account");
        return page;
    }
}
