using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CustobotGateway.Checkout;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Tests.Checkout.Faults;

/// <summary>What else may come between the steps of a purchase: a clock that jumps, a database that is restarted, a refund that is cut off, a charge that nobody asked for.</summary>
public sealed class InterruptionTests(FaultFixture shop) : IClassFixture<FaultFixture>
{
    private const long Price = 20_000;
    private const long Budget = 50_000;
    private const int Stock = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task A_clock_that_jumps_while_the_provider_is_asked_changes_nothing_of_it(int minutes)
    {
        var (agent, product, session) = await BeginAsync();
        await shop.FailAsync(session, "authorise", "late", delayMilliseconds: 1_000);

        var completing = FaultFixture.CompleteUntilKnownAsync(agent, session, "once");
        await WaitForPaymentAsync(session);
        shop.Clock.Advance(TimeSpan.FromMinutes(minutes));
        var answer = await completing;
        await shop.WaitUntilSettledAsync(session);
        shop.Clock.Advance(TimeSpan.FromMinutes(-minutes));

        // Forwards, the prices, the held goods and the held budget have run out since: all of them are still there to be had.
        Assert.Equal((HttpStatusCode.OK, "completed"), (answer.Status, answer.Body.GetProperty("status").GetString()));
        Assert.Equal(1, await shop.AssertAgreesAsync(agent, session, product, Price, Stock, Budget));
        Assert.Equal(answer.Body.GetRawText(), (await agent.CompleteAsync(session, key: "once")).Body.GetRawText());
    }

