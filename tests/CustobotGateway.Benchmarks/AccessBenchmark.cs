using System.Diagnostics;
using System.Security.Cryptography;
using CustobotGateway.Commands;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth.Challenges;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Microsoft.AspNetCore.Routing.Patterns;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// What it costs to know who calls: the product's own recognition in this process, with a database for its keys. One thread; the processor time of the whole
/// process is counted, so that what runs beside it counts against it.
/// </summary>
public static class AccessBenchmark
{
    private const string Part = "access";
    private const int Batch = 200;

    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(BenchOptions options, Figures figures, string dataFolder)
    {
        await using var host = await GatewayHost.StartAsync(
            new GatewaySettings { Urls = ["http://127.0.0.1:0"], DataDirectory = dataFolder, ConnectionString = "", AdminToken = "benchmark-administrator-token", Demo = false }, CancellationToken.None);
        await host.WaitUntilReadyAsync(CancellationToken.None);
        var services = host.App.Services;
        var (recognizer, resources) = (services.GetRequiredService<ITokenRecognizer>(), services.GetRequiredService<ApiResources>());
        var resource = resources.All[0];
        var (key, issuer) = (services.GetRequiredService<SigningKeyRing>().Current(), services.GetRequiredService<PublicUrl>().Base);
        var context = new DefaultHttpContext();

        var known = new PresentedToken(Sign(key, issuer, resources.IdentifierOf(resource)), false);
        await RoundAsync(Batch * 50, () => recognizer.RecognizeAsync(known, resource, context));
        // As many as the compiler wants to see before it stops improving what they run through.
        var fresh = Enumerable.Range(0, 30_000).Select(_ => new PresentedToken(Sign(key, issuer, resources.IdentifierOf(resource)), false)).ToArray();
        var next = 0;
        await RoundAsync(fresh.Length, () => recognizer.RecognizeAsync(fresh[next++], resource, context));
        var verifier = VerificationKey.Create(key.Public)!;
        _ = CompactJws.TryParse(known.Token, AccessTokenReader.Longest, out var jws, out _);

        var (again, first, bare, ratio, reads, limits) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            again.Add(await RoundAsync(Batch * 100, () => recognizer.RecognizeAsync(known, resource, context)));
            fresh = [.. Enumerable.Range(0, 2_000).Select(_ => new PresentedToken(Sign(key, issuer, resources.IdentifierOf(resource)), false))];
            next = 0;
            first.Add(await RoundAsync(fresh.Length, () => recognizer.RecognizeAsync(fresh[next++], resource, context)));
            bare.Add(Round(2_000, () => _ = jws!.IsSignedBy(verifier)));
            ratio.Add(first[^1] / bare[^1]);
            reads.Add(Anonymous(services, new Recognition(_ => Task.CompletedTask, services.GetRequiredService<Credentials>(), resources, services.GetRequiredService<Refusals>(), services.GetRequiredService<AccessOptions>()).InvokeAsync));
            limits.Add(Anonymous(services, new RateLimiting(_ => Task.CompletedTask, services.GetRequiredService<RateWindows>(), services.GetRequiredService<RateLimitOptions>()).InvokeAsync));
        }
        figures.Add(Part, "token validated before", "µs", again, "median of batches on one thread; the goal is 25");
        figures.Add(Part, "token seen first", "µs", first, "parsed, verified and remembered");
        figures.Add(Part, "bare verification", "µs", bare, "ES256, the same bytes");
        figures.Add(Part, "seen first to bare", "ratio", ratio, "the goal is 1.5");
        figures.Add(Part, "recognition of a public read", "µs", reads, "without credentials");
        figures.Add(Part, "limits of a public read", "µs", limits, "where none is set");
        figures.Add(Part, "allocated by a public read", "bytes", Allocated(services), "recognition and limits together");
    }

    private static string Sign(SigningKey key, string issuer, string audience)
    {
        var now = DateTimeOffset.UtcNow;
        return new AccessToken
        {
            Issuer = issuer,
            Subject = "usr_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(13)),
            Audience = audience,
            ClientId = "benchmark",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(10),
            TokenId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Scopes = ScopeSet.Of(Scopes.CatalogRead, Scopes.Negotiations, Scopes.Checkout),
            GrantId = "grt_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(13)),
        }.Sign(key);
    }

    private static async Task<double> RoundAsync(int count, Func<ValueTask<Recognized>> recognize)
    {
        var times = new List<double>();
        for (var done = 0; done < count; done += Batch)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++)
            {
                if ((await recognize()).Agent is null)
                {
                    throw new InvalidOperationException("The token was refused.");
                }
            }
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Batch);
        }
        return Figures.Median(times);
    }

    private static double Round(int count, Action action)
    {
        var times = new List<double>();
        for (var done = 0; done < count; done += Batch)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++)
            {
                action();
            }
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Batch);
        }
        return Figures.Median(times);
    }

    private static double Anonymous(IServiceProvider services, RequestDelegate middleware)
    {
        var context = Search(services);
        var times = new List<double>();
        var end = Stopwatch.GetTimestamp() + (long)(RoundTime.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
            times.Add(Round(Batch, () => middleware(context).GetAwaiter().GetResult()));
        }
        return Figures.Median(times);
    }

    private static double Allocated(IServiceProvider services)
    {
        var context = Search(services);
        var limits = new RateLimiting(_ => Task.CompletedTask, services.GetRequiredService<RateWindows>(), services.GetRequiredService<RateLimitOptions>());
        var recognition = new Recognition(limits.InvokeAsync, services.GetRequiredService<Credentials>(), services.GetRequiredService<ApiResources>(), services.GetRequiredService<Refusals>(), services.GetRequiredService<AccessOptions>());
        const int count = 10_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
        {
            recognition.InvokeAsync(context).GetAwaiter().GetResult();
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
    }

    // A search by POST, so that no Link header is set.
    private static DefaultHttpContext Search(IServiceProvider services)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Post;
        context.SetEndpoint(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/v1/products/search"), 0, new EndpointMetadataCollection(RouteAccess.PublicRead), "search"));
        return context;
    }
}
