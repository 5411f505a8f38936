namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// Loads values by key, many keys at a time: what the fields of a request ask for is gathered until there is nothing else to do, then
/// loaded at once, each key once per request. Declare one as a static field; the values are kept by the request.
/// </summary>
/// <param name="load">Finds the values; keys that it leaves out have none. The state is the request's.</param>
/// <param name="maxBatchSize">How many keys it takes at once.</param>
public sealed class BatchLoader<TKey, TValue>(
    Func<IReadOnlyList<TKey>, object?, CancellationToken, ValueTask<IReadOnlyDictionary<TKey, TValue>>> load, int maxBatchSize = 1_000)
    where TKey : notnull
{
    internal int MaxBatchSize { get; } = maxBatchSize;

    internal ValueTask<IReadOnlyDictionary<TKey, TValue>> LoadAsync(IReadOnlyList<TKey> keys, object? state, CancellationToken cancellationToken) =>
        load(keys, state, cancellationToken);
}

internal interface ILoaderQueue
{
    /// <summary>Starts a batch of the keys that wait; false when none does.</summary>
    bool Dispatch();
}

/// <summary>One loader's keys and values in one request. Resolvers may ask from any thread; batches start and end on the executor's.</summary>
internal sealed class LoaderQueue<TKey, TValue>(BatchLoader<TKey, TValue> loader, Executor executor) : ILoaderQueue
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, TaskCompletionSource<TValue?>> _values = [];
    private List<TKey> _waiting = [];

    public Task<TValue?> LoadAsync(TKey key)
    {
        TaskCompletionSource<TValue?>? source;
        lock (_lock)
        {
            if (_values.TryGetValue(key, out source))
            {
                return source.Task;
            }
            // What waits goes on within the executor's turn, so that the next batch holds what all of this one's receivers ask.
            _values.Add(key, source = new TaskCompletionSource<TValue?>());
            _waiting.Add(key);
        }
        executor.Wake();
        return source.Task;
    }

    public bool Dispatch()
    {
        List<TKey> keys;
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                return false;
            }
            keys = _waiting.Count <= loader.MaxBatchSize ? _waiting : _waiting.GetRange(0, loader.MaxBatchSize);
            _waiting = _waiting.Count <= loader.MaxBatchSize ? [] : _waiting.GetRange(keys.Count, _waiting.Count - keys.Count);
        }
        var batch = RunAsync(keys);
        if (batch.IsCompleted)
        {
            Complete(keys, batch);
        }
        else
        {
            executor.Track(batch, () => Complete(keys, batch));
        }
        return true;
    }

    private async Task<IReadOnlyDictionary<TKey, TValue>> RunAsync(List<TKey> keys) =>
        await loader.LoadAsync(keys, executor.State, executor.CancellationToken).ConfigureAwait(false);

    private void Complete(List<TKey> keys, Task<IReadOnlyDictionary<TKey, TValue>> batch)
    {
        foreach (var key in keys)
        {
            TaskCompletionSource<TValue?> source;
            lock (_lock)
            {
                source = _values[key];
            }
            if (batch.IsCompletedSuccessfully)
            {
                source.TrySetResult(batch.Result.GetValueOrDefault(key));
            }
            else
            {
                source.TrySetException(batch.Exception?.InnerException ?? new OperationCanceledException());
            }
        }
    }
}
