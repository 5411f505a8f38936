using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace CustobotGateway.Tests.Checkout.Faults;

/// <summary>
/// Agents that open, change, complete and cancel sessions, and cancel and refund orders, at random and at once, over whichever gateway answers. What each was answered is
/// kept, so that it can be asked again.
/// </summary>
internal sealed class Rush(TwoGateways gateways, IReadOnlyList<Agent> grants, IReadOnlyList<string> products, string merchant)
{
    private const int MostTurns = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // One in a hundred each.
    private static readonly string[] BadTokens = ["tok_timeout", "tok_3ds", "tok_capture_fails"];

    private int _number;

    /// <summary>Every write that has an answer for good.</summary>
    public ConcurrentBag<(Write Write, Answer Answer)> Answered { get; } = [];

    /// <summary>How often what was answered: the status of a session, or the code of a refusal.</summary>
    public ConcurrentDictionary<string, int> Tally { get; } = new(StringComparer.Ordinal);

    /// <summary>Lets so many agents act until then.</summary>
    public Task RunAsync(int agents, DateTime until) => Task.WhenAll(Enumerable.Range(0, agents).Select(async agent =>
    {
        // A replayable choice, not a secret. Of each agent its own: they share nothing but the shop.
        var random = new Random(agent);
        var orders = new Queue<string>();
        for (var turn = 0; turn < MostTurns && DateTime.UtcNow < until; turn++)
        {
            await TakeTurnAsync(grants[agent % grants.Count], orders, random);
        }
    }));

    private async Task TakeTurnAsync(Agent agent, Queue<string> orders, Random random)
    {
        var lines = Enumerable.Range(0, random.Next(1, 3)).Select(_ => products[random.Next(products.Count)]).Distinct()
            .Select(product => string.Create(CultureInfo.InvariantCulture, $$"""{"product_id":"{{product}}","quantity":{{random.Next(1, 4)}}}"""));
        var opened = await SendAsync(agent.Token, "/v1/checkout_sessions", $$"""{"line_items":[{{string.Join(',', lines)}}]}""", random);
        Assert.True(opened.Status == HttpStatusCode.Created, opened.Text);
        var session = opened.Body.GetProperty("id").GetString()!;
        if (random.Next(10) == 0)
        {
            await SendAsync(agent.Token, $"/v1/checkout_sessions/{session}/cancel", "{}", random, keep: true);
        }
        if (await PayAsync(agent, session, TokenOf(random), random) is { } order)
        {
            orders.Enqueue(order);
        }
        if (orders.Count > 0 && random.Next(2) == 0)
        {
            // Gives back what others want, so that they can buy it.
            await GiveBackAsync(agent, orders.Dequeue(), random);
        }
    }

    // The order; null where there is none.
    private async Task<string?> PayAsync(Agent agent, string session, string token, Random random)
    {
        var (path, body) = ($"/v1/checkout_sessions/{session}/complete", $$"""{"payment":{"handler":"sandbox","token":"{{token}}"} }""");
        var write = new Write(agent.Token, path, body, NewKey());
        Answer answer;
        switch (random.Next(10))
        {
            case 0:
                // The same request at both at the same moment has one answer.
                var twice = await Task.WhenAll(CompleteAsync(write, 0), CompleteAsync(write, 1));
                Assert.True(twice[0] == twice[1] || token == "tok_3ds", $"{session}: {twice[0]} and {twice[1]}");
                answer = twice[0];
                break;
            case 1:
                // Two requests, and one that would rather not buy.
                var canceling = SendAsync(agent.Token, $"/v1/checkout_sessions/{session}/cancel", "{}", random, keep: true);
                var both = await Task.WhenAll(CompleteAsync(write, 0), CompleteAsync(write with { Key = NewKey() }, 1));
                await canceling;
                answer = both.FirstOrDefault(one => one.Status == HttpStatusCode.OK) ?? both[0];
                break;
            default:
                answer = await CompleteAsync(write, random.Next(2));
                break;
        }
        if (answer.Status == HttpStatusCode.OK && answer.Body.GetProperty("status").GetString() == "requires_escalation")
        {
            // Nobody confirms: it is paid otherwise.
            answer = await CompleteAsync(new Write(agent.Token, path, body.Replace(token, "tok_visa", StringComparison.Ordinal), NewKey()), random.Next(2));
        }
        return answer.Status == HttpStatusCode.OK && answer.Body.TryGetProperty("order", out var order) ? order.GetProperty("id").GetString() : null;
    }

    private async Task GiveBackAsync(Agent agent, string order, Random random)
    {
        if (random.Next(3) == 0)
        {
            await SendAsync(merchant, $"/v1/orders/{order}/refunds", string.Create(CultureInfo.InvariantCulture, $$"""{"amount":{{random.Next(1, 500)}},"reason":"goodwill"}"""), random, keep: true);
        }
        await SendAsync(agent.Token, $"/v1/orders/{order}/cancellations", """{"reason":"unwanted"}""", random, keep: true);
    }

    /// <summary>Completes until it is known what became of it: the same request under the same key.</summary>
    private async Task<Answer> CompleteAsync(Write write, int which)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await gateways.SendAsync(which, write);
            Assert.True((int)answer.Status < 500, answer.Text);
            if (answer.Code is not ("payment_in_progress" or "idempotency_in_flight"))
            {
                var status = answer.Code ?? answer.Body.GetProperty("status").GetString()!;
                Tally.AddOrUpdate(status, 1, (_, count) => count + 1);
                if (status != "requires_escalation")
                {
                    Answered.Add((write, answer));
                }
                return answer;
            }
            Assert.False(patience.IsCancellationRequested, $"{write}: {answer}");
            await Task.Delay(Pause, CancellationToken.None);
            which = 1 - which;
        }
    }

    private async Task<Answer> SendAsync(string token, string path, string body, Random random, bool keep = false)
    {
        var write = new Write(token, path, body, NewKey());
        using var patience = new CancellationTokenSource(Patience);
        var answer = await gateways.SendAsync(random.Next(2), write);
        while (answer.Code == "idempotency_in_flight")
        {
            // The request that lost its gateway is still being done by it.
            await Task.Delay(Pause, patience.Token);
            answer = await gateways.SendAsync(random.Next(2), write);
        }
        Assert.True((int)answer.Status < 500, answer.Text);
        if (keep)
        {
            Answered.Add((write, answer));
            Tally.AddOrUpdate($"{path[(path.LastIndexOf('/') + 1)..]} {answer.Code ?? "done"}", 1, (_, count) => count + 1);
        }
        return answer;
    }

    private string NewKey() => string.Create(CultureInfo.InvariantCulture, $"rush-{Interlocked.Increment(ref _number)}");

    private static string TokenOf(Random random) => random.Next(100) switch
    {
        var bad when bad < BadTokens.Length => BadTokens[bad],
        < 10 => "tok_declined",
        _ => "tok_visa",
    };
}
