using CustobotGateway.Tests.Common;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>Tests in a real browser. Screenshots go to the folder that CUSTOBOT_SCREENSHOTS names.</summary>
public abstract class InBrowser(AuthorizeFixture gateway) : IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A size of the window, and light or dark.</summary>
    private protected sealed record Look(string Name, int Width, int Height, ColorScheme Scheme);

    // Both sizes and both schemes; with ./test --full, each with each.
    private protected static IReadOnlyList<Look> Looks { get; } =
    [
        new("wide-light", 1280, 900, ColorScheme.Light), new("phone-dark", 390, 844, ColorScheme.Dark),
        .. Environment.GetEnvironmentVariable("CUSTOBOT_TEST_FULL") == "1"
            ? [new("wide-dark", 1280, 900, ColorScheme.Dark), new("phone-light", 390, 844, ColorScheme.Light)] : Array.Empty<Look>(),
    ];

    private protected AuthorizeFixture Gateway { get; } = gateway;

    /// <summary>Where people reach the gateway.</summary>
    private protected virtual string Address => Gateway.BaseUrl;

    public virtual async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Path is null)
        {
            return;
        }
        await Gateway.PrepareAsync();
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

    /// <summary>A browser of its own: without a look one with script off, as people may have it; with one, script is on, since axe needs it.
    /// With script on and no look, the pages' own policy decides what runs.</summary>
    private protected Task<IBrowserContext> NewContextAsync(Look? look = null, bool hasScript = false) => _browser!.NewContextAsync(new()
    {
        BaseURL = Address,
        JavaScriptEnabled = hasScript || look is not null,
        ViewportSize = new() { Width = look?.Width ?? 1280, Height = look?.Height ?? 900 },
        ColorScheme = look?.Scheme ?? ColorScheme.Light,
        BypassCSP = look is not null,
    });

    private protected static async Task<IPage> SignInAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync("/login");
        await FillAsync(page, Email, PeopleFixture.Password);
        return page;
    }

    private protected static async Task FillAsync(IPage page, string email, string password)
    {
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", password);
        await page.ClickAsync("main button");
    }

    /// <summary>Waits until the page of that address is there. Its load event may be over before anybody waits for that; its state is not.</summary>
    private protected static async Task ArriveAsync(IPage page, string url)
    {
        await page.WaitForURLAsync(url, new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("main").WaitForAsync();
    }

    /// <summary>Presses the button that has the focus; the address that the browser then asks for at the client, where nobody listens.</summary>
    private protected static async Task<string> AnswerAsync(IPage page) =>
        (await page.RunAndWaitForRequestAsync(() => page.Keyboard.PressAsync("Enter"), request => request.Url.StartsWith(WebUri, StringComparison.Ordinal))).Url;

    private protected static async Task TabToAsync(IPage page, string name, string? value = null)
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

    private protected static async Task CheckAsync(IPage page, string name)
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
