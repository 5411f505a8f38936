using System.Text.Json;
using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Identity.People;
using Dapper;

namespace CustobotGateway.Tests.Console;

/// <summary>The staff's pages about cases in a real browser: every size, light and dark, without violations.</summary>
public sealed class CaseBrowserTests(AuthorizeFixture gateway) : InBrowser(gateway), IClassFixture<AuthorizeFixture>
{
    [BrowserFact]
    public async Task Staff_read_and_answer_cases_at_every_size()
    {
        await using (var connection = await Gateway.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync("""
                insert into checkout.sessions (id, grant_id, status, currency, line_items, total, expires_at, created_at) values ('cks_case', 'grt_case', 'completed', 'USD', @lines::jsonb, 24900, now(), now());
                insert into checkout.orders (id, session_id, grant_id, client_id, person, currency, line_items, total, placed_at)
                values ('ord_case', 'cks_case', 'grt_case', 'purchasing-bot', 'buyer@example.com', 'USD', @lines::jsonb, 24900, now())
                """, new { lines = """[{"id":"li_1","product_id":"prd_0000000000001","title":"Ergonomic office chair","quantity":1,"list_price":24900,"unit_price":24900,"total":24900}]""" });
        }
        using var opened = await Gateway.Admin.PostAsync("/v1/orders/ord_case/cases", Json(new { subject = "Where is my order?", text = "It should have come on Monday.\nWe need it for the opening of the office." }));
        var id = (await GatewayFixture.ReadJsonAsync(opened)).GetProperty("id").GetString();
        using var escalated = await Gateway.Admin.PostAsync($"/v1/cases/{id}/escalate", Json(new { note = "It matters." }));
        Assert.True(escalated.IsSuccessStatusCode);

        foreach (var look in Looks)
        {
            await using var context = await NewContextAsync(look);
            var page = await context.NewPageAsync();
            await page.GotoAsync("/staff/login");
            await page.FillAsync("[name=token]", GatewayFixture.AdminToken);
            await page.ClickAsync("form.apart button");

            await page.GotoAsync("/staff/cases");
            await CheckAsync(page, "staff-cases-" + look.Name);
            await page.ClickAsync("main a[href^='/staff/cases/cas_']");
            Assert.Contains("What happened", await page.ContentAsync(), StringComparison.Ordinal);
            await CheckAsync(page, "staff-case-" + look.Name);
        }
    }

    private static StringContent Json<T>(T body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
}
