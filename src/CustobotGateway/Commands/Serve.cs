namespace CustobotGateway.Commands;

/// <summary><c>gateway serve</c>: serves until Ctrl-C or SIGTERM.</summary>
public static class Serve
{
    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "serve",
        Summary = "Serve the catalogue to agents until Ctrl-C",
        Help = """
            Starts a private PostgreSQL in the data folder (unless --connection names a server), brings its tables up to date,
            loads the demo catalogue on the first start, and serves.
            """,
        Options = GatewayOptions.All,
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        var settings = GatewayOptions.Read(words);
        await using var host = await GatewayHost.StartAsync(settings, cancellationToken);
        var lifetime = host.App.Services.GetRequiredService<IHostApplicationLifetime>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            System.Console.Out.WriteLine(Welcome.Addresses(host));
            await host.WaitUntilReadyAsync(stop.Token);
            System.Console.Out.WriteLine(await Welcome.TryItAsync(host, stop.Token));
            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C, SIGTERM, or the service stopped itself.
        }
        return cancellationToken.IsCancellationRequested ? ExitCode.Done : ExitCode.Failed;
    }
}
