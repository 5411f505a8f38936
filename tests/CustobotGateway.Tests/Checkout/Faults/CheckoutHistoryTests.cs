using System.Globalization;
using System.Net;
using System.Text.Json;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout.Faults;

/// <summary>
/// Random histories of completing, canceling, expiring, revoking, refunding, several acts at once, over HTTP. When all is settled, what the provider charged and gave back, what
/// orders stand, what left the stock and what the budget spent are added up from their own records, and have to agree.
/// </summary>
public sealed class CheckoutHistoryTests(CheckoutHistoryTests.Shop shop) : IClassFixture<CheckoutHistoryTests.Shop>
{
    private const int Steps = 4;
    private const int AtOnce = 4;
    private const int Stock = 4;
    private const long Price = 1_000;
    private const long Total = 5_000;

    private static readonly string[] Tokens = ["tok_visa", "tok_visa", "tok_visa", "tok_declined", "tok_timeout", "tok_timeout_unseen", "tok_capture_fails", "tok_refund_fails", "tok_3ds"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>A shop whose provider is waited for as long as a test can wait.</summary>
    public sealed class Shop : ShopFixture
    {
        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            services.AddSingleton(new PaymentOptions { ProviderSeconds = 1, LeaseSeconds = 2, Sandbox = new SandboxOptions { TimeoutMilliseconds = 20, SlowMilliseconds = 1, LaterMilliseconds = 10 } });
        }
    }

    [Fact]
    public Task Random_interleavings_leave_money_stock_orders_and_budget_in_agreement() => RunAsync(500, firstSeed: 1);

    [FullFact]
    public Task Ten_thousand_random_interleavings_leave_money_stock_orders_and_budget_in_agreement() => RunAsync(10_000, firstSeed: 100_000);

    private async Task RunAsync(int histories, int firstSeed)
    {
        await Parallel.ForEachAsync(Enumerable.Range(firstSeed, histories), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (seed, _) => await RunAsync(seed));

        // The histories are not empty: what may happen to an order does happen in them.
        Assert.InRange(await shop.CountAsync("checkout.orders", "true", new { }), histories / 4, histories * 3);
        Assert.InRange(await shop.CountAsync("checkout.refunds", "state = 'completed'", new { }), histories / 20, histories * 10);
        Assert.InRange(await shop.CountAsync("checkout.payments", "state = 'voided'", new { }), histories / 50, histories * 10);
        Assert.InRange(await shop.CountAsync("identity.grants", "revoked_at is not null", new { }), histories / 20, histories);
    }

