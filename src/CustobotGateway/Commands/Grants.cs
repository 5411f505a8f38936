using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Commands;

/// <summary><c>./gateway grants verify FILE</c>: checks the exported history of a grant without a gateway and without a database.</summary>
public static class Grants
{
    private const string Head = "--head";
    private const int LongestLine = 1 << 20;

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "grants",
        Operands = "verify FILE",
        Summary = "Check the exported history of a grant, offline",
        Help = """
            FILE is what GET /v1/grants/{id}/events answered: one event a line. Each hash covers the event and the hash before it, so that nothing can be changed, taken
            out or moved unnoticed. What was cut off at the end shows only against the last hash, which the header Event-Head named: give it as --head. '-' reads
            standard input. Ends with 0 and says how many events hold, or with 1 and names the first that does not.
            """,
        Options = [new(Head, "HASH", "the hash that the last event must have")],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        if (words.Operands is not ["verify", var file])
        {
            throw CommandException.Usage("name one file: gateway grants verify FILE.");
        }
        using var reader = file == "-" ? System.Console.In
            : File.Exists(file) ? new StreamReader(file)
            : throw new CommandException($"there is no file {file}.");
        var verdict = await VerifyAsync(reader, words[Head], cancellationToken);
        await (verdict.Holds ? System.Console.Out : System.Console.Error).WriteLineAsync($"{file}: {verdict.Text}");
        return verdict.Holds ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Whether a history holds, and what there is to say of it.</summary>
    internal sealed record Verdict(bool Holds, string Text);

    /// <summary>Reads line after line; only the event before is kept, however long the history is.</summary>
    internal static async Task<Verdict> VerifyAsync(TextReader reader, string? head, CancellationToken cancellationToken)
    {
        Event? last = null;
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (Read(line, number, out var fault) is not { } entry)
            {
                return new Verdict(false, fault);
            }
            if (EventChain.FaultOf(entry, last) is { } broken)
            {
                return new Verdict(false, $"line {number}, version {entry.Version}: {broken}");
            }
            last = entry;
        }
        if (last is null)
        {
            return new Verdict(false, "there is no event in it.");
        }
        var hash = Convert.ToHexStringLower(last.Hash);
        return head is not null && !string.Equals(head, hash, StringComparison.OrdinalIgnoreCase)
            ? new Verdict(false, $"the last event is version {last.Version} with the hash {hash}, and not the one of --head: something was cut off or added at the end.")
            : new Verdict(true, $"{last.Version} events of {last.Stream} hold; the last hash is {hash}.");
    }

    private static Event? Read(string line, int number, out string fault)
    {
        fault = $"line {number} is no event as the gateway exports it.";
        if (line.Length > LongestLine)
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<EventLine>(line, Json.Options)?.ToEvent();
        }
        catch (JsonException exception)
        {
            fault = $"line {number} is no event as the gateway exports it: {exception.Message}";
            return null;
        }
    }
}
