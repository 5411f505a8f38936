using CustobotGateway.Tests.Common;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>
/// Login, consent and device pages in a real browser: with script off, by keyboard alone, without a violation that axe finds, wide and narrow, light and dark.
/// Screenshots go to the folder that CUSTOBOT_SCREENSHOTS names.
/// </summary>
public sealed class BrowserTests(AuthorizeFixture gateway) : IClassFixture<AuthorizeFixture>, IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Path is null)
        {
            return;
        }
        await gateway.PrepareAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Path, Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
        _playwright?.Dispose();
    }

    [BrowserFact]
    public async Task A_person_signs_in_lowers_a_limit_and_agrees_by_keyboard_alone_with_script_off()
    {
        await using var context = await NewContextAsync(script: false);
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
        var mandate = (await gateway.NewestGrantAsync("web")).Details!.Value[0];
        Assert.Equal(4_250, mandate.GetProperty("limits").GetProperty("per_order").GetInt64());
    }

    [BrowserFact]
    public async Task A_person_refuses_by_keyboard_and_the_browser_may_go_back_to_the_client()
    {
        await using var context = await NewContextAsync(script: false);
        var page = await SignInAsync(context);
        await page.GotoAsync(AuthorizeUrl());

        await TabToAsync(page, "decision", "deny");
        var answer = await AnswerAsync(page);

        Assert.Contains("error=access_denied", answer, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_pages_have_no_violation_that_axe_finds_and_fit_every_width_in_light_and_dark()
    {
        foreach (var (name, width, height, scheme) in new[] { ("wide-light", 1280, 900, ColorScheme.Light), ("wide-dark", 1280, 900, ColorScheme.Dark), ("phone-light", 390, 844, ColorScheme.Light), ("phone-dark", 390, 844, ColorScheme.Dark) })
        {
            // The pages have no script of their own; axe needs one.
            await using var context = await NewContextAsync(script: true, width, height, scheme);
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

    private async Task<IBrowserContext> NewContextAsync(bool script, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        return await _browser!.NewContextAsync(new()
        {
            BaseURL = gateway.BaseUrl,
            JavaScriptEnabled = script,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            BypassCSP = script,
        });
    }

    private static async Task<IPage> SignInAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync("/login");
        await FillAsync(page, Email, PeopleFixture.Password);
        return page;
    }

    private static async Task FillAsync(IPage page, string email, string password)
    {
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", password);
        await page.ClickAsync("main button");
    }

    /// <summary>Presses the button that has the focus; the address that the browser then asks for at the client, where nobody listens.</summary>
    private static async Task<string> AnswerAsync(IPage page) =>
        (await page.RunAndWaitForRequestAsync(() => page.Keyboard.PressAsync("Enter"), request => request.Url.StartsWith(WebUri, StringComparison.Ordinal))).Url;

    private static async Task TabToAsync(IPage page, string name, string? value = null)
    {
        for (var tabs = 0; tabs < 60; tabs++)
        {
            var focused = page.Locator("*:focus");
            if (await focused.CountAsync() == 1 && await focused.GetAttributeAsync("name") == name && (value is null || await focused.GetAttributeAsync("value") == value))
            {
                return;
            }
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{name} is not reached with Tab on {page.Url}");
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CUSTOBOT_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = System.IO.Path.Combine(folder, name + ".png"), FullPage = true });
        }
        var found = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } });
        Assert.True(found.Violations.Length == 0, name + ": " + string.Join("; ", found.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}")));
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} pixels too wide.");
    }
}
