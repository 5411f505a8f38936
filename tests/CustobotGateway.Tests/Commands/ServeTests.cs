using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace CustobotGateway.Tests.Commands;

/// <summary>The program itself, with a private PostgreSQL in a folder of its own.</summary>
public sealed partial class ServeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _data = Directory.CreateTempSubdirectory("gateway-test-").FullName;
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Gateway_that_was_killed_leaves_a_data_folder_that_the_next_one_takes_over()
    {
        using var first = await StartAsync();
        var url = await UrlOfAsync(first);
        Assert.Equal(HttpStatusCode.Created, await AddAttributeAsync(url, "kept_over_a_crash"));
        using var rival = await StartAsync();
        Assert.Contains("already", await rival.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await rival.WaitForExitAsync();
        Assert.Equal(1, rival.ExitCode);

        first.Kill();
        await first.WaitForExitAsync();
        using var second = await StartAsync();
        url = await UrlOfAsync(second);

        Assert.Equal(HttpStatusCode.OK, await AddAttributeAsync(url, "kept_over_a_crash"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_data, "admin-token")));
        await TerminateAsync(second);
        Assert.False(File.Exists(Path.Combine(_data, "gateway.json")));
        Assert.False(File.Exists(Path.Combine(_data, "postgres", "postmaster.pid")));
    }

    [Fact]
    public async Task Private_database_that_was_killed_is_started_again()
    {
        using var gateway = await StartAsync();
        var url = await UrlOfAsync(gateway);
        var lockFile = Path.Combine(_data, "postgres", "postmaster.pid");
        var killed = File.ReadLines(lockFile).First();
        using (var kill = Process.Start("kill", ["-KILL", killed]))
        {
            await kill.WaitForExitAsync();
        }

        using var patience = new CancellationTokenSource(Patience);
        while (await AddAttributeAsync(url, "kept_over_a_kill") is var status && status != HttpStatusCode.Created)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            await Task.Delay(100, patience.Token);
        }

        Assert.NotEqual(killed, File.ReadLines(lockFile).First());
        await TerminateAsync(gateway);
        Assert.False(File.Exists(lockFile));
    }

    [Fact]
    public async Task Power_cut_leaves_a_data_folder_that_the_next_gateway_starts_on()
    {
        using var first = await StartAsync();
        await UrlOfAsync(first);
        first.Kill();
        using (var kill = Process.Start("kill", ["-KILL", File.ReadLines(Path.Combine(_data, "postgres", "postmaster.pid")).First()]))
        {
            await kill.WaitForExitAsync();
        }

        using var second = await StartAsync();
        var url = await UrlOfAsync(second);

        Assert.Equal(HttpStatusCode.Created, await AddAttributeAsync(url, "after_a_power_cut"));
        await TerminateAsync(second);
    }

    [Fact]
    public async Task First_start_loads_the_demo_and_prints_three_requests_that_have_an_answer()
    {
        using var gateway = await StartAsync(demo: true);
        var requests = new List<string>();
        using var patience = new CancellationTokenSource(Patience);
        while (requests.Count < 3 && await gateway.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.TrimStart().StartsWith("curl", StringComparison.Ordinal))
            {
                requests.Add(line.Trim());
            }
        }

        Assert.Equal(3, requests.Count);
        foreach (var request in requests)
        {
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", request]) { RedirectStandardOutput = true })!;
            var answer = await shell.StandardOutput.ReadToEndAsync(patience.Token);
            using var json = System.Text.Json.JsonDocument.Parse(answer);
            Assert.False(json.RootElement.TryGetProperty("code", out _), answer);
            Assert.True(!json.RootElement.TryGetProperty("total", out var total) || total.GetInt32() > 0, answer);
        }
        await TerminateAsync(gateway);
    }

    [Fact]
    public async Task Seed_beside_a_running_gateway_is_seen_by_it_within_a_second()
    {
        using var gateway = await StartAsync();
        var url = await UrlOfAsync(gateway);
        var file = Path.Combine(_data, "seed.json");
        await File.WriteAllTextAsync(file, """{"clients":[{"client_id":"bot","client_secret":"a-secret-of-the-tests","grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_post","scopes":["catalog:read"]}]}""");

        using var seed = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CustobotGateway.dll"), "seed", file, "--data", _data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var printed = await seed.StandardOutput.ReadToEndAsync();
        await seed.WaitForExitAsync();
        Assert.True(seed.ExitCode == 0, await seed.StandardError.ReadToEndAsync());
        Assert.Contains("\"bot\"", printed, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(1));

        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "bot"), new("client_secret", "a-secret-of-the-tests")]);
        using var token = await _client.PostAsync(url + "/oauth/token", form);

        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        await TerminateAsync(gateway);
    }

    private async Task<HttpStatusCode> AddAttributeAsync(string url, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/attributes")
        {
            Headers = { { "Authorization", "Bearer " + (await File.ReadAllTextAsync(Path.Combine(_data, "admin-token"))).Trim() } },
            Content = new StringContent($$"""{"key":"{{key}}","type":"keyword"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task TerminateAsync(Process gateway)
    {
        using var terminate = Process.Start("kill", ["-TERM", gateway.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(Patience);
        await gateway.WaitForExitAsync(patience.Token);
        Assert.Equal(0, gateway.ExitCode);
    }

    private Task<Process> StartAsync(bool demo = false) => Task.FromResult(Process.Start(new ProcessStartInfo("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "CustobotGateway.dll"), "serve", "--data", _data, "--urls", "http://127.0.0.1:0", .. demo ? Array.Empty<string>() : ["--no-demo"]])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    private static async Task<string> UrlOfAsync(Process gateway)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await gateway.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                return match.Groups["url"].Value;
            }
        }
        throw new InvalidOperationException("The gateway did not start: " + await gateway.StandardError.ReadToEndAsync(patience.Token));
    }

    [GeneratedRegex(@"listening on +(?<url>http\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}
