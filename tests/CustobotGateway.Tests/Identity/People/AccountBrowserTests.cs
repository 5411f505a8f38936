using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>Sign-up, reset of the password, account, sessions and outbox in a real browser.</summary>
public sealed class AccountBrowserTests(AuthorizeFixture gateway) : InBrowser(gateway), IClassFixture<AuthorizeFixture>
{
    [BrowserFact]
    public async Task A_person_signs_up_and_chooses_another_password_by_keyboard_alone_with_script_off()
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/signup");

        await page.Locator("[name=email]:focus").WaitForAsync();
        await page.Keyboard.TypeAsync(email);
        await TabToAsync(page, "password");
        await page.Keyboard.TypeAsync(PeopleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Look into your mail").First.WaitForAsync();
        await page.GotoAsync(Gateway.NewestLink(email));
        await page.Locator("[name=password]:focus").WaitForAsync();
        await page.Keyboard.TypeAsync(PeopleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await ArriveAsync(page, "**/account");

        await page.GotoAsync("/password/forgot");
        await page.Locator("[name=email]:focus").WaitForAsync();
        await page.Keyboard.TypeAsync(email);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Look into your mail").First.WaitForAsync();
        await page.GotoAsync(Gateway.NewestLink(email));
        await page.Locator("[name=new_password]:focus").WaitForAsync();
        await page.Keyboard.TypeAsync("another horse battery");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Your password is changed").First.WaitForAsync();
        await page.GotoAsync("/login");
        await FillAsync(page, email, "another horse battery");

        await ArriveAsync(page, "**/account");
    }

    [BrowserFact]
    public async Task The_pages_have_no_violation_that_axe_finds_and_fit_every_width_in_light_and_dark()
    {
        foreach (var look in Looks)
        {
            var email = $"{Guid.NewGuid():n}@example.com";
            var name = look.Name;
            await using var context = await NewContextAsync(look);
            var page = await context.NewPageAsync();
            await page.GotoAsync("/signup");
            await CheckAsync(page, $"signup-{name}");
            await FillAsync(page, email, PeopleFixture.Password);
            await CheckAsync(page, $"signup-sent-{name}");
            await page.GotoAsync(Gateway.NewestLink(email));
            await CheckAsync(page, $"confirm-{name}");
            await page.FillAsync("[name=password]", "not the password");
            await page.ClickAsync("main button");
            await CheckAsync(page, $"confirm-refused-{name}");
            await page.FillAsync("[name=password]", PeopleFixture.Password);
            await page.ClickAsync("main button");
            await ArriveAsync(page, "**/account");
            await CheckAsync(page, $"account-own-{name}");
            await page.GotoAsync("/password/forgot");
            await CheckAsync(page, $"forgot-{name}");
            await page.FillAsync("[name=email]", email);
            await page.ClickAsync("main button");
            await page.GotoAsync(Gateway.NewestLink(email));
            await CheckAsync(page, $"reset-{name}");
            await page.GotoAsync("/password/reset?token=used");
            await CheckAsync(page, $"reset-used-{name}");
            await using (var other = await NewContextAsync())
            {
                await FillAsync(await SignInPageAsync(other), email, PeopleFixture.Password);
            }
            await page.GotoAsync("/account/sessions");
            await CheckAsync(page, $"sessions-{name}");
            await page.GotoAsync("/staff/login");
            await page.FillAsync("[name=token]", GatewayFixture.AdminToken);
            await page.ClickAsync("form.apart button");
            await page.GotoAsync("/outbox");
            await CheckAsync(page, $"outbox-{name}");
        }
    }

    private static async Task<Microsoft.Playwright.IPage> SignInPageAsync(Microsoft.Playwright.IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync("/login");
        return page;
    }
}
