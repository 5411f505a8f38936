using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Tests.Checkout.Payments;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Checkout.Faults;

/// <summary>A gateway that stays alive, and a payment provider in a process of its own, whose journal is what counts.</summary>
public sealed class FaultFixture : ShopFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly PaymentProviderProcessTests.Provider _provider = new();

    /// <summary>What a gateway in another process needs to know of the provider. A time-out is short, so that a rehearsal is.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Checkout__Payments__Sandbox__Url"] = _provider.Client.BaseAddress!.ToString(),
        ["Checkout__Payments__ProviderSeconds"] = "2",
        ["Checkout__Payments__LeaseSeconds"] = "4",
        ["GATEWAY_ADMIN_TOKEN"] = AdminToken,
    };

    public override async Task InitializeAsync()
    {
        await _provider.InitializeAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _provider.DisposeAsync();
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(new PaymentOptions
        {
            ProviderSeconds = 2,
            LeaseSeconds = 4,
            Sandbox = new SandboxOptions { Url = _provider.Client.BaseAddress!.ToString(), TimeoutMilliseconds = 2_000 },
        });
    }

    /// <summary>Lets the provider's next call of a session go wrong.</summary>
    public Task FailAsync(string session, string step, string fault, int delayMilliseconds = 0) =>
        _provider.FailNextAsync(new { step, fault, session_id = session, delay_milliseconds = delayMilliseconds });

    /// <summary>Completes until it is known what became of it: the agent repeats the same request under the same key.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> CompleteUntilKnownAsync(Agent agent, string session, string key, string token = "tok_visa")
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await agent.CompleteAsync(session, token, key);
            if (answer.Status is not (HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable)
                || answer.Body.GetProperty("code").GetString() is not ("payment_in_progress" or "idempotency_in_flight" or "database_unavailable"))
            {
                return answer;
            }
            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>Waits until nothing of the session is open at the provider or here.</summary>
    public async Task WaitUntilSettledAsync(string session)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await CountAsync("checkout.payments", "session_id = @session and state not in ('captured', 'voided', 'declined')", new { session }) > 0)
        {
            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>All that the provider did, from its own journal.</summary>
    public async Task<IReadOnlyList<JsonElement>> JournalAsync()
    {
        var entries = new List<JsonElement>();
        JsonElement page;
        do
        {
            page = await _provider.Client.GetFromJsonAsync<JsonElement>(new Uri($"/journal?limit=10000&after={entries.Count}", UriKind.Relative));
            entries.AddRange(page.GetProperty("entries").EnumerateArray());
        }
        while (page.GetProperty("entries").GetArrayLength() > 0);
        return entries;
    }

    /// <summary>Charges of the session, counted in the provider's own journal; each is of the whole amount.</summary>
    public async Task<int> ChargesOfAsync(string session) =>
        (await JournalAsync()).Count(entry => entry.GetProperty("act").GetString() == "charge" && entry.GetProperty("payment").TryGetProperty("session_id", out var of) && of.GetString() == session);

    /// <summary>Amounts that the provider gave back of the session's payments, from its own journal.</summary>
    public async Task<IReadOnlyList<long>> ReturnedAsync(string session)
    {
        var payments = (await JournalAsync()).Select(entry => entry.GetProperty("payment")).Where(payment => payment.TryGetProperty("session_id", out var of) && of.GetString() == session);
        // Refunds of a payment accumulate in it: its last line tells all.
        return [.. payments.GroupBy(payment => payment.GetProperty("id").GetString()).SelectMany(same => same.Last().GetProperty("refunds").EnumerateObject().Select(refund => refund.Value.GetInt64()))];
    }

    /// <summary>Lets the provider charge what nobody asked it to: the person confirms, and it goes on by itself.</summary>
    public async Task ChargeAsync(string payment, long amount)
    {
        using var form = new FormUrlEncodedContent([new("decision", "accept")]);
        using var decided = await _provider.Client.PostAsync(new Uri($"/payments/{payment}/decision", UriKind.Relative), form);
        using var charged = await _provider.Client.PostAsJsonAsync(new Uri("/captures", UriKind.Relative), new { payment_id = payment, amount });
        Assert.True(charged.IsSuccessStatusCode);
    }

    /// <summary>Money, order, stock and budget agree: one charge and one order, or none of either.</summary>
    public async Task<int> AssertAgreesAsync(Agent agent, string session, string product, long price, int stock, long budget)
    {
        var charges = await ChargesOfAsync(session);
        Assert.InRange(charges, 0, 1);
        await using var connection = await OpenDatabaseAsync();
        var (orders, held, holds) = await connection.QuerySingleAsync<(int, int, int)>("""
            select (select count(*)::int from checkout.orders where session_id = @session),
                   (select coalesce(sum(quantity), 0)::int from catalog.stock_holds where reservation = @session),
                   (select count(*)::int from identity.holds where reservation = @session)
            """, new { session });
        var left = await StockOfAsync(product);
        var remaining = (await agent.RemainingAsync()).GetProperty("remaining").GetInt64();
        Assert.Equal((charges, 0, 0, stock - charges, budget - (charges * price)), (orders, held, holds, left, remaining));
        return charges;
    }
}
