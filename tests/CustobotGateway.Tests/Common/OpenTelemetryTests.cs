using System.Collections.Concurrent;
using CustobotGateway.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CustobotGateway.Tests.Common;

/// <summary>Traces and metrics leave by OTLP where an endpoint is configured.</summary>
public sealed class OpenTelemetryTests
{
    private sealed class Gateway(Uri collector) : GatewayFixture
    {
        protected override GatewaySettings Configure(GatewaySettings settings) => settings with { OtlpEndpoint = collector };
    }

    [Fact]
    public async Task Collector_receives_traces_and_metrics()
    {
        var received = new ConcurrentDictionary<string, int>();
        var builder = WebApplication.CreateSlimBuilder();
        await using var collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/{**path}", async (string path, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(path, (int)body.Length, (_, length) => length + (int)body.Length);
        });
        await collector.StartAsync();
        var gateway = new Gateway(new Uri(collector.Urls.First()));

        await gateway.InitializeAsync();
        await gateway.Client.GetStringAsync("/health/live");
        await gateway.DisposeAsync();

        Assert.True(received.GetValueOrDefault("v1/traces") > 0);
        Assert.True(received.GetValueOrDefault("v1/metrics") > 0);
    }
}
