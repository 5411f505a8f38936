namespace CustobotGateway.Webhooks.Sending;

/// <summary>Tells the worker of this gateway that there is something to do, so that it does not wait for its next look.</summary>
internal sealed class DeliverySignal
{
    private volatile TaskCompletionSource _next = New();

    public void Wake() => _next.TrySetResult();

    /// <summary>Waits until somebody wakes it, or for that long.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await Task.WhenAny(_next.Task, Task.Delay(pause, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        if (_next.Task.IsCompleted)
        {
            _next = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
