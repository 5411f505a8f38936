using System.Net;
using System.Reflection;
using System.Text;

namespace CustobotGateway.Tests.Checkout.Faults;

/// <summary>
/// Whatever dies or is lost while a session is completed: one charge or none, an order if and only if there is one, stock and budget agree, and the agent's repetition gets the
/// one true answer. Charges are counted at the provider.
/// </summary>
public sealed class FaultMatrixTests(FaultFixture shop) : IClassFixture<FaultFixture>
{
    private const long Price = 20_000;
    private const long Budget = 50_000;
    private const int Stock = 5;

    public static TheoryData<string, bool> KillPoints
    {
        get
        {
            var points = new TheoryData<string, bool>();
            foreach (var step in Steps)
            {
                // The agent asks again at once, or only when everything has been settled without it.
                points.Add(step, step.Length % 2 == 0);
            }
            return points;
        }
    }

    private static IReadOnlyList<string> Steps { get; } = (IReadOnlyList<string>)typeof(GatewayApplication).Assembly.GetType("CustobotGateway.Checkout.CompletionSteps")!
        .GetField("All", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    [Fact]
    public void There_are_at_least_twelve_points() => Assert.InRange(Steps.Count, 12, 50);

    [Theory]
    [MemberData(nameof(KillPoints))]
    public async Task A_gateway_killed_at_a_step_charges_once_or_not_at_all(string step, bool asksAtOnce)
    {
        var (agent, product, session) = await BeginAsync(step == "quote_redeemed");
        await using var gateway = await GatewayProcess.StartAsync(shop.ConnectionString, step, shop.Settings);
        using var client = gateway.NewClient(agent.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/checkout_sessions/{session}/complete")
        {
            Content = new StringContent("""{"payment":{"handler":"sandbox","token":"tok_visa"}}""", Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", "once" } },
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(request));
        await gateway.WaitUntilDeadAsync();

        if (!asksAtOnce)
        {
            await shop.WaitUntilSettledAsync(session);
            await shop.AssertAgreesAsync(agent, session, product, await PriceOfAsync(agent, session), Stock, Budget);
        }
        var answer = await FaultFixture.CompleteUntilKnownAsync(agent, session, "once");
        Assert.Equal((HttpStatusCode.OK, "completed"), (answer.Status, answer.Body.GetProperty("status").GetString()));
        await shop.WaitUntilSettledAsync(session);
        Assert.Equal(1, await shop.AssertAgreesAsync(agent, session, product, await PriceOfAsync(agent, session), Stock, Budget));
        var again = await agent.CompleteAsync(session, key: "once");
        Assert.Equal((answer.Status, answer.Body.GetRawText()), (again.Status, again.Body.GetRawText()));
    }

    [Theory]
    [InlineData("authorise", "drop_before")]
    [InlineData("authorise", "drop_after")]
    [InlineData("authorise", "error")]
    [InlineData("authorise", "error_after")]
    [InlineData("authorise", "late")]
    [InlineData("capture", "drop_before")]
    [InlineData("capture", "drop_after")]
    [InlineData("capture", "error")]
    [InlineData("capture", "error_after")]
    [InlineData("capture", "late")]
    public async Task An_answer_that_is_lost_or_late_charges_once(string step, string fault)
    {
        var (agent, product, session) = await BeginAsync();
        await shop.FailAsync(session, step, fault, delayMilliseconds: 3_000);

        var answer = await FaultFixture.CompleteUntilKnownAsync(agent, session, "once");

        Assert.Equal((HttpStatusCode.OK, "completed"), (answer.Status, answer.Body.GetProperty("status").GetString()));
        await shop.WaitUntilSettledAsync(session);
        Assert.Equal(1, await shop.AssertAgreesAsync(agent, session, product, Price, Stock, Budget));
    }

    [Fact]
    public async Task An_answer_that_nobody_asks_for_again_is_settled_without_the_agent()
    {
        var (agent, product, session) = await BeginAsync();
        await shop.FailAsync(session, "authorise", "drop_after");

        (await agent.CompleteAsync(session, key: "once")).ShouldBe(409, "payment_in_progress");
        await shop.WaitUntilSettledAsync(session);

        Assert.Equal(1, await shop.AssertAgreesAsync(agent, session, product, Price, Stock, Budget));
        Assert.Equal(HttpStatusCode.OK, (await agent.CompleteAsync(session, key: "once")).Status);
    }

    [Fact]
    public async Task A_grant_that_ends_while_the_provider_is_asked_pays_nothing()
    {
        var (agent, product, session) = await BeginAsync();
        await shop.FailAsync(session, "authorise", "late", delayMilliseconds: 1_500);

        var completing = agent.CompleteAsync(session, key: "once");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await shop.CountAsync("checkout.payments", "session_id = @session", new { session }) == 0)
        {
            await Task.Delay(10, patience.Token);
        }
        using var revoked = await shop.Admin.DeleteAsync("/v1/grants/" + agent.GrantId);
        var answer = await completing;

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, answer.Status);
        await shop.WaitUntilSettledAsync(session);
        Assert.Equal(0, await shop.ChargesOfAsync(session));
        Assert.Equal(0, await shop.CountAsync("checkout.orders", "session_id = @session", new { session }));
        Assert.Equal(0, await shop.CountAsync("catalog.stock_holds", "reservation = @session", new { session }));
        Assert.Equal(Stock, await shop.StockOfAsync(product));
        Assert.Equal(1, await shop.CountAsync("checkout.sessions", "id = @session and status = 'canceled'", new { session }));
    }

    [Fact]
    public async Task Two_gateways_that_complete_the_same_session_at_once_charge_once()
    {
        var (agent, product, session) = await BeginAsync();
        await using var other = await GatewayProcess.StartAsync(shop.ConnectionString, settings: shop.Settings);
        using var client = other.NewClient(agent.Token);

        var there = Enumerable.Range(0, 5).Select(_ => client.PostAsync($"/v1/checkout_sessions/{session}/complete",
            new StringContent("""{"payment":{"handler":"sandbox","token":"tok_visa"}}""", Encoding.UTF8, "application/json")));
        var here = Enumerable.Range(0, 5).Select(_ => agent.CompleteAsync(session));
        var (first, second) = (await Task.WhenAll(there), await Task.WhenAll(here));

        Assert.InRange(first.Count(answer => answer.IsSuccessStatusCode) + second.Count(answer => answer.Status == HttpStatusCode.OK), 1, 10);
        await shop.WaitUntilSettledAsync(session);
        Assert.Equal(1, await shop.AssertAgreesAsync(agent, session, product, Price, Stock, Budget));
    }

    private async Task<(Agent Agent, string Product, string Session)> BeginAsync(bool fromQuote = false)
    {
        var product = await shop.AddProductAsync(price: Price, stock: Stock);
        var agent = await shop.GrantAsync(perOrder: Budget, total: Budget);
        if (!fromQuote)
        {
            return (agent, product, await agent.OpenSessionAsync(product));
        }
        var (_, session) = await agent.PostAsync("/v1/checkout_sessions", $$"""{"quote_id":"{{await agent.AgreeAsync(product, Price - 1_000)}}"}""");
        return (agent, product, session.GetProperty("id").GetString()!);
    }

    private static async Task<long> PriceOfAsync(Agent agent, string session) =>
        (await agent.GetAsync("/v1/checkout_sessions/" + session)).Body.GetProperty("totals").EnumerateArray().Single(total => total.GetProperty("type").GetString() == "total").GetProperty("amount").GetInt64();
}
