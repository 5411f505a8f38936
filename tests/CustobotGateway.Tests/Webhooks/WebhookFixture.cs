using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Common.Events;
using CustobotGateway.Tests.Checkout;
using CustobotGateway.Webhooks;
using CustobotGateway.Webhooks.Sending;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CustobotGateway.Tests.Webhooks;

/// <summary>Something that happened to an order, as a test says it.</summary>
internal sealed record Happened(string? ClientId, string? GrantId, int Number, string? Text = null, bool? IsTest = null) : IEventData
{
    public static string Type => "order.shipped";
}

/// <summary>A gateway that may tell this machine, with a clock that can be put forward and a log that can be read.</summary>
public class WebhookFixture : ShopFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Everything that was logged.</summary>
    public ConcurrentQueue<string> Logged { get; } = new();

    /// <summary>What the name server answers, by host; this machine for what is not in it.</summary>
    public ConcurrentDictionary<string, string> Names { get; } = new();

    protected virtual WebhookOptions Options => new() { AllowedHosts = "127.0.0.1", TimeoutSeconds = 1 };

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(Options);
        services.AddSingleton(new WebhookSender(Options, Clock, (host, _) => Task.FromResult(new[] { System.Net.IPAddress.Parse(Names.GetValueOrDefault(host, "127.0.0.1")) })));
        services.AddSingleton<ILoggerProvider>(new Kept(Logged));
    }

    /// <summary>Creates an endpoint of the administrator; the answer.</summary>
    public async Task<JsonElement> CreateAsync(string url, string[]? events = null)
    {
        using var answer = await Admin.PostAsJsonAsync("/v1/webhook_endpoints", new { url, events = events ?? ["order.*"] });
        var body = await ReadJsonAsync(answer);
        Assert.True((int)answer.StatusCode == 201, body.ToString());
        return body;
    }

    /// <summary>Writes down that things happened to an order, one after another, in one transaction.</summary>
    public Task HappenAsync(string order, int count, string? client = null, string? grant = null, string? text = null, bool? isTest = null) =>
        HappenAsync(ConnectionString, Clock, order, count, client, grant, text, isTest);

    public static async Task HappenAsync(
        string connectionString, TimeProvider clock, string order, int count, string? client = null, string? grant = null, string? text = null, bool? isTest = null)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        for (var number = 1; number <= count; number++)
        {
            await EventLog.AppendAsync(transaction, order, "gateway", clock.GetUtcNow(), new Happened(client, grant, number, text, isTest), CancellationToken.None);
        }
        await transaction.CommitAsync();
    }

    /// <summary>Waits until the log of an endpoint says what the test is waiting for.</summary>
    public async Task<IReadOnlyList<JsonElement>> WaitForLogAsync(string endpoint, Func<IReadOnlyList<JsonElement>, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var log = await LogAsync(endpoint);
            if (wanted(log))
            {
                return log;
            }
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Waits until an endpoint is disabled; that is noted after what its delivery came to.</summary>
    public async Task WaitUntilDisabledAsync(string endpoint)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!(await EndpointAsync(endpoint)).GetProperty("disabled").GetBoolean())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>The newest deliveries of an endpoint.</summary>
    public async Task<IReadOnlyList<JsonElement>> LogAsync(string endpoint, string query = "") =>
        [.. JsonElement.Parse(await Admin.GetStringAsync($"/v1/webhook_endpoints/{endpoint}/deliveries?size=100{query}")).GetProperty("deliveries").EnumerateArray()];

    public async Task<JsonElement> EndpointAsync(string endpoint) => JsonElement.Parse(await Admin.GetStringAsync("/v1/webhook_endpoints/" + endpoint));

    /// <summary>Waits until everything that happened so far was looked at by the follower.</summary>
    public async Task WaitUntilFollowedAsync()
    {
        var follower = App.Services.GetRequiredService<EventFollower>();
        await using var connection = await OpenDatabaseAsync();
        using var patience = new CancellationTokenSource(Patience);
        var last = await EventReader.LastPositionAsync(connection, patience.Token);
        while (true)
        {
            await follower.FollowAsync(patience.Token);
            var until = await connection.QuerySingleOrDefaultAsync<string?>("select from_snapshot from webhooks.followers where until_snapshot is null");
            if (until is not null && await connection.QuerySingleAsync<bool>("select coalesce(bool_and(pg_visible_in_snapshot(xid, @until::pg_snapshot)), true) from common.events where position <= @last", new { until, last }))
            {
                return;
            }
            await Task.Delay(10, patience.Token);
        }
    }

    private sealed class Kept(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception) + exception);
    }
}
