using System.Net;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Tests.Identity.People;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>Whole purchases, as far as the way they are paid matters.</summary>
public sealed class PaidPurchaseTests(PaymentsFixture shop) : IClassFixture<PaymentsFixture>
{
    [Fact]
    public async Task A_purchase_that_the_bank_asks_about_is_an_order_once_the_person_accepts()
    {
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(await shop.AddProductAsync(price: 20_000));
        using var browser = new PersonBrowser(shop.BaseUrl);

        var (_, asked) = await agent.CompleteAsync(session, "tok_3ds");
        await using var connection = await shop.OpenDatabaseAsync();
        var payment = await connection.QuerySingleAsync<string>("select id from checkout.payments where session_id = @session", new { session });
        var before = await shop.CountAsync("checkout.orders", "session_id = @session", new { session });
        await browser.SubmitAsync(await browser.GetAsync("/sandbox/payments/" + payment), ("decision", "accept"));
        var status = asked.GetProperty("status").GetString();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (status != "completed" && !patience.IsCancellationRequested)
        {
            status = (await agent.GetAsync("/v1/checkout_sessions/" + session)).Body.GetProperty("status").GetString();
        }

        Assert.Equal(("requires_escalation", 0, "completed"), (asked.GetProperty("status").GetString(), before, status));
        Assert.Equal(1, await shop.CountAsync("checkout.orders", "session_id = @session and total = 20000", new { session }));
        while (await connection.QuerySingleAsync<string>("select state from checkout.payments where id = @payment", new { payment }) != "captured" && !patience.IsCancellationRequested)
        {
            // The order stands before the money is taken.
        }
        var found = await shop.Provider().FindAsync(new PaymentReference(payment, null, false), default);
        Assert.Equal((PaymentOutcome.Captured, 20_000), (found.Outcome, found.Captured));
    }

    [Fact]
    public async Task Nothing_of_a_card_or_a_token_is_left_after_a_purchase()
    {
        var agent = await shop.GrantAsync();
        var session = await agent.OpenSessionAsync(await shop.AddProductAsync(price: 20_000));
        var (_, card) = await shop.PostAnonymouslyAsync("/sandbox/tokens", """{"number":"5555 5555 5555 4444","exp_month":12,"exp_year":2036,"cvc":"739"}""");
        var providerToken = card.GetProperty("token").GetString()!;
        var wallet = shop.TokenOf("wallet-app", PaymentsFixture.Person, [Scopes.PaymentsDelegate]);
        var (_, made) = await shop.SendAsync(HttpMethod.Post, "/v1/payment_tokens", wallet, $$"""
            {"payment_method":{"handler":"sandbox","token":"{{providerToken}}"},"allowance":{"reason":"one_time","max_amount":20000,"currency":"USD",
             "checkout_session_id":"{{session}}","merchant_id":"{{shop.App.Services.GetRequiredService<PaymentTokens>().Merchant}}","expires_at":"{{shop.Clock.GetUtcNow().AddHours(1):O}}"} }
            """);
        var token = made.GetProperty("token").GetString()!;

        var (status, completed) = await agent.CompleteAsync(session, token, key: "private-purchase");
        var (_, order) = await agent.GetAsync($"/v1/orders/{completed.GetProperty("order").GetProperty("id").GetString()}");

        Assert.Equal(HttpStatusCode.OK, status);
        foreach (var secret in new[] { "5555555555554444", "5555 5555 5555 4444", providerToken, token })
        {
            Assert.DoesNotContain(secret, completed.GetRawText() + order.GetRawText(), StringComparison.Ordinal);
        }
        await Secrets.AssertAbsentAsync(shop, "5555555555554444", "5555 5555 5555 4444", providerToken, token);
    }
}
