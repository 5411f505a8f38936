using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Benchmarks;

/// <summary>The real gateway in a process of its own, with its private PostgreSQL in a data folder of its own, reached over HTTP.</summary>
public sealed class GatewayUnderTest : IAsyncDisposable
{
    private const string AdminToken = "benchmark-administrator-token";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly Child _process;

    private GatewayUnderTest(Child process, Uri url)
    {
        _process = process;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }) { BaseAddress = url, Timeout = Patience };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
    }

    /// <summary>The administrator's.</summary>
    public HttpClient Client { get; }

    public int ProcessId => _process.Id;

    public int Port => Client.BaseAddress!.Port;

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="registry">Its attribute registry; null for the built-in one.</param>
    public static async Task<GatewayUnderTest> StartAsync(string data, string? registry)
    {
        var port = FreePort();
        var process = Child.StartGateway(["serve", "--urls", $"http://127.0.0.1:{port}", "--data", data, "--no-demo", "--admin-token", AdminToken, .. registry is null ? Array.Empty<string>() : ["--registry", registry]]);
        var gateway = new GatewayUnderTest(process, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await gateway.WaitUntilReadyAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Imports a file and waits until searches see all of it.</summary>
    /// <returns>The seconds until the import was done, and until searches saw it.</returns>
    public async Task<(double Imported, double Visible)> ImportAsync(string file, int count)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        using var content = new StreamContent(File.OpenRead(file), 1 << 20) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        using var accepted = await Client.PostAsync("/v1/products:import", content);
        var id = (await JsonAsync(accepted)).GetProperty("id").GetString();
        JsonElement report;
        do
        {
            await Task.Delay(50);
            using var answer = await Client.GetAsync($"/v1/imports/{id}");
            report = await JsonAsync(answer);
        }
        while (report.GetProperty("status").GetString() is "receiving" or "running");
        var imported = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (report.GetProperty("status").GetString() != "completed")
        {
            throw new InvalidDataException($"The import did not succeed: {report}");
        }
        await WaitForTotalAsync(count);
        return (imported, System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Waits until searches see that many products.</summary>
    public async Task WaitForTotalAsync(int count)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (JsonDocument.Parse(await SearchAsync("""{"page":{"size":1},"select":[]}""")).RootElement.GetProperty("total").GetInt32() != count)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException("Searches do not see the imported products.");
            }
            await Task.Delay(20);
        }
    }

    /// <summary>The answer to a search.</summary>
    public async Task<byte[]> SearchAsync(string search)
    {
        using var content = new StringContent(search, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync("/v1/products/search", content);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return answer.IsSuccessStatusCode ? body : throw new InvalidDataException($"{(int)answer.StatusCode} for {search}: {Encoding.UTF8.GetString(body)}");
    }

    /// <summary>Imports files with the gateway's own verb; returns how many products it accepted.</summary>
    public static async Task<int> ImportByVerbAsync(string data, string mapping, IReadOnlyList<string> files)
    {
        await using var verb = Child.StartGateway(["import", .. files, "--mapping", mapping, "--data", data, "--admin-token", AdminToken, "--json"]);
        using var report = JsonDocument.Parse(await verb.ReadToEndAsync(Patience));
        return report.RootElement.GetProperty("accepted").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidDataException($"{(int)answer.StatusCode}: {text}");
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        var listening = _process.ReadLineAsync();
        while (true)
        {
            if (listening.IsFaulted)
            {
                await listening;
            }
            try
            {
                using var ready = await Client.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(50);
        }
    }
}
