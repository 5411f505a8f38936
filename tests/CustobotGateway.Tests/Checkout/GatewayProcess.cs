using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace CustobotGateway.Tests.Checkout;

/// <summary>A gateway in a process of its own, on a database that a test has; it can be told to kill itself at a step of completing a session.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _data = Directory.CreateTempSubdirectory("gateway-test-").FullName;
    private readonly Process _process;

    private GatewayProcess(string connectionString, string? killAt, IReadOnlyDictionary<string, string>? settings)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "CustobotGateway.dll"), "serve", "--data", _data, "--urls", "http://127.0.0.1:0", "--no-demo", "--connection", connectionString])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (killAt is not null)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
            start.Environment[StartupHook.KillAt] = killAt;
        }
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
    }

    /// <summary>Where it listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Starts one, and waits until it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(string connectionString, string? killAt = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var gateway = new GatewayProcess(connectionString, killAt, settings);
        using var patience = new CancellationTokenSource(Patience);
        while (await gateway._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                gateway.Url = match.Groups["url"].Value;
                // Nobody reads on: a full pipe would stop it.
                _ = gateway._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                _ = gateway._process.StandardError.ReadToEndAsync(CancellationToken.None);
                return gateway;
            }
        }
        throw new InvalidOperationException("The gateway did not start: " + await gateway._process.StandardError.ReadToEndAsync(patience.Token));
    }

    /// <summary>Calls it with that token.</summary>
    public HttpClient NewClient(string token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await WaitUntilDeadAsync();
    }

    /// <summary>Waits until it has killed itself.</summary>
    public async Task WaitUntilDeadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [GeneratedRegex(@"listening on +(?<url>http\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}
