using System.Buffers;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace CustobotGateway.Common.Http;

/// <summary>Why a message did not arrive.</summary>
public enum PostFault
{
    /// <summary>It was answered with another status than 2xx; a redirect is not followed.</summary>
    Status,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The address is not one of https without user information, or the host is inside a private network: nothing was sent.</summary>
    RefusedAddress,

    /// <summary>The host's name does not resolve.</summary>
    UnknownHost,

    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>The server's certificate is not trusted, or it speaks no TLS that is.</summary>
    Tls,

    /// <summary>The connection broke before there was an answer, or the answer was none of HTTP's.</summary>
    BrokenOff,

    /// <summary>Nothing was sent: too much else is being sent.</summary>
    Busy,
}

/// <summary>What came of a message.</summary>
/// <param name="Status">The status, or null where there was no answer.</param>
/// <param name="Fault">Why it did not arrive; null where the status is 2xx.</param>
/// <param name="Answer">The beginning of the answer's body.</param>
/// <param name="RetryAfter">When the server wants to be asked again; null where it does not say.</param>
public sealed record Posted(int? Status, PostFault? Fault, ReadOnlyMemory<byte> Answer = default, RetryConditionHeaderValue? RetryAfter = null);

public sealed partial class GuardedFetch
{
    /// <summary>POST. Never throws for what the other side does. The status decides: whatever happens to the answer's body after it counts for nothing.</summary>
    /// <param name="address">The absolute address.</param>
    /// <param name="contentType">The body's media type.</param>
    /// <param name="body">The body.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="mostBytes">How much of the answer is read.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Posted> PostAsync(
        Uri address, string contentType, ReadOnlyMemory<byte> body, IEnumerable<(string Name, string Value)> headers, int mostBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(headers);
        if (!IsAcceptable(address))
        {
            return new Posted(null, PostFault.RefusedAddress);
        }
        if (!await _free.WaitAsync(0, cancellationToken))
        {
            return new Posted(null, PostFault.Busy);
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } } };
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("CustobotGateway", "1"));
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return new Posted((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : PostFault.Status, await BeginningAsync(answer, mostBytes, patience.Token), answer.Headers.RetryAfter);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Posted(null, PostFault.Timeout);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return new Posted(null, FaultOf(failure));
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Why nothing would be sent to the address as its name resolves now; null where something would be. It is asked again whenever something is sent.</summary>
    public async Task<PostFault?> RefusalOfAsync(Uri address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!IsAcceptable(address))
        {
            return PostFault.RefusedAddress;
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            await AddressesAsync(address.IdnHost, address.Port, patience.Token);
            return null;
        }
        catch (RefusedAddressException)
        {
            return PostFault.RefusedAddress;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return PostFault.UnknownHost;
        }
    }

    private bool IsAcceptable(Uri address) =>
        address.IsAbsoluteUri && address.UserInfo.Length == 0 && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsAllowed(address.IdnHost, address.Port)));

    private static async Task<ReadOnlyMemory<byte>> BeginningAsync(HttpResponseMessage answer, int mostBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(mostBytes);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return buffer.AsSpan(0, await body.ReadAtLeastAsync(buffer.AsMemory(0, mostBytes), mostBytes, throwOnEndOfStream: false, cancellationToken)).ToArray();
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            return default;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static PostFault FaultOf(Exception failure) => failure switch
    {
        HttpRequestException { InnerException: RefusedAddressException } => PostFault.RefusedAddress,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => PostFault.Tls,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => PostFault.UnknownHost,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => PostFault.UnknownHost,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => PostFault.Unreachable,
        _ => PostFault.BrokenOff,
    };
}
