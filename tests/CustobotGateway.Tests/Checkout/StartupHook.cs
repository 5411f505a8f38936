using System.Diagnostics;

// The runtime calls it before Main of a gateway that is started with DOTNET_STARTUP_HOOKS, and finds it by this name outside of any namespace.
/// <summary>Kills the process that it is loaded into at a named step of completing a checkout session, as <c>kill -9</c> would.</summary>
internal static class StartupHook
{
    /// <summary>The environment variable that names the step.</summary>
    public const string KillAt = "KILL_AT";

    private const string Source = "CustobotGateway.Checkout";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(KillAt) is { Length: > 0 } step)
        {
            DiagnosticListener.AllListeners.Subscribe(new Watch(step));
        }
    }

    private sealed class Watch(string step) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == Source)
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == step)
            {
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
