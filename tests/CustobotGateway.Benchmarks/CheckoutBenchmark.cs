using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Database.Embedded;
using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// Whole checkouts, each of three calls (create, update, complete with the sandbox provider), against the rate at which PostgreSQL commits pgbench's TPC-B script on the same
/// database: both wait for the disk, by as many connections.
/// </summary>
public static class CheckoutBenchmark
{
    private const string Part = "checkout";
    private const int Connections = 16;
    private const int Grants = 64;
    private const int Products = 200;
    private const int Scale = 50;
    private const int WarmUpSeconds = 30;

    public static async Task RunAsync(BenchOptions options, Figures figures, string folder)
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(folder, durable: true, Figures.Tell, CancellationToken.None);
        await using var app = GatewayApplication.Build(new GatewaySettings
        {
            Urls = ["http://127.0.0.1:0"],
            DataDirectory = folder,
            ConnectionString = postgres.ConnectionString,
            AdminToken = "benchmark-administrator-token",
            Demo = false,
        });
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Connections }) { BaseAddress = new Uri(app.Services.GetRequiredService<PublicUrl>().Base) };
        var products = await AddProductsAsync(postgres.ConnectionString);
        var tokens = await AddGrantsAsync(client);
        await PgbenchAsync(postgres.ConnectionString, "-i", "-q", "-s", Scale.ToString(CultureInfo.InvariantCulture));

        var (rates, calls, commits, latencies) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        // A gateway that has run for a while: its code is compiled, and the database has planned its statements on each connection.
        await CheckoutsAsync(client, tokens, products, WarmUpSeconds);
        await TpcBAsync(postgres.ConnectionString, options.Seconds);
        for (var round = 0; round < options.Rounds; round++)
        {
            var (rate, p99) = await CheckoutsAsync(client, tokens, products, options.Seconds);
            rates.Add(rate);
            calls.Add(p99);
            var (tps, commit) = await TpcBAsync(postgres.ConnectionString, options.Seconds);
            commits.Add(tps);
            latencies.Add(commit);
        }
        figures.Add(Part, "whole checkouts", "1/s", rates, $"create, update and complete, {Connections} at once on {Grants} grants; the answer waits for the disk");
        figures.Add(Part, "TPC-B transactions", "1/s", commits, $"pgbench -s {Scale} -M prepared on the same database, as many connections");
        figures.Add(Part, "checkouts to TPC-B", "ratio", [.. rates.Zip(commits, (one, other) => one / other)], "goal: at least 0.08");
        figures.Add(Part, "p99 of a call", "ms", calls);
        figures.Add(Part, "p99 of a TPC-B transaction", "ms", latencies);
        figures.Add(Part, "p99 to TPC-B's", "ratio", [.. calls.Zip(latencies, (one, other) => one / other)], "goal: under 12");
        await app.StopAsync();
    }

    private static async Task<(double Rate, double P99)> CheckoutsAsync(HttpClient client, string[] tokens, string[] products, int seconds)
    {
        var (begun, until) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(seconds));
        var workers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(worker => Task.Run(async () =>
        {
            var (times, done) = (new List<double>(), 0);
            for (var i = worker; Stopwatch.GetElapsedTime(begun) < until; i += Connections, done++)
            {
                var token = tokens[i % tokens.Length];
                var session = await CallAsync(HttpMethod.Post, "/v1/checkout_sessions", $$"""{"line_items":[{"product_id":"{{products[i % products.Length]}}","quantity":1}]}""");
                var path = "/v1/checkout_sessions/" + session.GetProperty("id").GetString();
                await CallAsync(HttpMethod.Patch, path, """{"buyer":{"email":"buyer@example.com"}}""");
                var completed = await CallAsync(HttpMethod.Post, path + "/complete", """{"payment":{"handler":"sandbox","token":"tok_visa"}}""");
                if (completed.GetProperty("status").GetString() != "completed")
                {
                    throw new InvalidDataException("A checkout was not completed: " + completed);
                }

                async Task<JsonElement> CallAsync(HttpMethod method, string address, string body)
                {
                    using var request = new HttpRequestMessage(method, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                    request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
                    var sent = Stopwatch.GetTimestamp();
                    using var answer = await client.SendAsync(request);
                    var read = await answer.Content.ReadAsByteArrayAsync();
                    times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                    if (!answer.IsSuccessStatusCode)
                    {
                        throw new InvalidDataException($"{method} {address} was answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(read)}");
                    }
                    using var json = JsonDocument.Parse(read);
                    return json.RootElement.Clone();
                }
            }
            return (times, done);
        })));
        var all = workers.SelectMany(worker => worker.times).Order().ToArray();
        return (workers.Sum(worker => worker.done) / Stopwatch.GetElapsedTime(begun).TotalSeconds, all[(int)(all.Length * 0.99)]);
    }

    private static async Task<string[]> AddProductsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($$"""
            with added as (
                insert into catalog.products (external_id, attributes, provenance, content_hash)
                select 'bench-' || n, jsonb_build_object('name', 'A thing ' || n, 'category', 'laptop', 'price', jsonb_build_object('amount', 1000 + n, 'currency', 'USD')), '{}', '\x00'
                from generate_series(1, {{Products}}) n returning number)
            insert into catalog.stock (product, location, on_hand) select number, 'main', 1000000000 from added returning product
            """, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync())
        {
            ids.Add(Ids.FromNumber("prd", reader.GetInt64(0)));
        }
        return [.. ids];
    }

    private static async Task<string[]> AddGrantsAsync(HttpClient client)
    {
        var tokens = new string[Grants];
        for (var i = 0; i < Grants; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/grants")
            {
                Content = JsonContent.Create(new
                {
                    client_id = "bench-bot",
                    person = "buyer@example.com",
                    authorization_details = new[] { new { type = "purchase_mandate", actions = new[] { "purchase" }, currency = "USD", limits = new { per_order = 1_000_000, total = 1_000_000_000_000 } } },
                }),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "benchmark-administrator-token");
            using var answer = await client.SendAsync(request);
            using var grant = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            tokens[i] = grant.RootElement.GetProperty("token").GetString()!;
        }
        return tokens;
    }

    private static async Task<(double Rate, double P99)> TpcBAsync(string connectionString, int seconds)
    {
        var logs = Directory.CreateTempSubdirectory("tpcb-");
        try
        {
            var output = await PgbenchAsync(connectionString, "-n", "-b", "tpcb-like", "-M", "prepared", "-s", Scale.ToString(CultureInfo.InvariantCulture),
                "-c", Connections.ToString(CultureInfo.InvariantCulture), "-j", "2", "-T", seconds.ToString(CultureInfo.InvariantCulture), "-l", "--log-prefix", Path.Combine(logs.FullName, "tpcb"));
            var rate = double.Parse(output.Split('\n').First(line => line.StartsWith("tps = ", StringComparison.Ordinal)).Split(' ')[2], CultureInfo.InvariantCulture);
            // A line for each transaction: client, number, microseconds, …
            var times = logs.EnumerateFiles().SelectMany(file => File.ReadLines(file.FullName)).Select(line => double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1_000).Order().ToArray();
            return (rate, times[(int)(times.Length * 0.99)]);
        }
        finally
        {
            logs.Delete(recursive: true);
        }
    }

    private static async Task<string> PgbenchAsync(string connectionString, params string[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var program = Directory.EnumerateFiles("/usr/lib/postgresql", "pgbench", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault() ?? "pgbench";
        await using var child = Child.StartProgram(program,
            [.. arguments, "-h", settings.Host!, "-p", settings.Port.ToString(CultureInfo.InvariantCulture), "-U", settings.Username!, settings.Database!]);
        return await child.ReadToEndAsync(TimeSpan.FromMinutes(5));
    }
}
