using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Text;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Capture;
using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.BotDetection.Recognition;
using CustobotGateway.Commands;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// What it costs to find out what an unsigned caller is: from the bytes of its header section to the lane, the log included, on one thread of this process. Callers come
/// from 4,096 addresses, each on a connection of its own, so that visits are looked up among others.
/// </summary>
public static class CallersBenchmark
{
    private const string Part = "callers";
    private const int Batch = 256;
    private const int Addresses = 4_096;
    private const int WarmRounds = 6;

    private static readonly (string Name, string Agent, string Section)[] Kinds =
    [
        ("a browser's", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36", """
            GET /products/desk-lamp HTTP/1.1
            Host: shop.example
            Connection: keep-alive
            sec-ch-ua: "Google Chrome";v="147", "Not.A/Brand";v="8", "Chromium";v="147"
            sec-ch-ua-mobile: ?0
            sec-ch-ua-platform: "Windows"
            Upgrade-Insecure-Requests: 1
            User-Agent: {agent}
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: navigate
            Sec-Fetch-User: ?1
            Sec-Fetch-Dest: document
            Referer: https://shop.example/
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-US,en;q=0.9


            """),
        ("a library's", "python-requests/2.32.3", """
            GET /v1/products HTTP/1.1
            Host: shop.example
            User-Agent: {agent}
            Accept-Encoding: gzip, deflate
            Accept: */*
            Connection: keep-alive


            """),
    ];

    public static async Task RunAsync(BenchOptions options, Figures figures, string dataFolder)
    {
        await using var host = await GatewayHost.StartAsync(
            new GatewaySettings { Urls = ["http://127.0.0.1:0"], DataDirectory = dataFolder, ConnectionString = "", AdminToken = "benchmark-administrator-token", Demo = false }, CancellationToken.None);
        await host.WaitUntilReadyAsync(CancellationToken.None);
        foreach (var (name, agent, section) in Kinds)
        {
            var caller = new Caller(host.App.Services, agent, Encoding.ASCII.GetBytes(section.Replace("{agent}", agent, StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal)));
            // Until the compiler has seen enough: every gateway is in that state after its first minute.
            for (var round = 0; round < WarmRounds; round++)
            {
                caller.Round(options.Seconds, newConnections: round % 2 == 0);
            }
            var (first, again) = (new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                first.Add(caller.Round(options.Seconds, newConnections: true));
                again.Add(caller.Round(options.Seconds));
            }
            figures.Add(Part, $"{name} first request", "µs", first, "on a new connection; median of batches; the goal is 20");
            figures.Add(Part, $"{name} next request", "µs", again, "on a connection that is kept");
            figures.Add(Part, $"{name} next request allocates", "bytes", caller.Allocated());
        }
    }

    private sealed class Caller
    {
        private readonly IServiceProvider _services;
        private readonly RequestDelegate _recognition;
        private readonly ReadOnlySequence<byte> _section;
        private readonly DefaultHttpContext[] _contexts;
        private int _next;

        public Caller(IServiceProvider services, string agent, byte[] section)
        {
            (_services, _section) = (services, new ReadOnlySequence<byte>(section));
            var lanes = services.GetRequiredService<LanesInForce>();
            var admission = new Admission(_ => Task.CompletedTask, () => lanes.Current, services.GetRequiredService<LaneRates>());
            var proof = new TokenProof(admission.InvokeAsync);
            _recognition = new CallerRecognition(proof.InvokeAsync, services.GetRequiredService<CallerSight>(), services.GetRequiredService<AgentSignatures>(),
                services.GetRequiredService<Visits>(), services.GetRequiredService<DecisionLog>()).InvokeAsync;
            _contexts = [.. Enumerable.Range(0, Addresses).Select(i => Context(i, agent))];
        }

        public double Round(int seconds, bool newConnections = false)
        {
            var times = new List<double>();
            var end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < end)
            {
                var begun = Stopwatch.GetTimestamp();
                for (var i = 0; i < Batch; i++)
                {
                    Recognize(newConnections);
                }
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Batch);
            }
            return Figures.Median(times);
        }

        public double Allocated()
        {
            const int count = 20_000;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < count; i++)
            {
                Recognize(newConnections: false);
            }
            return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
        }

        private void Recognize(bool newConnections)
        {
            var context = _contexts[_next++ % Addresses];
            if (newConnections)
            {
                context.Features.Set(new HeaderCapture());
            }
            context.Features.Get<HeaderCapture>()!.Feed(_section);
            context.Features.Set<CallerDecision>(null);
            _recognition(context).GetAwaiter().GetResult();
            if (context.GetCaller()?.Lane is null)
            {
                throw new InvalidOperationException("The caller came into no lane.");
            }
        }

        private DefaultHttpContext Context(int number, string agent)
        {
            var context = new DefaultHttpContext { RequestServices = _services };
            context.Request.Method = HttpMethods.Get;
            context.Request.Protocol = "HTTP/1.1";
            context.Request.Headers.UserAgent = agent;
            context.Features.Get<IHttpRequestFeature>()!.RawTarget = "/v1/products";
            context.Connection.RemoteIpAddress = new IPAddress([10, 0, (byte)(number >> 8), (byte)number]);
            context.Features.Set(new HeaderCapture());
            context.SetEndpoint(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/v1/products"), 0, new EndpointMetadataCollection(RouteAccess.PublicRead), "products"));
            return context;
        }
    }
}
