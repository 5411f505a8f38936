using System.IO.Pipelines;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>Writes responses as server-sent events: <c>next</c> for each, <c>complete</c> at the end (GraphQL over SSE, distinct connections).</summary>
internal static class EventStream
{
    // Proxies close connections on which nothing was sent for a minute or less.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static async Task WriteAsync(PipeWriter output, IAsyncEnumerable<ReadOnlyMemory<byte>> responses, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = responses.GetAsyncEnumerator(ended.Token);
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                while (!next.IsCompleted && await Task.WhenAny(next, Task.Delay(KeepAlive, clock, ended.Token)) != next)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await WriteAsync(output, ":\n\n"u8.ToArray(), cancellationToken);
                }
                if (!await next)
                {
                    break;
                }
                Append(output, "event: next\ndata: "u8);
                Append(output, source.Current.Span);
                await WriteAsync(output, "\n\n"u8.ToArray(), cancellationToken);
            }
        }
        finally
        {
            // The source must not be disposed of while its next event is waited for.
            await ended.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await WriteAsync(output, "event: complete\ndata: \n\n"u8.ToArray(), cancellationToken);
    }

    private static void Append(PipeWriter output, ReadOnlySpan<byte> bytes) => System.Buffers.BuffersExtensions.Write(output, bytes);

    private static async Task WriteAsync(PipeWriter output, byte[] bytes, CancellationToken cancellationToken)
    {
        Append(output, bytes);
        await output.FlushAsync(cancellationToken);
    }
}
