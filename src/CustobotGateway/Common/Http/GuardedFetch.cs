using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace CustobotGateway.Common.Http;

/// <summary>A document that was fetched, or why not.</summary>
/// <param name="Body">The bytes; null where the fetch failed.</param>
/// <param name="Freshness">How long the server lets it be kept (Cache-Control: max-age); null where it says nothing, zero where it says not at all.</param>
/// <param name="Fault">Why there is none, in words for a log or a developer; null on success.</param>
public sealed record Fetched(byte[]? Body, TimeSpan? Freshness, string? Fault);

/// <summary>
/// Fetches documents from addresses that strangers name, without being turned against the own network (server-side request forgery): https alone; the
/// host is resolved here, refused if any of its addresses is special, and the connection goes to the very address that was looked at, so that a second answer of
/// the name server changes nothing. No proxy, no cookies, no credentials, no redirects, no decompression; size, time and number are limited.
/// </summary>
public sealed partial class GuardedFetch : IDisposable
{
    private const int HeaderKilobytes = 16;

    private readonly HttpClient _client;
    private readonly SemaphoreSlim _free;
    private readonly TimeSpan _timeout;
    private readonly HashSet<string> _allowed;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <summary>One for the whole gateway.</summary>
    public GuardedFetch(FetchOptions options)
        : this(options, Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="options">The limits.</param>
    /// <param name="resolve">The name server.</param>
    /// <param name="trust">Whose certificates are trusted; null for those that the system trusts.</param>
    internal GuardedFetch(FetchOptions options, Func<string, CancellationToken, Task<IPAddress[]>> resolve, X509ChainPolicy? trust = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _resolve = resolve;
        _timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds);
        _free = new SemaphoreSlim(options.MaxConcurrent);
        _allowed = new HashSet<string>(options.AllowedHosts.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            Credentials = null,
            PreAuthenticate = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Strangers learn no trace ids.
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = HeaderKilobytes,
            MaxConnectionsPerServer = options.MaxConcurrent,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
            SslOptions = { CertificateChainPolicy = trust },
        };
        // Version 1.1 and no other: HTTP/3 would be reached without the callback above.
        _client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version11, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>GET, for a status of 200 and a body of at most that size. Never throws for what the other side does.</summary>
    /// <param name="address">The absolute address.</param>
    /// <param name="accept">The media type that is asked for.</param>
    /// <param name="mostBytes">A longer body is refused, read no further.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Fetched> GetAsync(Uri address, string accept, int mostBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!IsAcceptable(address))
        {
            return Failed("The address is not one of https without user information.");
        }
        if (!await _free.WaitAsync(0, cancellationToken))
        {
            return Failed("Too many documents are being fetched.");
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue(accept) } } };
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("CustobotGateway", "1"));
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.StatusCode == HttpStatusCode.OK
                ? await ReadAsync(answer, mostBytes, patience.Token)
                : Failed($"The server answered {(int)answer.StatusCode}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed("The server did not answer in time.");
        }
        catch (HttpRequestException failure) when (failure.InnerException is RefusedAddressException)
        {
            return Failed("The host has an address that nothing is fetched from.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return Failed("The server could not be reached or broke off.");
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _free.Dispose();
    }

    private static async Task<Fetched> ReadAsync(HttpResponseMessage answer, int mostBytes, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentLength > mostBytes || answer.Content.Headers.ContentEncoding.Count > 0)
        {
            return Failed("The document is too long or compressed.");
        }
        // One byte more than is taken, so that a longer one is seen without reading it.
        var buffer = ArrayPool<byte>.Shared.Rent(mostBytes + 1);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var length = await body.ReadAtLeastAsync(buffer.AsMemory(0, mostBytes + 1), mostBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length > mostBytes ? Failed("The document is too long.") : new Fetched(buffer[..length], FreshnessOf(answer.Headers.CacheControl), null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static TimeSpan? FreshnessOf(CacheControlHeaderValue? control) =>
        control is null ? null : control.NoStore || control.NoCache ? TimeSpan.Zero : control.MaxAge;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await AddressesAsync(host, port, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> AddressesAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.AsSpan().Trim("[]"), out var literal) ? [literal] : await _resolve(host, cancellationToken);
        return addresses.Length == 0 || (!IsAllowed(host, port) && addresses.Any(SpecialAddresses.Contains)) ? throw new RefusedAddressException() : addresses;
    }

    private bool IsAllowed(string host, int port) => _allowed.Count > 0 && (_allowed.Contains(host) || _allowed.Contains($"{host}:{port}"));

    private static Fetched Failed(string why) => new(null, null, why);

    private sealed class RefusedAddressException : IOException;
}
