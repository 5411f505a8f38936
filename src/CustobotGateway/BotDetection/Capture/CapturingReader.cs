using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace CustobotGateway.BotDetection.Capture;

/// <summary>Hands a connection's bytes to the server and shows what the server consumes of them to a <see cref="HeaderCapture"/>. Adds one copy of each header section.</summary>
internal sealed class CapturingReader(PipeReader inner, HeaderCapture capture) : PipeReader
{
    private ReadOnlySequence<byte> _buffer;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await inner.ReadAsync(cancellationToken);
        _buffer = result.Buffer;
        return result;
    }

    public override bool TryRead(out ReadResult result)
    {
        var any = inner.TryRead(out result);
        _buffer = any ? result.Buffer : default;
        return any;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var taken = _buffer.Slice(_buffer.Start, consumed);
        if (!taken.IsEmpty)
        {
            capture.Feed(taken);
        }
        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
}
