using System.Globalization;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Checkout.Payments.Sandbox.Process;

namespace CustobotGateway.Commands;

/// <summary><c>gateway payment-provider</c>: the sandbox as a process of its own, for trials of what may go wrong between a shop and its provider.</summary>
public static class PaymentProvider
{
    private const string Slow = "--slow", Later = "--later";

    /// <summary>The verb.</summary>
    public static readonly Verb Verb = new()
    {
        Name = "payment-provider",
        Summary = "Run the sandbox payment provider as a process of its own until Ctrl-C",
        Help = """
            Keeps what it holds, charges and gives back in a journal of its own, each line on the disk before the answer leaves, and prints its address first.
            A gateway uses it with Checkout__Payments__Sandbox__Url in its environment. GET /journal tells what was charged; POST /faults lets the next calls go
            wrong: {"step":"capture","fault":"drop_after"}. It has no credentials: listen on the own machine alone.
            """,
        Options =
        [
            new("--urls", "URLS", "Addresses to listen on, separated by ';' (default http://127.0.0.1:8091)"),
            new("--data", "DIR", "Folder of its journal (default: payment-provider in the current folder)"),
            new(Slow, "MS", "Milliseconds that tok_slow takes (default 2000)"),
            new(Later, "MS", "Milliseconds until a payment by tok_webhook_later is authorised (default 2000)"),
        ],
        RunAsync = async (words, cancellationToken) =>
        {
            var urls = (words["--urls"] ?? "http://127.0.0.1:8091").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var options = new SandboxOptions { SlowMilliseconds = Number(words, Slow), LaterMilliseconds = Number(words, Later) };
            await using var app = SandboxServer.Build(urls, Path.GetFullPath(words["--data"] ?? "payment-provider"), options);
            await app.StartAsync(cancellationToken);
            System.Console.Out.WriteLine(SandboxServer.AddressOf(app.Services));
            await app.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Done;
        },
    };

    private static int Number(Words words, string option) => words[option] is not { } text ? 2_000
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 120_000 ? number
        : throw CommandException.Usage($"{option} takes 0 to 120000 milliseconds, not '{text}'.");
}
