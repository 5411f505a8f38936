using CustobotGateway.MessageSignatures;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>
/// Holds an answer's body back until its digest is known and its head is signed. A stream of events, or more than a megabyte, goes on as it comes; its signature then covers
/// the head alone, or is left out where the caller wants the digest covered.
/// </summary>
internal sealed class SignedBody(
    HttpContext context, Stream sent, HttpMessage request, IReadOnlyList<AskedSignature> asked, IReadOnlyList<Component> usual, MessageSigner signer) : Stream
{
    private const int Most = 1 << 20;

    private readonly MemoryStream _held = new();
    private bool _isPassing;

    public override bool CanRead => false;

    // What was written may be thrown away while it is held back: a failure is answered in its stead.
    public override bool CanSeek => !_isPassing;

    public override bool CanWrite => true;

    public override long Length => _held.Length;

    public override long Position
    {
        get => _held.Length;
        set => throw new NotSupportedException();
    }

    private bool IsStream => context.Response.ContentType is { } type
        && (type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) || type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase));

    private bool HasContent => !HttpMethods.IsHead(context.Request.Method) && context.Response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    /// <summary>Signs and sends what is held.</summary>
    public async Task EndAsync()
    {
        if (_isPassing)
        {
            return;
        }
        if (context.Response.HasStarted)
        {
            await PassAsync(context.RequestAborted);
            return;
        }
        if (HasContent)
        {
            context.Response.Headers["Content-Digest"] = ContentDigest.Of(_held.GetBuffer().AsSpan(0, (int)_held.Length));
            context.Response.ContentLength ??= _held.Length;
        }
        Sign();
        await PassAsync(context.RequestAborted);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isPassing && (IsStream || _held.Length + buffer.Length > Most))
        {
            Sign();
            await PassAsync(cancellationToken);
        }
        if (_isPassing)
        {
            await sent.WriteAsync(buffer, cancellationToken);
            return;
        }
        _held.Write(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!_isPassing && IsStream)
        {
            Sign();
            await PassAsync(cancellationToken);
        }
        if (_isPassing)
        {
            await sent.FlushAsync(cancellationToken);
        }
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => _held.SetLength(value);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _held.Dispose();
        base.Dispose(disposing);
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        _isPassing = true;
        if (_held.Length > 0)
        {
            await sent.WriteAsync(_held.GetBuffer().AsMemory(0, (int)_held.Length), cancellationToken);
        }
    }

    private void Sign()
    {
        var headers = context.Response.Headers;
        // A directory signs itself.
        if (context.Response.HasStarted || headers.ContainsKey("Signature"))
        {
            return;
        }
        var answer = HttpMessage.Response(context.Response.StatusCode, new SignedRequests.Headers(headers), request);
        var signed = asked.Select(one => signer.Sign(answer, ReferenceEquals(one.Components, usual) ? one with { Components = [.. usual.Where(component => component.IsDerived || headers.ContainsKey(component.Name))] } : one))
            .OfType<SignedFields>().ToList();
        if (signed.Count > 0)
        {
            headers["Signature-Input"] = string.Join(", ", signed.Select(one => one.Input));
            headers["Signature"] = string.Join(", ", signed.Select(one => one.Signature));
            headers.Append("Vary", "Accept-Signature");
        }
    }
}
