using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CustobotGateway.Tests.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Tests.Catalog.Import;

/// <summary>A gateway of its own process, killed as the kernel kills.</summary>
public sealed class ImportCrashTests : IAsyncLifetime
{
    private const string Token = "crash-token";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private const int Before = 2_000;
    private const int After = 24_000;

    // The same for all.
    private static Task<List<string>>? _undisturbed;

    private readonly string _data = Directory.CreateTempSubdirectory("gateway-crash-").FullName;
    private readonly List<Process> _started = [];
    private TestDatabase _database = null!;

    [Theory]
    [InlineData("staging", 1)]
    [InlineData("staging", 8_000)]
    [InlineData("swapping", 0)]
    public async Task Import_that_is_killed_comes_to_the_same_end_after_a_restart(string phase, long rows)
    {
        var before = Encoding.UTF8.GetBytes(Feed(0, Before, "before"));
        var feed = Encoding.UTF8.GetBytes(Feed(Before / 2, After, "after"));
        var undisturbed = await (_undisturbed ??= UndisturbedAsync(before, feed));

        using (var gateway = await StartAsync())
        {
            await EndAsync(gateway.Client, await BeginAsync(gateway.Client, before));
            var id = await BeginAsync(gateway.Client, feed);
            while (await ProgressAsync(gateway.Client, id) is { } report && report.GetProperty("status").GetString() == "running"
                && !((report.TryGetProperty("phase", out var now) && now.GetString() == "swapping") || (phase == "staging" && report.GetProperty("rows").GetInt64() >= rows)))
            {
                // No pause: the moment is short.
            }
            gateway.Kill();
        }
        var good = await DumpAsync(_database.ConnectionString);
        using var restarted = await StartAsync();
        await WaitUntilIdleAsync(restarted.Client);

        // Either the swap had not committed, and readers saw what was there before, or it had.
        Assert.True(good.Count is Before or After + (Before / 2));
        Assert.Equal(undisturbed, await DumpAsync(_database.ConnectionString));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_data, "imports")));
    }

    private async Task<List<string>> UndisturbedAsync(byte[] before, byte[] feed)
    {
        await using var other = await TestDatabase.CreateAsync();
        var data = Directory.CreateTempSubdirectory("gateway-calm-").FullName;
        using (var gateway = await StartAsync(other.ConnectionString, data))
        {
            await EndAsync(gateway.Client, await BeginAsync(gateway.Client, before));
            await EndAsync(gateway.Client, await BeginAsync(gateway.Client, feed));
            gateway.Kill();
        }
        Directory.Delete(data, recursive: true);
        return await DumpAsync(other.ConnectionString);
    }

    private static string Feed(int first, int count, string name) => string.Join('\n', Enumerable.Range(first, count).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":"k{{(i * 7_919L) % 1_000_003}}","name":"{{name}} {{i}}","weight":{{i % 977}},"brand":"b{{i % 50}}"}""")));

    private static async Task<string> BeginAsync(HttpClient client, byte[] feed)
    {
        using var content = new ByteArrayContent(feed);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var answer = await client.PostAsync("/v1/products:import", content);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement?> ProgressAsync(HttpClient client, string id) => await client.GetFromJsonAsync<JsonElement>("/v1/imports/" + id);

    private static async Task EndAsync(HttpClient client, string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await ProgressAsync(client, id))!.Value.GetProperty("status").GetString() != "completed")
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task WaitUntilIdleAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await client.GetFromJsonAsync<JsonElement>("/v1/imports", patience.Token)).GetProperty("imports").EnumerateArray().Any(import => import.GetProperty("status").GetString() != "completed"))
        {
            await Task.Delay(20, patience.Token);
        }
        // The feed is forgotten after the report says that it is done.
        await Task.Delay(200, patience.Token);
    }

    private static async Task<List<string>> DumpAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        return (await connection.QueryAsync<string>("select external_id || ' ' || number || ' ' || version || ' ' || attributes::text from catalog.products where withdrawn_at is null order by external_id")).AsList();
    }

    private Task<Gateway> StartAsync() => StartAsync(_database.ConnectionString, _data);

    private async Task<Gateway> StartAsync(string database, string data)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { typeof(GatewayApplication).Assembly.Location, "serve", "--urls", url, "--data", data, "--connection", database, "--no-demo", "--admin-token", Token })
        {
            start.ArgumentList.Add(word);
        }
        var process = Process.Start(start)!;
        _started.Add(process);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready", patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return new Gateway(process, client);
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // It does not listen yet.
            }
            await Task.Delay(50, patience.Token);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
            process.Dispose();
        }
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private sealed class Gateway(Process process, HttpClient client) : IDisposable
    {
        public HttpClient Client { get; } = client;

        /// <summary>SIGKILL: nothing of the process runs after it.</summary>
        public void Kill()
        {
            process.Kill();
            process.WaitForExit();
        }

        public void Dispose()
        {
            if (!process.HasExited)
            {
                Kill();
            }
            Client.Dispose();
        }
    }
}
