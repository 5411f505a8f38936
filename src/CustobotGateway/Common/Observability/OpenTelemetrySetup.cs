using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CustobotGateway.Common.Observability;

/// <summary>
/// Traces and metrics by OTLP, only where an endpoint is configured: without listeners the framework makes no activities.
/// The providers are built by hand, with the host's own life.
/// </summary>
internal sealed class OpenTelemetrySetup(GatewaySettings settings) : IHostedService, IDisposable
{
    /// <summary>The name of the gateway's own source of activities and metrics.</summary>
    public const string Source = "CustobotGateway";

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.OtlpEndpoint is not { } endpoint)
        {
            return Task.CompletedTask;
        }
        var resource = ResourceBuilder.CreateDefault().AddService("custobot-gateway").AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "Npgsql", Source)
            .AddOtlpExporter(options => Configure(options, endpoint, "v1/traces")).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime", Source)
            .AddOtlpExporter(options => Configure(options, endpoint, "v1/metrics")).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // What is pending is sent before the process ends, but a collector that is away holds nobody up.
        const int patienceMilliseconds = 2000;
        _traces?.ForceFlush(patienceMilliseconds);
        _metrics?.ForceFlush(patienceMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static void Configure(OtlpExporterOptions options, Uri endpoint, string signal)
    {
        // Set in code, the endpoint is the signal's own; from the environment it would be the base.
        var grpc = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL") == "grpc";
        options.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = grpc ? endpoint : new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + signal);
    }
}
