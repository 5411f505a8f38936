namespace CustobotGateway.GraphQL.Execution;

/// <summary>Gathers the ends of tasks from any thread, for one thread to take up.</summary>
internal sealed class Turns
{
    private readonly Lock _lock = new();
    private Queue<Action>? _ended;
    private TaskCompletionSource? _waiter;
    private bool _woken;
    private int _open;

    /// <summary>Whether no task is open.</summary>
    public bool IsIdle => _open == 0;

    /// <summary>Adds a task; what is to be done at its end is done by <see cref="Run"/>.</summary>
    public void Add(Task task, Action atEnd)
    {
        _open++;
        task.GetAwaiter().UnsafeOnCompleted(() => End(task, atEnd));
    }

    /// <summary>Takes up what has ended, also what ends meanwhile.</summary>
    public void Run()
    {
        while (TryTake() is { } atEnd)
        {
            _open--;
            atEnd();
        }
    }

    /// <summary>Ends the wait without a task's end.</summary>
    public void Wake()
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            _woken = true;
            waiter = _waiter;
        }
        waiter?.TrySetResult();
    }

    /// <summary>Waits until there is something to take up.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task wait;
        lock (_lock)
        {
            if (_woken || _ended is { Count: > 0 })
            {
                _woken = false;
                return;
            }
            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            wait = _waiter.Task;
        }
        await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            (_waiter, _woken) = (null, false);
        }
    }

    private Action? TryTake()
    {
        lock (_lock)
        {
            return _ended is not null && _ended.TryDequeue(out var atEnd) ? atEnd : null;
        }
    }

    private void End(Task task, Action atEnd)
    {
        // Read so that it counts as observed, also where nobody waits any more.
        _ = task.Exception;
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            (_ended ??= new()).Enqueue(atEnd);
            waiter = _waiter;
        }
        waiter?.TrySetResult();
    }
}
