using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Tests.Common;
using Dapper;
using Xunit.Abstractions;

namespace CustobotGateway.Tests.Checkout.Faults;

/// <summary>
/// 64 agents fight for 20 products with little stock and 10 grants with little budget, over two gateways on one database, of which one is killed in the middle and started
/// again. Stock and budgets are added up all the while, and in the end the provider's own journal is held against the orders.
/// </summary>
public sealed class RushTests(FaultFixture shop, ITestOutputHelper output) : IClassFixture<FaultFixture>
{
    private const int Agents = 64;
    private const int Grants = 10;
    private const int Products = 20;
    private const int Stock = 12;
    private const long Price = 1_000;
    private const long PerOrder = 5_000;
    private const long Budget = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public Task Seconds_of_a_rush_over_two_gateways_leave_everything_exact() => RunAsync(TimeSpan.FromSeconds(8), "completed", "cancellations done");

    [FullFact]
    public Task A_minute_of_a_rush_over_two_gateways_leaves_everything_exact() => RunAsync(TimeSpan.FromSeconds(60), "completed", "cancellations done", "refunds done", "out_of_stock", "mandate_exceeded", "payment_declined", "session_canceled", "session_completed");

    private sealed record Scope(string[] Grants, long[] Products);

    private async Task RunAsync(TimeSpan time, params string[] happens)
    {
        await using var gateways = new TwoGateways(shop.ConnectionString, shop.Settings);
        var starting = gateways.StartAsync();
        var grants = new List<Agent>();
        var products = new List<string>();
        for (var i = 0; i < Products; i++)
        {
            products.Add(await shop.AddProductAsync(price: Price, stock: Stock, name: string.Create(CultureInfo.InvariantCulture, $"Product {i}")));
        }
        for (var i = 0; i < Grants; i++)
        {
            grants.Add(await shop.GrantAsync(perOrder: PerOrder, total: Budget, clientId: string.Create(CultureInfo.InvariantCulture, $"rush-bot-{i}")));
        }
        var scope = new Scope([.. grants.Select(grant => grant.GrantId)], [.. products.Select(product => Ids.TryGetNumber("prd", product, out var number) ? number : 0)]);
        await starting;
        // The two alone do it.
        await shop.StopAsync();
        var rush = new Rush(gateways, grants, products, GatewayFixture.AdminToken);

        var clock = Stopwatch.StartNew();
        var running = rush.RunAsync(Agents, DateTime.UtcNow + time);
        var killing = KillAsync(gateways, time / 3);
        var looks = 0;
        while (!running.IsCompleted)
        {
            await AddUpAsync(scope);
            looks++;
            await Task.WhenAny(running, Task.Delay(500));
        }
        await running;
        await killing;
        var took = clock.Elapsed;
        await SettleAsync(scope);
        await AddUpAsync(scope);
        await CompareAsync(scope);
        var settled = clock.Elapsed - took;
        await RepeatAsync(gateways, rush);
        await shop.StartAsync();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s and {settled.TotalSeconds:0.0} s until all was settled, {rush.Tally.GetValueOrDefault("completed")} checkouts, {gateways.Lost} lost answers, {rush.Answered.Count} answers repeated, added up {looks} times"));
        foreach (var (what, count) in rush.Tally.OrderByDescending(one => one.Value))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,8} {what}"));
        }
        // What may happen did happen.
        Assert.All(happens, what => Assert.True(rush.Tally.GetValueOrDefault(what) > 0, what));
        Assert.True(gateways.Lost > 0, "the gateway that was killed had nothing to do");
    }

    private static async Task KillAsync(TwoGateways gateways, TimeSpan after)
    {
        await Task.Delay(after);
        await gateways.KillAndStartAgainAsync(0);
    }

    /// <summary>At any instant: what lies there and what left are what was there, and no grant has more spent and held than it may.</summary>
    private async Task AddUpAsync(Scope scope)
    {
        await using var connection = await shop.OpenDatabaseAsync();
        var stock = await connection.QueryAsync<(long Product, int OnHand, int Held, int Taken, int Holds)>("""
            select product, on_hand, held, (select coalesce(sum(quantity - restocked), 0)::int from catalog.stock_taken t where t.product = s.product),
                   (select coalesce(sum(quantity), 0)::int from catalog.stock_holds h where h.product = s.product)
            from catalog.stock s where product = any(@Products)
            """, scope);
        Assert.All(stock, row => Assert.Equal((Stock, row.Held, true), (row.OnHand + row.Taken, row.Holds, row.Held >= 0 && row.Held <= row.OnHand)));
        // Of all instants until now: a hold counts from its authorisation until it is released or, once it is paid, refunded.
        var most = await connection.QueryAsync<(string Grant, long Most)>("""
            select grant_id, max(used)::bigint from (
                select grant_id, sum(case entry when 'authorise' then amount when 'commit' then 0 else -amount end) over (partition by grant_id order by id) as used
                from identity.ledger where grant_id = any(@Grants)) l group by 1
            """, scope);
        Assert.All(most, row => Assert.InRange(row.Most, 0, Budget));
    }

    private async Task SettleAsync(Scope scope)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await shop.CountAsync("checkout.payments", "grant_id = any(@Grants) and state not in ('captured', 'voided', 'declined')", scope) > 0
            || await shop.CountAsync("checkout.refunds r join checkout.orders o on o.id = r.order_id", "o.grant_id = any(@Grants) and r.state = 'pending'", scope) > 0)
        {
            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>The provider's journal, the orders, the ledger and the stock tell the same.</summary>
    private async Task CompareAsync(Scope scope)
    {
        await using var connection = await shop.OpenDatabaseAsync();
        var orders = (await connection.QueryAsync<(string Id, string Session, string Grant, long Total, string State, int Quantity, int Canceled)>("""
            select o.id, o.session_id, o.grant_id, o.total, p.state, (select sum((l->>'quantity')::int)::int from jsonb_array_elements(o.line_items) l),
                   (select coalesce(sum(quantity), 0)::int from checkout.line_acts a where a.order_id = o.id and a.act = 'canceled')
            from checkout.orders o join checkout.payments p on p.order_id = o.id where o.grant_id = any(@Grants)
            """, scope)).AsList();
        var sessions = (await connection.QueryAsync<string>("select id from checkout.sessions where grant_id = any(@Grants)", scope)).ToHashSet(StringComparer.Ordinal);
        var journal = (await shop.JournalAsync()).Where(entry => entry.GetProperty("payment").TryGetProperty("session_id", out var session) && session.ValueKind == JsonValueKind.String && sessions.Contains(session.GetString()!)).ToList();
        var charges = journal.Where(entry => entry.GetProperty("act").GetString() == "charge").Select(entry => entry.GetProperty("payment"))
            .Select(payment => (Session: payment.GetProperty("session_id").GetString()!, Amount: payment.GetProperty("captured").GetInt64())).Order().ToList();
        // Refunds of a payment accumulate in it: the last line of each tells all.
        var returned = journal.Select(entry => entry.GetProperty("payment")).GroupBy(payment => payment.GetProperty("id").GetString()).Select(same => same.Last())
            .GroupBy(payment => payment.GetProperty("session_id").GetString()!)
            .ToDictionary(same => same.Key, same => same.Sum(payment => payment.TryGetProperty("refunds", out var refunds) ? refunds.EnumerateObject().Sum(refund => refund.Value.GetInt64()) : 0), StringComparer.Ordinal);

        // One order for each charge, and one charge for each order that was not given up before it was charged.
        Assert.Equal(charges, orders.Where(order => order.State == "captured").Select(order => (order.Session, order.Total)).Order());
        Assert.Equal(orders.Count, orders.Select(order => order.Session).Distinct().Count());
        Assert.All(orders.Where(order => order.State != "captured"), order => Assert.Equal(("voided", order.Quantity), (order.State, order.Canceled)));

        foreach (var grant in scope.Grants)
        {
            var own = orders.Where(order => order.Grant == grant && order.State == "captured").ToList();
            var (spent, held) = await connection.QuerySingleAsync<(long, int)>("""
                select coalesce(sum(case entry when 'commit' then amount when 'refund' then -amount else 0 end), 0)::bigint, (select count(*)::int from identity.holds where grant_id = @grant)
                from identity.ledger where grant_id = @grant
                """, new { grant });
            Assert.Equal((own.Sum(order => order.Total) - own.Sum(order => returned[order.Session]), 0), (spent, held));
        }
        var gone = await connection.QuerySingleAsync<int>("select sum(@Stock - on_hand)::int from catalog.stock where product = any(@Products) and held = 0", new { Stock, scope.Products });
        Assert.Equal(orders.Sum(order => order.Quantity - order.Canceled), gone);
    }

    /// <summary>Whoever asks again, wherever, is answered what was answered first.</summary>
    private static Task RepeatAsync(TwoGateways gateways, Rush rush) =>
        Parallel.ForEachAsync(rush.Answered.DistinctBy(known => known.Write.Key), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (known, _) =>
        {
            var again = await gateways.SendAsync(known.Answer.Text.Length, known.Write);
            Assert.True(known.Answer == again, $"{known.Write}: {known.Answer}, then {again}");
        });
}
