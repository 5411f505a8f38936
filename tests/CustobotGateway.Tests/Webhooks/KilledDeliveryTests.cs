using System.Diagnostics;
using System.Text.RegularExpressions;
using Dapper;

namespace CustobotGateway.Tests.Webhooks;

/// <summary>A gateway that is killed while it delivers, alone or beside another one.</summary>
public sealed partial class KilledDeliveryTests(WebhookFixture shop) : IClassFixture<WebhookFixture>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _data = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task What_a_killed_gateway_was_sending_is_sent_by_another_with_the_same_id()
    {
        await using var sink = await Sink.StartAsync();
        var reached = new TaskCompletionSource();
        sink.Answer = async (context, _) =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Response.StatusCode = 500;
        };
        await shop.CreateAsync(sink.Url);
        await shop.StopAsync();
        await shop.HappenAsync("ord_killed", 3);
        using (var gateway = Start())
        {
            await reached.Task.WaitAsync(Patience);
            await KillAsync(gateway);
        }
        sink.Answer = null;
        await ExpireLeasesAsync();

        await shop.StartAsync();
        await sink.WaitForTakenAsync(3);

        Assert.Equal([1, 2, 3], sink.Taken.Select(one => one.Sequence));
        Assert.Equal(sink.Arrived.First().Id, sink.Taken.First().Id);
    }

    [Fact]
    public async Task Two_gateways_of_which_one_is_killed_lose_nothing_and_keep_every_order_in_order()
    {
        const int Orders = 40, Events = 15;
        await using var sink = await Sink.StartAsync();
        var seen = 0;
        var half = new TaskCompletionSource();
        sink.Answer = (context, _) =>
        {
            context.Response.StatusCode = 200;
            if (Interlocked.Increment(ref seen) == Orders * Events / 3)
            {
                half.TrySetResult();
            }
            return Task.CompletedTask;
        };
        await shop.CreateAsync(sink.Url);
        using (var gateway = Start())
        {
            await ListeningAsync(gateway);
            for (var order = 0; order < Orders; order++)
            {
                await shop.HappenAsync($"ord_two_{order}", Events);
            }
            await half.Task.WaitAsync(Patience);
            await KillAsync(gateway);
        }
        await ExpireLeasesAsync();
        // What the database says is due is due; the killed gateway's leases are not waited for.
        // The last event of an order may come twice, and stand for no other's.
        using var patience = new CancellationTokenSource(Patience);
        while (sink.Taken.Where(one => one.Sequence == Events).DistinctBy(one => one.Subject).Count() < Orders)
        {
            await Task.Delay(10, patience.Token);
        }

        foreach (var order in sink.Taken.GroupBy(one => one.Subject))
        {
            // Sent again is what was not written down; the first time of each is in order, and each has one id.
            Assert.Equal(Enumerable.Range(1, Events), order.Select(one => one.Sequence).Distinct());
            Assert.Equal(Events, order.Select(one => one.Id).Distinct().Count());
        }
        Assert.Equal(Orders, sink.Taken.Select(one => one.Subject).Distinct().Count());
    }

    private async Task ExpireLeasesAsync()
    {
        await using var connection = await shop.OpenDatabaseAsync();
        // The database's own minute, put forward.
        await connection.ExecuteAsync("update webhooks.queues set leased_until = clock_timestamp() - interval '1 second' where leased_until is not null");
    }

    private Process Start() => Process.Start(new ProcessStartInfo("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "CustobotGateway.dll"), "serve", "--data", _data, "--urls", "http://127.0.0.1:0", "--no-demo", "--connection", shop.ConnectionString])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["Webhooks__AllowedHosts"] = "127.0.0.1" },
    })!;

    private static async Task KillAsync(Process gateway)
    {
        gateway.Kill();
        await gateway.WaitForExitAsync();
    }

    private static async Task ListeningAsync(Process gateway)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await gateway.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().IsMatch(line))
            {
                return;
            }
        }
        throw new InvalidOperationException("The gateway did not start: " + await gateway.StandardError.ReadToEndAsync(patience.Token));
    }

    [GeneratedRegex(@"listening on +http\S+")]
    private static partial Regex Listening();
}
