using System.Collections.Concurrent;
using System.Net;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.Common.Http;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.WebBotAuth;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustobotGateway.Tests.BotDetection.Agents;

/// <summary>Agents' key directories are fetched as rarely as may be, and never let harm in.</summary>
public sealed class KeyDirectoriesTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new();
    private readonly SigningKey _first = SigningKey.Create();
    private readonly SigningKey _second = SigningKey.Create();
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<string?> _accepted = new();
    private Func<HttpContext, Task> _answer;
    private string _address = "";

    public KeyDirectoriesTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _answer = context => SendAsync(context, _first);
        _server.Run(context =>
        {
            _accepted.Enqueue(context.Request.Headers.Accept);
            return _answer(context);
        });
    }

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _address = _server.Urls.First() + KeyDirectory.Path;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Directory_is_fetched_once_for_all_who_ask()
    {
        var directories = New();

        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FindAsync(directories, _first)));

        Assert.All(found, Assert.True);
        Assert.Equal(KeyDirectory.MediaType, Assert.Single(_accepted));
    }

    [Fact]
    public async Task New_key_is_found_after_a_minute_and_not_before()
    {
        var directories = New();
        Assert.True(await FindAsync(directories, _first));
        _answer = context => SendAsync(context, _first, _second);

        Assert.False(await FindAsync(directories, _second));
        _clock.Advance(KeyDirectories.Floor);
        Assert.True(await FindAsync(directories, _second));
        Assert.Equal(2, _accepted.Count);
    }

    [Fact]
    public async Task Key_that_is_gone_from_the_directory_is_unknown_when_that_is_no_longer_fresh()
    {
        var directories = New();
        Assert.True(await FindAsync(directories, _first));
        _answer = context => SendAsync(context, _second);

        Assert.True(await FindAsync(directories, _first));
        _clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(await FindAsync(directories, _first));
    }

    [Fact]
    public async Task Keys_go_on_for_a_day_while_the_directory_is_away()
    {
        var directories = New();
        Assert.True(await FindAsync(directories, _first));
        _answer = Answer(500, "");

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.True(await FindAsync(directories, _first));
        _clock.Advance(TimeSpan.FromHours(24));
        Assert.False(await FindAsync(directories, _first));
    }

    [Fact]
    public async Task Directory_that_cannot_be_had_is_asked_for_once_a_minute()
    {
        _answer = Answer(404, "");
        var directories = New();

        for (var i = 0; i < 10; i++)
        {
            Assert.False(await FindAsync(directories, _first));
        }
        Assert.Single(_accepted);
        _clock.Advance(KeyDirectories.Floor);
        Assert.False(await FindAsync(directories, _first));
        Assert.Equal(2, _accepted.Count);
    }

    [Fact]
    public async Task Long_promises_of_freshness_are_cut()
    {
        _answer = context => SendAsync(context, "max-age=31536000", _first);
        var directories = New(new AgentOptions { DirectoryMinutes = 10 });
        Assert.True(await FindAsync(directories, _first));
        _clock.Advance(TimeSpan.FromMinutes(11));

        Assert.True(await FindAsync(directories, _first));

        Assert.Equal(2, _accepted.Count);
    }

    [Fact]
    public async Task Recorded_requests_fetch_nothing()
    {
        Assert.Null(await New().FindAsync(_address, _first.Public.Thumbprint, false, CancellationToken.None));
        Assert.Empty(_accepted);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        _answer = context =>
        {
            context.Response.Redirect(_address + "/elsewhere");
            return Task.CompletedTask;
        };

        Assert.False(await FindAsync(New(), _first));
        Assert.Single(_accepted);
    }

    [Fact]
    public async Task Slow_directory_is_given_up()
    {
        _answer = async context => await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Assert.False(await FindAsync(New(), _first));
    }

    [Fact]
    public async Task Huge_directory_is_not_read()
    {
        _answer = Answer(200, "{\"keys\":[" + new string(' ', 70_000) + "]}");

        Assert.False(await FindAsync(New(), _first));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"keys\":7}")]
    public async Task Malformed_directory_has_no_keys(string text)
    {
        _answer = Answer(200, text);

        Assert.False(await FindAsync(New(), _first));
    }

    [Theory]
    [InlineData("https://127.0.0.1:1/x")]
    [InlineData("https://10.0.0.1/x")]
    [InlineData("https://[::1]/x")]
    [InlineData("http://agent.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("no address")]
    public async Task Address_inside_the_network_or_of_another_scheme_is_not_fetched(string address)
    {
        using var fetch = new GuardedFetch(new FetchOptions(), (_, _) => Task.FromResult(new[] { IPAddress.Loopback }));
        var directories = new KeyDirectories(fetch, new AgentOptions(), _clock, NullLogger<KeyDirectories>.Instance);

        Assert.Null(await directories.FindAsync(address, _first.Public.Thumbprint, true, CancellationToken.None));
        Assert.Empty(_accepted);
    }

    private KeyDirectories New(AgentOptions? options = null) => new(
        new GuardedFetch(new FetchOptions { AllowedHosts = new Uri(_address).Authority, TimeoutMilliseconds = 500 }), options ?? new AgentOptions(), _clock, NullLogger<KeyDirectories>.Instance);

    private async Task<bool> FindAsync(KeyDirectories directories, SigningKey key) => await directories.FindAsync(_address, key.Public.Thumbprint, true, CancellationToken.None) is not null;

    private static Task SendAsync(HttpContext context, params SigningKey[] keys) => SendAsync(context, "max-age=300", keys);

    private static async Task SendAsync(HttpContext context, string cacheControl, params SigningKey[] keys)
    {
        context.Response.ContentType = KeyDirectory.MediaType;
        context.Response.Headers.CacheControl = cacheControl;
        await context.Response.Body.WriteAsync(KeyDirectory.Write(keys.Select(key => key.Public)));
    }

    private static Func<HttpContext, Task> Answer(int status, string text) => async context =>
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
    };
}
