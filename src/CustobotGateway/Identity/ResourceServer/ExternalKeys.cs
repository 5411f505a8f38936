using System.Text.Json;
using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>
/// The keys of an external issuer, fetched when first needed and kept. A token that names an unknown key makes them be fetched anew, but never sooner than
/// <see cref="Floor"/> after the last try: a flood of made-up names fetches nothing more. While the issuer is away its known keys go on for a day.
/// </summary>
internal sealed partial class ExternalKeys(ExternalIssuerOptions options, GuardedFetch fetch, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>The least time between two fetches.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromSeconds(30);

    private const int MostBytes = 256 * 1024;

    private static readonly TimeSpan RefreshAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 12 };

    private readonly SemaphoreSlim _one = new(1);
    private volatile Held? _held;
    private long _triedAt;

    /// <summary>The keys; null if none could be fetched.</summary>
    public async ValueTask<VerificationKeys?> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (_held is { } held && clock.GetElapsedTime(held.At) < RefreshAfter && (keyId is null || held.Keys.Knows(keyId)))
        {
            return held.Keys;
        }
        if (MayTry())
        {
            await _one.WaitAsync(cancellationToken);
            try
            {
                if (MayTry())
                {
                    await FetchAsync(cancellationToken);
                }
            }
            finally
            {
                _one.Release();
            }
        }
        return _held is { } now && clock.GetElapsedTime(now.At) < KeptFor ? now.Keys : null;
    }

    public void Dispose() => _one.Dispose();

    private bool MayTry() => Interlocked.Read(ref _triedAt) is var at && (at == 0 || clock.GetElapsedTime(at) >= Floor);

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        // The issuer's keys are everybody's: one caller that goes away must not end the fetch and use up the time until the next.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var fault = options.JwksUri is { } known
            ? await FetchKeysAsync(known, patience.Token)
            : await FetchByMetadataAsync(options.Metadata ?? options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration", patience.Token);
        Interlocked.Exchange(ref _triedAt, clock.GetTimestamp());
        if (fault is not null)
        {
            LogFault(logger, options.Issuer, fault);
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<string?> FetchByMetadataAsync(string address, CancellationToken cancellationToken)
    {
        var fetched = await fetch.GetAsync(new Uri(address), "application/json", MostBytes, cancellationToken);
        if (fetched.Body is null)
        {
            return fetched.Fault;
        }
        try
        {
            using var document = JsonDocument.Parse(fetched.Body, Strict);
            var root = document.RootElement;
            // RFC 8414 §3.3: metadata of somebody else would bring somebody else's keys.
            return root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("issuer", out var issuer) || issuer.ValueKind != JsonValueKind.String || !issuer.ValueEquals(options.Issuer)
                ? "The metadata are of another issuer."
                : root.TryGetProperty("jwks_uri", out var uri) && uri.ValueKind == JsonValueKind.String && uri.GetString() is { } keys
                    ? await FetchKeysAsync(keys, cancellationToken)
                    : "The metadata name no jwks_uri.";
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return "The metadata are no well-formed JSON.";
        }
    }

    private async Task<string?> FetchKeysAsync(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return "The address of the keys is none.";
        }
        var fetched = await fetch.GetAsync(uri, "application/json", MostBytes, cancellationToken);
        if (fetched.Body is null)
        {
            return fetched.Fault;
        }
        if (!JwkSet.TryRead(fetched.Body, everyKey: false, out var set, out var fault))
        {
            return fault;
        }
        // The old ones may be verifying at this moment; they go when nobody holds them.
        _held = new Held(new VerificationKeys(set), clock.GetTimestamp());
        return null;
    }

    [LoggerMessage(1, LogLevel.Warning, "The keys of {Issuer} could not be fetched: {Fault}")]
    private static partial void LogFault(ILogger logger, string issuer, string fault);

    private sealed record Held(VerificationKeys Keys, long At);
}
