namespace CustobotGateway.Commands;

/// <summary><c>gateway health</c>: asks a running gateway; for containers, whose images have no other client.</summary>
public static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "health",
        Summary = "Ask a running gateway whether it is ready; exit code 0 when it is, 1 when not",
        Options = [new("--url", "URL", "What to ask (default: /health/ready of the gateway that runs on --data)"), GatewayOptions.Data],
        RunAsync = async (words, cancellationToken) =>
        {
            var url = words["--url"] ?? DataFolder.FindRunning(DataFolder.PathOf(words["--data"]))?.Url + "/health/ready";
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            {
                throw words["--url"] is null ? new CommandException("no gateway runs on the data folder.") : CommandException.Usage("--url takes an absolute URL.");
            }
            using var client = new HttpClient { Timeout = Patience };
            try
            {
                using var answer = await client.GetAsync(address, cancellationToken);
                System.Console.Out.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
                return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new CommandException($"{address} does not answer.");
            }
        },
    };
}
