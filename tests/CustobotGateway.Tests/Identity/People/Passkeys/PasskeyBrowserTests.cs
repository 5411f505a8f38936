using CustobotGateway.Tests.Common;
using Microsoft.Playwright;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People.Passkeys;

/// <summary>Passkeys in a real browser with an authenticator of its own, under the pages' own policy for script.</summary>
public sealed class PasskeyBrowserTests(PasskeyFixture gateway) : InBrowser(gateway), IClassFixture<PasskeyFixture>
{
    private const string LoginButton = "form[data-passkey=get] button";

    private protected override string Address => gateway.Origin;

    [BrowserFact]
    public async Task A_person_adds_a_passkey_signs_in_with_it_by_keyboard_alone_removes_it_and_is_refused()
    {
        await using var context = await NewContextAsync(hasScript: true);
        var page = await OpenAsync(context, isFilledIn: false);
        var faults = FaultsOf(page);
        var person = await gateway.PersonAsync();
        await page.GotoAsync("/login");
        await FillAsync(page, person.Email, PeopleFixture.Password);
        await ArriveAsync(page, "**/account");

        await page.FillAsync("#passkey_name", "Desk key");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("not used yet").WaitForAsync();
        await SignOutAsync(page);
        await page.Locator("[name=email]:focus").WaitForAsync();
        await TabToButtonAsync(page, "Sign in with a passkey");
        await page.Keyboard.PressAsync("Enter");
        await ArriveAsync(page, "**/account");
        Assert.Contains("last used", await page.InnerTextAsync(".passkeys"), StringComparison.Ordinal);
        Assert.Contains("Desk key", await page.InnerTextAsync(".passkeys"), StringComparison.Ordinal);
        Assert.Empty(faults);

        // Of the session that it opened itself, too: removing it signs out.
        await page.ClickAsync(".passkeys summary");
        await page.ClickAsync(".passkeys [value=remove]");
        await ArriveAsync(page, "**/login?return_url=**");
        await page.ClickAsync(LoginButton);
        await page.Locator("#error").WaitForAsync();

        Assert.Contains("That passkey did not work.", await page.InnerTextAsync("#error"), StringComparison.Ordinal);
        await page.FillAsync("[name=email]", person.Email);
        await page.FillAsync("[name=password]", PeopleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await ArriveAsync(page, "**/account");
    }

    [BrowserFact]
    public async Task A_passkey_in_the_address_field_leads_from_the_client_to_the_consent_and_back()
    {
        await using var context = await NewContextAsync(hasScript: true);
        var page = await OpenAsync(context, isFilledIn: true);
        var person = await gateway.PersonAsync();
        await page.GotoAsync("/login");
        await FillAsync(page, person.Email, PeopleFixture.Password);
        await ArriveAsync(page, "**/account");
        await page.ClickAsync("form[data-passkey=create] button");
        await page.GetByText("not used yet").WaitForAsync();
        await context.ClearCookiesAsync();

        // The browser fills in by itself here, as it does when a person takes the passkey that the field offers.
        await page.GotoAsync(AuthorizeUrl());
        await page.Locator("[name=decision]").First.WaitForAsync();
        await TabToAsync(page, "decision");
        var answer = await AnswerAsync(page);

        Assert.Contains("code=", answer, StringComparison.Ordinal);
        Assert.Equal("urn:custobot-gateway:acr:passkey", await gateway.ReadAsync<string>("select acr from identity.grants where person = $1", person.Id));
    }

    [BrowserFact]
    public async Task An_authenticator_that_says_no_leaves_the_password_and_another_try()
    {
        await using var context = await NewContextAsync(hasScript: true);
        var page = await context.NewPageAsync();
        await context.AddInitScriptAsync(NeverFillIn);
        await page.GotoAsync("/login");
        var session = await context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        await AddAuthenticatorAsync(session, isVerified: false);

        await page.ClickAsync(LoginButton);
        await page.Locator("form[data-passkey=get] [role=alert]:visible").WaitForAsync();

        Assert.Contains("You can try it again.", await page.InnerTextAsync("form[data-passkey=get] [role=alert]"), StringComparison.Ordinal);
        Assert.True(await page.Locator(LoginButton).IsEnabledAsync());
        await page.FillAsync("[name=email]", Email);
        await page.FillAsync("[name=password]", PeopleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await ArriveAsync(page, "**/account");
    }

    [BrowserFact]
    public async Task Without_script_nothing_of_passkeys_is_shown_but_those_that_are_there_can_be_removed()
    {
        var (person, _, _) = await gateway.PersonWithPasskeyAsync("Old phone");
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync("/login");

        Assert.False(await page.Locator(LoginButton).IsVisibleAsync());
        await FillAsync(page, person.Email, PeopleFixture.Password);
        await ArriveAsync(page, "**/account");
        Assert.False(await page.Locator("form[data-passkey=create]").IsVisibleAsync());
        await page.ClickAsync(".passkeys summary");
        await page.FillAsync(".passkeys [name=name]", "Older phone");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Older phone").First.WaitForAsync();
        await page.ClickAsync(".passkeys summary");
        await page.ClickAsync(".passkeys [value=remove]");
        await page.Locator(".passkeys").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        Assert.EndsWith("/account", page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_pages_have_no_violation_that_axe_finds_and_fit_every_width_in_light_and_dark()
    {
        foreach (var look in Looks)
        {
            await using var context = await NewContextAsync(look);
            var page = await OpenAsync(context, isFilledIn: false);
            var person = await gateway.PersonAsync();
            await page.GotoAsync("/login");
            await page.Locator(LoginButton).WaitForAsync();
            await CheckAsync(page, $"passkey-login-{look.Name}");
            await page.EvaluateAsync("document.querySelector('form[data-passkey=get] [name=__RequestVerificationToken]').value = ''");
            await page.ClickAsync(LoginButton);
            await page.Locator("form[data-passkey=get] [role=alert]:visible").WaitForAsync();
            await CheckAsync(page, $"passkey-login-refused-{look.Name}");
            await FillAsync(page, person.Email, PeopleFixture.Password);
            await ArriveAsync(page, "**/account");
            await page.FillAsync("#passkey_name", "The telephone that lies on the desk in the study upstairs");
            await page.ClickAsync("form[data-passkey=create] button");
            await page.Locator(".passkeys").WaitForAsync();
            gateway.Clock.Advance(TimeSpan.FromMinutes(6));
            await page.ReloadAsync();
            await page.ClickAsync(".passkeys summary");
            await page.FillAsync("#passkey_password", "not the password");
            await page.ClickAsync("form[data-passkey=create] button");
            await page.GetByText("The current password is not right.").WaitForAsync();
            await CheckAsync(page, $"passkeys-refused-{look.Name}");
        }
    }

    // As browsers do that know no filling in.
    private const string NeverFillIn = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;";

    private static async Task<IPage> OpenAsync(IBrowserContext context, bool isFilledIn)
    {
        if (!isFilledIn)
        {
            await context.AddInitScriptAsync(NeverFillIn);
        }
        var page = await context.NewPageAsync();
        var session = await context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        await AddAuthenticatorAsync(session, isVerified: true);
        return page;
    }

    private static async Task AddAuthenticatorAsync(ICDPSession session, bool isVerified) => await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
    {
        ["options"] = new Dictionary<string, object>
        {
            ["protocol"] = "ctap2",
            ["transport"] = "internal",
            ["hasResidentKey"] = true,
            ["hasUserVerification"] = true,
            ["isUserVerified"] = isVerified,
            ["automaticPresenceSimulation"] = true,
        },
    });

    private static List<string> FaultsOf(IPage page)
    {
        var faults = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                faults.Add(message.Text);
            }
        };
        page.PageError += (_, error) => faults.Add(error);
        return faults;
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GotoAsync("/logout");
        await page.ClickAsync("main button");
        await ArriveAsync(page, "**/login");
    }

    private static async Task TabToButtonAsync(IPage page, string text)
    {
        for (var tabs = 0; tabs < 60; tabs++)
        {
            var focused = page.Locator("button:focus");
            if (await focused.CountAsync() == 1 && await focused.InnerTextAsync() == text)
            {
                return;
            }
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{text} is not reached with Tab on {page.Url}");
    }
}
