using System.IO.Compression;
using CustobotGateway.Common.RateLimits;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.ResponseCompression;

namespace CustobotGateway.Common.Http;

/// <summary>What every request passes through.</summary>
public static class HttpSetup
{
    /// <summary>Registers JSON, problems and the recognition of callers.</summary>
    public static IServiceCollection AddGatewayHttp(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        // A binding failure as an exception carries the JSON error; as a bare status code it would say nothing.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddSingleton<PublicUrl>();
        services.AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Fetch").Get<FetchOptions>() ?? new FetchOptions()).Check());
        services.AddSingleton<GuardedFetch>(provider => new GuardedFetch(provider.GetRequiredService<FetchOptions>()));
        services.AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Identity:Access").Get<AccessOptions>() ?? new AccessOptions()).Check());
        services.AddRateLimits();
        services.AddSingleton<IRecognizer, AdministratorRecognizer>().AddSingleton<Credentials>().AddSingleton<ApiResources>().AddSingleton<Refusals>();
        services.AddCors().AddSingleton<ICorsPolicyProvider, PublicReadCors>();
        services.AddResponseCompression(options =>
        {
            // Bodies hold no secret beside text that a caller chose, which is what an attack by length (BREACH) needs.
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/problem+json", "application/linkset+json", "application/ld+json", "application/x-ndjson", "application/graphql-response+json"];
        });
        // An answer is made once and sent once: a better ratio would cost more than it saves.
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        return services;
    }

    /// <summary>
    /// Adds the middleware in order: failures outermost, so that nothing escapes them; compression, which passes by where Accept-Encoding
    /// is absent; the route; CORS, which passes by where Origin is; then who calls the route, and how often; last, whether the route can be tried without doing it.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="recognize">Adds what looks at a request before its credentials are.</param>
    /// <param name="admit">Adds what decides, once the caller is known, how it is served.</param>
    public static void UseGatewayHttp(this IApplicationBuilder app, Action<IApplicationBuilder>? recognize = null, Action<IApplicationBuilder>? admit = null)
    {
        // The host would add a middleware that reads the staff's cookie on every request of every agent. Staff pages ask for theirs.
        app.Properties["__AuthenticationMiddlewareSet"] = true;
        app.Properties["__AuthorizationMiddlewareSet"] = true;
        app.UseMiddleware<Failures>();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseCors();
        recognize?.Invoke(app);
        app.UseMiddleware<Recognition>();
        admit?.Invoke(app);
        app.UseMiddleware<RateLimiting>();
        app.UseMiddleware<DryRuns>();
    }
}
