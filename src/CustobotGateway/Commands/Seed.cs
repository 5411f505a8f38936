using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.Seeding;

namespace CustobotGateway.Commands;

/// <summary><c>./gateway seed FILE</c>: people, clients, resources, delegations and trusted agents for a trial.</summary>
public static class Seed
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "seed",
        Operands = "FILE",
        Summary = "Load people, clients, resources, delegations and trusted agents from a JSON file",
        Help = """
            Works beside a running gateway, or without one. All of the file is taken or nothing; a member that is unknown is refused. The same file again changes
            nothing and prints the same ids. '-' reads standard input. Refused in production mode. docs/seeding.md tells the form.
            """,
        Options = [.. Offline.Options, new("--public-url", "URL", "The public URL of the gateway, where resources are written as absolute addresses")],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        if (words.Operands is not [var file])
        {
            throw CommandException.Usage("name one file: gateway seed FILE.");
        }
        var settings = GatewayOptions.Read(words);
        if (settings.Production)
        {
            throw new CommandException("seeding is refused in production mode: its passwords and secrets stand in a file.");
        }
        var read = SeedFile.Read(await ReadAsync(file, cancellationToken));
        var seed = read.Succeeded ? read.Value : throw Refused(file, read.Problem!);
        if (settings.PublicUrl is null && DataFolder.FindRunning(settings.DataDirectory) is { } running)
        {
            settings = settings with { PublicUrl = await IssuerOfAsync(running, cancellationToken) };
        }
        await using var gateway = await Offline.OpenAsync(settings, cancellationToken);
        var outcome = await gateway.Services.GetRequiredService<ApplySeed>().RunAsync(seed, cancellationToken);
        if (!outcome.Succeeded)
        {
            throw Refused(file, outcome.Problem!);
        }
        System.Console.Out.WriteLine(JsonSerializer.Serialize(outcome.Value, Json.Options));
        return ExitCode.Done;
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (file == "-")
        {
            using var buffer = new MemoryStream();
            await using var input = System.Console.OpenStandardInput();
            await input.CopyToAsync(buffer, cancellationToken);
            return buffer.ToArray();
        }
        return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken) : throw new CommandException($"there is no file {file}.");
    }

    // What a running gateway is published as, it alone knows.
    private static async Task<string?> IssuerOfAsync(RunningGateway running, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(running.Url), Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync("/.well-known/oauth-authorization-server", cancellationToken);
            using var document = JsonDocument.Parse(answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(cancellationToken) : "{}"u8.ToArray());
            return document.RootElement.TryGetProperty("issuer", out var issuer) ? issuer.GetString() : running.Url;
        }
        catch (HttpRequestException)
        {
            return running.Url;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"the gateway at {running.Url} does not answer; name its public URL with --public-url.");
        }
    }

    private static CommandException Refused(string file, Problem problem) => new($"{file}: " + (problem.Errors.Count == 0
        ? problem.Detail
        : string.Join("\n         ", problem.Errors.Select(error => $"{(error.Pointer.Length > 0 ? error.Pointer : "/")}: {error.Detail}"))));
}
