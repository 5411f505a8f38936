using CustobotGateway.Tests.Common;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>
/// Login, consent and device pages in a real browser: with script off, by keyboard alone, without a violation that axe finds, wide and narrow, light and dark.
/// </summary>
public sealed class BrowserTests(AuthorizeFixture gateway) : InBrowser(gateway), IClassFixture<AuthorizeFixture>
{
    [BrowserFact]
    public async Task A_person_signs_in_lowers_a_limit_and_agrees_by_keyboard_alone_with_script_off()
    {
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(AuthorizeUrl(("authorization_details", Mandate), ("scope", "checkout")));

        // The first field has the focus, as soon as the page is drawn; no pointer is used from here on.
        await page.Locator("[name=email]:focus").WaitForAsync();
        await page.Keyboard.TypeAsync(Email);
        await TabToAsync(page, "password");
        await page.Keyboard.TypeAsync(PeopleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[name=decision]").First.WaitForAsync();
        await TabToAsync(page, "mandate_0_limits_per_order");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("42.50");
        await TabToAsync(page, "decision");
        var answer = await AnswerAsync(page);

        Assert.Contains("code=", answer, StringComparison.Ordinal);
        Assert.Contains("iss=", answer, StringComparison.Ordinal);
        var mandate = (await Gateway.NewestGrantAsync("web")).Details!.Value[0];
        Assert.Equal(4_250, mandate.GetProperty("limits").GetProperty("per_order").GetInt64());
    }

    [BrowserFact]
    public async Task A_person_refuses_by_keyboard_and_the_browser_may_go_back_to_the_client()
    {
        await using var context = await NewContextAsync();
        var page = await SignInAsync(context);
        await page.GotoAsync(AuthorizeUrl());

        await TabToAsync(page, "decision", "deny");
        var answer = await AnswerAsync(page);

        Assert.Contains("error=access_denied", answer, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_pages_have_no_violation_that_axe_finds_and_fit_every_width_in_light_and_dark()
    {
        foreach (var look in Looks)
        {
            var name = look.Name;
            await using var context = await NewContextAsync(look);
            var page = await context.NewPageAsync();
            await page.GotoAsync(AuthorizeUrl());
            await CheckAsync(page, $"login-{name}");
            await FillAsync(page, Email, "not the password");
            await CheckAsync(page, $"login-refused-{name}");
            await FillAsync(page, Email, PeopleFixture.Password);
            await CheckAsync(page, $"consent-{name}");
            await page.GotoAsync(AuthorizeUrl(("authorization_details", Mandate), ("scope", "catalog:read checkout catalog:write openid offline_access")));
            await CheckAsync(page, $"consent-mandate-{name}");
            await page.FillAsync("[name=mandate_0_limits_total]", "1000.01");
            await page.FillAsync("[name=mandate_0_max_orders]", "many");
            await page.ClickAsync("button[value=allow]");
            await CheckAsync(page, $"consent-refused-{name}");
            await page.GotoAsync("/device");
            await CheckAsync(page, $"device-{name}");
            await page.FillAsync("[name=user_code]", "BCDF-GHJK");
            await page.ClickAsync("main button");
            await CheckAsync(page, $"device-unknown-{name}");
            await page.GotoAsync("/account");
            await CheckAsync(page, $"account-{name}");
            await page.GotoAsync("/staff/login");
            await CheckAsync(page, $"staff-login-{name}");
            await page.GotoAsync("/oauth/authorize?client_id=unknown");
            await CheckAsync(page, $"error-{name}");
        }
    }
}
