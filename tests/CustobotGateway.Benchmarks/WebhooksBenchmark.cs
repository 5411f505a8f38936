using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using CustobotGateway.Commands;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// How fast 10,000 events of 1,000 orders reach a partner on the same machine, from their commit to the last answer, on a database whose commits wait for the disk. What
/// arrives is held against what happened: all of it, each order in order.
/// </summary>
public static class WebhooksBenchmark
{
    private const string Part = "webhooks";
    private const string Token = "benchmark-administrator-token";
    private const int Orders = 1_000;
    private const int EventsOfOrder = 10;
    private const int Deliveries = Orders * EventsOfOrder;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(BenchOptions options, Figures figures, string dataFolder)
    {
        // Read by the gateway when it starts.
        Environment.SetEnvironmentVariable("Webhooks__AllowedHosts", "127.0.0.1");
        await using var partner = await Partner.StartAsync();
        await using var host = await GatewayHost.StartAsync(
            new GatewaySettings { Urls = ["http://127.0.0.1:0"], DataDirectory = dataFolder, ConnectionString = "", AdminToken = Token, Demo = false }, CancellationToken.None);
        await host.WaitUntilReadyAsync(CancellationToken.None);
        using var client = new HttpClient { BaseAddress = new Uri(host.App.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var created = await client.PostAsJsonAsync("/v1/webhook_endpoints", new { url = partner.Url, events = new[] { "order.*" } });
        created.EnsureSuccessStatusCode();
        var database = host.App.Services.GetRequiredService<NpgsqlDataSource>();
        await RoundAsync(database, partner, "warm");
        var (seconds, rates) = (new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            seconds.Add(await RoundAsync(database, partner, $"r{round}"));
            rates.Add(Deliveries / seconds[^1]);
        }
        figures.Add(Part, "10,000 deliveries", "s", seconds, "1,000 orders of 10 events to one partner, gateway, partner and database on this machine; none lost, each order in order. The goal is 20");
        figures.Add(Part, "deliveries", "1/s", rates);
    }

    private static async Task<double> RoundAsync(NpgsqlDataSource database, Partner partner, string name)
    {
        partner.Expect(Deliveries);
        await using var connection = await database.OpenConnectionAsync();
        // As the event log writes them, but for their hashes, which no delivery reads.
        await connection.ExecuteAsync("""
            insert into common.events (stream, version, type, actor, at, data, hash)
            select 'ord_' || @name || '_' || o, v, 'order.shipped', 'gateway', clock_timestamp(), jsonb_build_object('client_id', 'bot', 'grant_id', 'grt_1', 'carrier', 'A carrier', 'tracking_number', md5(o::text)), '\x00'
            from generate_series(1, @EventsOfOrder) v, generate_series(1, @Orders) o order by v, o
            """, new { name, EventsOfOrder, Orders });
        var begun = Stopwatch.GetTimestamp();
        await partner.AllArrived.WaitAsync(Patience);
        var time = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        partner.Check(name);
        return time;
    }

    /// <summary>Takes what it is sent and keeps the order in which it came.</summary>
    private sealed class Partner : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private ConcurrentDictionary<string, ConcurrentQueue<int>> _arrived = new();
        private ConcurrentDictionary<string, bool> _ids = new();
        private TaskCompletionSource _all = new();
        private int _missing;

        private Partner(WebApplication app) => _app = app;

        public string Url => _app.Urls.First();

        public Task AllArrived => _all.Task;

        public static async Task<Partner> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var partner = new Partner(builder.Build());
            partner._app.Run(partner.TakeAsync);
            await partner._app.StartAsync();
            return partner;
        }

        public void Expect(int count) => (_arrived, _ids, _all, _missing) = (new(), new(), new(TaskCreationOptions.RunContinuationsAsynchronously), count);

        public void Check(string name)
        {
            var wrong = Enumerable.Range(1, Orders).Count(order =>
                !_arrived.TryGetValue($"ord_{name}_{order}", out var sequences) || !sequences.Distinct().SequenceEqual(Enumerable.Range(1, EventsOfOrder)));
            if (wrong > 0)
            {
                throw new InvalidDataException($"{wrong} of {Orders} orders did not arrive whole and in order.");
            }
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var message = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            _arrived.GetOrAdd(message.RootElement.GetProperty("subject").GetString()!, _ => new()).Enqueue(message.RootElement.GetProperty("sequence").GetInt32());
            if (_ids.TryAdd(context.Request.Headers["webhook-id"].ToString(), true) && Interlocked.Decrement(ref _missing) == 0)
            {
                _all.TrySetResult();
            }
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
