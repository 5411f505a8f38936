using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CustobotGateway.Tests.Identity.Clients;

/// <summary>Somebody's server with https on a port of its own, whose certificate only <see cref="Fetch"/> trusts. It counts who asks for what.</summary>
public sealed class Publisher : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = MakeCertificate();
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _asked = new();

    private Publisher()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(async context =>
        {
            var path = context.Request.Path.Value!;
            _asked.AddOrUpdate(path, 1, static (_, times) => times + 1);
            if (Documents.TryGetValue(path, out var document))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(document);
                return;
            }
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
    }

    /// <summary>What lies where.</summary>
    public ConcurrentDictionary<string, string> Documents { get; } = new();

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    public static async Task<Publisher> StartAsync()
    {
        var publisher = new Publisher();
        await publisher._app.StartAsync();
        publisher.Url = publisher._app.Urls.First();
        return publisher;
    }

    public int Asked(string path) => _asked.GetValueOrDefault(path);

    /// <summary>The gateway's own fetch, with an exception for this server alone.</summary>
    public GuardedFetch Fetch() => new(
        new FetchOptions { AllowedHosts = new Uri(Url).Authority },
        (_, _) => throw new InvalidOperationException("No name is looked up."),
        new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _certificate }, RevocationMode = X509RevocationMode.NoCheck });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=publisher", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