    private async Task RunAsync(int seed)
    {
        // A replayable history, not a secret.
        var random = new Random(seed);
        var product = await shop.AddProductAsync(price: Price, stock: Stock);
        var agent = await shop.GrantAsync(perOrder: 3 * Price, total: Total);
        var sessions = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            sessions.Add(await agent.OpenSessionAsync(product, random.Next(1, 4)));
        }
        for (var step = 0; step < Steps; step++)
        {
            var acts = Enumerable.Range(0, random.Next(1, AtOnce + 1)).Select(_ => (Kind: random.Next(20), Session: sessions[random.Next(sessions.Count)], Token: Tokens[random.Next(Tokens.Length)], Key: random.Next(3))).ToList();
            await Task.WhenAll(acts.Select(act => ActAsync(agent, act.Kind, act.Session, act.Token, act.Key)));
        }
        await SettleAsync(agent, sessions);
        await CheckAsync(seed, agent, product, sessions);
    }

    private async Task ActAsync(Agent agent, int kind, string session, string token, int key)
    {
        var answer = kind switch
        {
            < 11 => await agent.CompleteAsync(session, token, key == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{token}{key}")),
            < 13 => await agent.PostAsync($"/v1/checkout_sessions/{session}/cancel", "{}"),
            < 14 => await ExpireAsync(session),
            < 15 => await RevokeAsync(agent),
            _ => await GiveBackAsync(agent, session, kind),
        };
        Assert.True((int)answer.Status < 500, answer.Body.ToString());
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> ExpireAsync(string session)
    {
        await using var connection = await shop.OpenDatabaseAsync();
        await connection.ExecuteAsync("update checkout.sessions set expires_at = now() - interval '1 day' where id = @session", new { session });
        return (HttpStatusCode.OK, default);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> RevokeAsync(Agent agent)
    {
        using var answer = await shop.Admin.DeleteAsync("/v1/grants/" + agent.GrantId);
        return (answer.StatusCode, default);
    }

    // By the merchant, whom the end of a grant does not stop.
    private async Task<(HttpStatusCode Status, JsonElement Body)> GiveBackAsync(Agent agent, string session, int kind)
    {
        await using var connection = await shop.OpenDatabaseAsync();
        if (await connection.QuerySingleOrDefaultAsync<string?>("select order_id from checkout.sessions where id = @session", new { session }) is not { } order)
        {
            return (HttpStatusCode.OK, default);
        }
        var merchant = new Agent(shop, agent.GrantId, GatewayFixture.AdminToken);
        return kind < 18
            ? await merchant.PostAsync($"/v1/orders/{order}/cancellations", """{"reason":"unwanted"}""")
            : await merchant.PostAsync($"/v1/orders/{order}/refunds", $$"""{"amount":{{Price / 2}},"reason":"goodwill"}""");
    }

    // Nothing is under way any more: whatever a provider was asked is known, here and there.
    private async Task SettleAsync(Agent agent, List<string> sessions)
    {
        using var patience = new CancellationTokenSource(Patience);
        // Whom the provider waits for does not come: the payment is given up like any other that is too late.
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            await connection.ExecuteAsync("update checkout.payments set created_at = now() - interval '1 day', leased_until = now() where grant_id = @GrantId and state = 'requires_action'", new { agent.GrantId });
        }
        while (await shop.CountAsync("checkout.payments", "session_id = any(@sessions) and state not in ('captured', 'voided', 'declined')", new { sessions }) > 0
            || await shop.CountAsync("checkout.refunds r join checkout.orders o on o.id = r.order_id", "o.session_id = any(@sessions) and r.state = 'pending'", new { sessions }) > 0)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task CheckAsync(int seed, Agent agent, string product, List<string> sessions)
    {
        Assert.True(Ids.TryGetNumber("prd", product, out var number));
        await using var connection = await shop.OpenDatabaseAsync();
        var all = new { sessions, number, agent.GrantId };
        var orders = (await connection.QueryAsync<(string Session, long Total, long Captured, long Refunded, int Quantity, int Canceled)>("""
            select o.session_id, o.total, p.captured, p.refunded, (select sum((l->>'quantity')::int)::int from jsonb_array_elements(o.line_items) l),
                   (select coalesce(sum(quantity), 0)::int from checkout.line_acts a where a.order_id = o.id and a.act = 'canceled')
            from checkout.orders o join checkout.payments p on p.order_id = o.id where o.session_id = any(@sessions)
            """, all)).AsList();
        // The sandbox's own books, which no other table is derived from.
        var (charged, returned) = await connection.QuerySingleAsync<(long, long)>("""
            select coalesce(sum((document->>'captured')::bigint), 0)::bigint,
                   coalesce(sum((select sum(r.value::text::bigint) from jsonb_each(coalesce(document->'refunds', '{}'::jsonb)) r)), 0)::bigint
            from checkout.sandbox_payments where document->>'session_id' = any(@sessions)
            """, all);
        var (spent, back, heldBudget) = await connection.QuerySingleAsync<(long, long, int)>("""
            select coalesce(sum(amount) filter (where entry = 'commit'), 0)::bigint, coalesce(sum(amount) filter (where entry = 'refund'), 0)::bigint,
                   (select count(*)::int from identity.holds where grant_id = @GrantId and reservation in (select session_id from checkout.payments where grant_id = @GrantId and state in ('captured', 'authorised')))
            from identity.ledger where grant_id = @GrantId
            """, all);
        var (onHand, held) = await connection.QuerySingleAsync<(int, int)>("select on_hand, held from catalog.stock where product = @number", all);
        var gone = orders.Sum(order => order.Quantity - order.Canceled);

        Assert.True(orders.Select(order => order.Session).Distinct().Count() == orders.Count, $"history {seed}: a session was ordered twice");
        Assert.True(charged == orders.Sum(order => order.Captured) && returned == orders.Sum(order => order.Refunded),
            $"history {seed}: charged {charged} and gave back {returned}, orders say {orders.Sum(order => order.Captured)} and {orders.Sum(order => order.Refunded)}");
        Assert.True(spent == orders.Sum(order => order.Total), $"history {seed}: the budget spent {spent}, orders come to {orders.Sum(order => order.Total)}");
        Assert.True(spent - back == charged - returned, $"history {seed}: the budget says {spent} - {back}, the provider {charged} - {returned}");
        Assert.True(spent - back <= Total, $"history {seed}: {spent - back} of {Total}");
        Assert.True(onHand == Stock - gone && held == 0, $"history {seed}: {onHand} on hand and {held} held, {gone} of {Stock} are gone");
        Assert.True(heldBudget == 0, $"history {seed}: budget of a paid order is held");
    }
}