    [Fact]
    public async Task A_clock_that_jumps_past_the_hold_of_goods_that_others_took_charges_nothing()
    {
        var (agent, product, session) = await BeginAsync();
        var (other, _, _) = await BeginAsync();
        await shop.FailAsync(session, "authorise", "late", delayMilliseconds: 1_500);

        var completing = FaultFixture.CompleteUntilKnownAsync(agent, session, "once");
        await WaitForPaymentAsync(session);
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        // The merchant has counted two, of which the other buys both: the hold of the one who is late counts no more.
        await SetStockAsync(product, 2);
        var (_, later) = await other.PostAsync("/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{product}}","quantity":2}]}""");
        var taken = await other.CompleteAsync(later.GetProperty("id").GetString()!);
        var answer = await completing;
        await shop.WaitUntilSettledAsync(session);
        shop.Clock.Advance(TimeSpan.FromMinutes(-16));

        Assert.Equal(HttpStatusCode.OK, taken.Status);
        answer.ShouldBe(409, "out_of_stock");
        Assert.Equal((0, 0), (await shop.ChargesOfAsync(session), await shop.StockOfAsync(product)));
        Assert.Equal(Budget, (await agent.RemainingAsync()).GetProperty("remaining").GetInt64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_that_is_restarted_in_mid_transaction_leaves_one_charge_and_one_answer(bool whenSettling)
    {
        var (agent, product, session) = await BeginAsync();
        if (whenSettling)
        {
            await shop.FailAsync(session, "authorise", "late", delayMilliseconds: 1_000);
        }
        await using var hand = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(shop.ConnectionString) { Pooling = false }.ConnectionString);
        await hand.OpenAsync();
        var holding = whenSettling ? null : await HoldStockAsync(hand, product);

        var completing = agent.CompleteAsync(session, key: "once");
        if (whenSettling)
        {
            await WaitForPaymentAsync(session);
            holding = await HoldStockAsync(hand, product);
        }
        using var patience = new CancellationTokenSource(Patience);
        while (await hand.QuerySingleAsync<int>("select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and backend_type = 'client backend'", transaction: holding) == 0)
        {
            await Task.Delay(10, patience.Token);
        }
        // What a restart is to whoever is connected.
        await hand.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", transaction: holding);
        NpgsqlConnection.ClearPool(new NpgsqlConnection(shop.ConnectionString));
        await holding!.DisposeAsync();
        var cut = await completing;
        var answer = await FaultFixture.CompleteUntilKnownAsync(agent, session, "once");

        cut.ShouldBe(503, "database_unavailable");
        Assert.Equal((HttpStatusCode.OK, "completed"), (answer.Status, answer.Body.GetProperty("status").GetString()));
        await shop.WaitUntilSettledAsync(session);
        Assert.Equal(1, await shop.AssertAgreesAsync(agent, session, product, Price, Stock, Budget));
    }

    [Fact]
    public Task A_gateway_killed_between_the_transactions_of_a_refund_gives_the_money_back_once() => Task.WhenAll(CompletionSteps.OfRefund.Select(RefundAsync));

    private async Task RefundAsync(string step)
    {
        var (agent, _, session) = await BeginAsync();
        var (_, completed) = await FaultFixture.CompleteUntilKnownAsync(agent, session, "once");
        await shop.WaitUntilSettledAsync(session);
        var path = $"/v1/orders/{completed.GetProperty("order").GetProperty("id").GetString()}/refunds";
        await using var gateway = await GatewayProcess.StartAsync(shop.ConnectionString, step, shop.Settings);
        using var client = gateway.NewClient(Common.GatewayFixture.AdminToken);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(Refund(path)));
        await gateway.WaitUntilDeadAsync();

        using var answer = await shop.Admin.SendAsync(Refund(path));
        var refund = await Common.GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        using var patience = new CancellationTokenSource(Patience);
        while (refund.GetProperty("state").GetString() == "pending")
        {
            await Task.Delay(100, patience.Token);
            refund = await shop.Admin.GetFromJsonAsync<JsonElement>(new Uri($"{path}/{refund.GetProperty("id").GetString()}", UriKind.Relative));
        }
        Assert.Equal(("completed", 5_000), (refund.GetProperty("state").GetString(), refund.GetProperty("amount").GetInt64()));
        Assert.Equal([5_000], await shop.ReturnedAsync(session));
        Assert.Equal(Budget - Price + 5_000, (await agent.RemainingAsync()).GetProperty("remaining").GetInt64());
        Assert.Equal(1, await shop.CountAsync("checkout.refunds r join checkout.orders o on o.id = r.order_id", "o.session_id = @session", new { session }));
    }

    [Fact]
    public async Task What_the_provider_charged_without_an_order_is_given_back()
    {
        var (agent, product, session) = await BeginAsync();
        var (_, asked) = await agent.CompleteAsync(session, "tok_3ds");
        string payment;
        await using (var connection = await shop.OpenDatabaseAsync())
        {
            // Nobody looks what became of it meanwhile.
            payment = await connection.QuerySingleAsync<string>("update checkout.payments set leased_until = now() + interval '1 hour' where session_id = @session returning id", new { session });
        }
        await shop.ChargeAsync(payment, Price);

        var (canceled, _) = await agent.PostAsync($"/v1/checkout_sessions/{session}/cancel", "{}");
        await shop.WaitUntilSettledAsync(session);

        Assert.Equal(("requires_escalation", HttpStatusCode.OK), (asked.GetProperty("status").GetString(), canceled));
        Assert.Equal([Price], await shop.ReturnedAsync(session));
        Assert.Equal(1, await shop.CountAsync("checkout.payments", "id = @payment and state = 'voided' and captured = @Price and refunded = @Price", new { payment, Price }));
        Assert.Equal(0, await shop.CountAsync("checkout.orders", "session_id = @session", new { session }));
        Assert.Equal((Stock, Budget), (await shop.StockOfAsync(product), (await agent.RemainingAsync()).GetProperty("remaining").GetInt64()));
    }

    private static HttpRequestMessage Refund(string path) => new(HttpMethod.Post, path)
    {
        Content = new StringContent("""{"amount":5000,"reason":"goodwill"}""", Encoding.UTF8, "application/json"),
        Headers = { { "Idempotency-Key", "back" } },
    };

    private async Task WaitForPaymentAsync(string session)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await shop.CountAsync("checkout.payments", "session_id = @session", new { session }) == 0)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private static async Task<NpgsqlTransaction> HoldStockAsync(NpgsqlConnection connection, string product)
    {
        Assert.True(Ids.TryGetNumber("prd", product, out var number));
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select 1 from catalog.stock where product = @number for update", new { number }, transaction);
        return transaction;
    }

    private async Task SetStockAsync(string product, int quantity)
    {
        using var counts = new StringContent($$"""{"stock":[{"product_id":"{{product}}","location":"main","on_hand":{{quantity}}}]}""", Encoding.UTF8, "application/json");
        using var counted = await shop.Admin.PostAsync(new Uri("/v1/inventory:batch", UriKind.Relative), counts);
        Assert.Equal(HttpStatusCode.OK, counted.StatusCode);
    }

    private async Task<(Agent Agent, string Product, string Session)> BeginAsync()
    {
        var product = await shop.AddProductAsync(price: Price, stock: Stock);
        var agent = await shop.GrantAsync(perOrder: Budget, total: Budget);
        return (agent, product, await agent.OpenSessionAsync(product));
    }
}
