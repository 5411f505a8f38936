using System.Net.Http.Json;
using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Identity.People;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Console;

/// <summary>The staff's pages about callers in a real browser: every size, light and dark, without violations.</summary>
public sealed class CallerBrowserTests(AuthorizeFixture gateway) : InBrowser(gateway), IClassFixture<AuthorizeFixture>
{
    [BrowserFact]
    public async Task Staff_see_callers_rules_and_trust_at_every_size()
    {
        using (var refused = await Gateway.Client.GetAsync("/v1/orders/ord_1"))
        {
            Assert.True(refused.Headers.Contains("Agent-Decision"));
        }
        using var made = await Gateway.Admin.PostAsJsonAsync("/v1/bot-detection/rules", new { name = "Slow down what reads orders", when = new { path_prefix = "/v1/orders" }, lane = "restricted" });
        var rule = (await GatewayFixture.ReadJsonAsync(made)).GetProperty("id").GetString();
        await Gateway.App.Services.GetRequiredService<DecisionLog>().WhenWrittenAsync(TimeSpan.FromSeconds(10));

        foreach (var look in Looks)
        {
            await using var context = await NewContextAsync(look);
            var page = await context.NewPageAsync();
            await page.GotoAsync("/staff/login");
            await page.FillAsync("[name=token]", GatewayFixture.AdminToken);
            await page.ClickAsync("form.apart button");

            await page.GotoAsync("/staff/callers");
            await CheckAsync(page, "staff-callers-" + look.Name);
            await page.ClickAsync("main a[href^='/staff/callers/']");
            Assert.Contains("What was seen", await page.ContentAsync(), StringComparison.Ordinal);
            await CheckAsync(page, "staff-caller-" + look.Name);
            await page.GotoAsync("/staff/rules");
            await CheckAsync(page, "staff-rules-" + look.Name);
            await page.GotoAsync("/staff/rules/" + rule);
            await CheckAsync(page, "staff-rule-" + look.Name);
            await page.GotoAsync("/staff/trust");
            await CheckAsync(page, "staff-trust-" + look.Name);
        }
    }
}
