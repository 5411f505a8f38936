using CustobotGateway.Tests.Common;
using CustobotGateway.Tests.Identity.People;
using Dapper;

namespace CustobotGateway.Tests.Console;

/// <summary>The staff's page about webhooks in a real browser: every size, light and dark, without violations.</summary>
public sealed class WebhookBrowserTests(AuthorizeFixture gateway) : InBrowser(gateway), IClassFixture<AuthorizeFixture>
{
    [BrowserFact]
    public async Task Staff_see_webhooks_at_every_size()
    {
        await using (var connection = await Gateway.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync("""
                insert into webhooks.endpoints (id, client_id, url, events, enabled, disabled_reason, secret, since_position, created_at)
                values ('whe_1', 'purchasing-bot', 'https://partner.example/a/rather/long/path/for/hooks/of/orders', '{order.*,return.decided}', false, 'Failing', '\x00', 0, now()),
                    ('whe_2', null, 'https://erp.example/hooks', '{*}', true, null, '\x00', 9223372036854775807, now());
                insert into webhooks.deliveries (endpoint_id, stream, type, body, state, log, created_at)
                values ('whe_1', 'ord_01jd0000000000000000000000', 'order.placed', '{}', 'dead_letter', '[{"at":"2026-11-01T12:00:00+00:00","duration_ms":15000,"error":"timeout"}]', now())
                """);
        }
        foreach (var look in Looks)
        {
            await using var context = await NewContextAsync(look);
            var page = await context.NewPageAsync();
            await page.GotoAsync("/staff/login");
            await page.FillAsync("[name=token]", GatewayFixture.AdminToken);
            await page.ClickAsync("form.apart button");

            await page.GotoAsync("/staff/webhooks");

            Assert.Contains("What did not arrive", await page.ContentAsync(), StringComparison.Ordinal);
            await CheckAsync(page, "staff-webhooks-" + look.Name);
        }
    }
}
