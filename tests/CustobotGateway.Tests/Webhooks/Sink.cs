using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CustobotGateway.Tests.Webhooks;

/// <summary>A message as it arrived at a partner.</summary>
public sealed record Received(string Path, string Id, string Timestamp, string Signature, string Body)
{
    public string Type => JsonElement.Parse(Body).GetProperty("type").GetString()!;

    public string Subject => JsonElement.Parse(Body).GetProperty("subject").GetString()!;

    public int Sequence => JsonElement.Parse(Body).GetProperty("sequence").GetInt32();

    /// <summary>The signature that the standard wants, computed here from the secret as it was told.</summary>
    public string SignatureBy(string secret) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
}

/// <summary>A partner's server on this machine: keeps what arrives, and answers as the test says.</summary>
public sealed class Sink : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private Sink(WebApplication app) => _app = app;

    /// <summary>What arrived, in the order of arrival, whatever was answered.</summary>
    public ConcurrentQueue<Received> Arrived { get; } = new();

    /// <summary>What was answered with 2xx.</summary>
    public ConcurrentQueue<Received> Taken { get; } = new();

    /// <summary>How it answers; 204 when null.</summary>
    public Func<HttpContext, Received, Task>? Answer { get; set; }

    public string Url { get; private set; } = "";

    public static async Task<Sink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new Sink(builder.Build());
        sink._app.Run(sink.TakeAsync);
        await sink._app.StartAsync();
        sink.Url = sink._app.Urls.First();
        return sink;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>Waits until that many have arrived that the test is waiting for.</summary>
    public Task<IReadOnlyList<Received>> WaitForAsync(int count, Func<Received, bool>? wanted = null) => WaitAsync(Arrived, count, wanted);

    /// <summary>Waits until that many were taken that the test is waiting for.</summary>
    public Task<IReadOnlyList<Received>> WaitForTakenAsync(int count, Func<Received, bool>? wanted = null) => WaitAsync(Taken, count, wanted);

    private static async Task<IReadOnlyList<Received>> WaitAsync(ConcurrentQueue<Received> queue, int count, Func<Received, bool>? wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var found = queue.Where(wanted ?? (_ => true)).ToList();
            if (found.Count >= count)
            {
                return found;
            }
            await Task.Delay(10, patience.Token);
        }
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var received = new Received(context.Request.Path, context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString(),
            context.Request.Headers["webhook-signature"].ToString(), await reader.ReadToEndAsync());
        Arrived.Enqueue(received);
        context.Response.StatusCode = (int)HttpStatusCode.NoContent;
        if (Answer is { } answer)
        {
            await answer(context, received);
        }
        if (context.Response.StatusCode is >= 200 and < 300)
        {
            Taken.Enqueue(received);
        }
    }
}
