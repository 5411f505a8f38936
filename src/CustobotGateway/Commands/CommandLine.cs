using System.Runtime.InteropServices;
using System.Text;
using CustobotGateway.Common.Database.Embedded;

namespace CustobotGateway.Commands;

/// <summary>Finds the verb, reads its options, runs it, and turns what goes wrong into a sentence and an exit code.</summary>
public static class CommandLine
{
    /// <summary>The process's exit code: 0 done, 1 failed, 2 the command line is wrong.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, IReadOnlyList<Verb> verbs)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            // Once asks for an orderly end; the second time the signal does what it does by itself.
            if (!stop.IsCancellationRequested)
            {
                context.Cancel = true;
                stop.Cancel();
            }
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            return await DispatchAsync(arguments, verbs, stop.Token);
        }
        catch (CommandException failure)
        {
            await System.Console.Error.WriteLineAsync($"gateway: {failure.Message}");
            return failure.ExitCode;
        }
        catch (EmbeddedPostgresException failure)
        {
            await System.Console.Error.WriteLineAsync($"gateway: {failure.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await System.Console.Error.WriteLineAsync("gateway: stopped");
            return ExitCode.Failed;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or Npgsql.NpgsqlException)
        {
            // The machine said no: a port in use, a folder that may not be written, a server that is away, a registry file that is not valid.
            await System.Console.Error.WriteLineAsync($"gateway: {exception.Message}");
            return ExitCode.Failed;
        }
    }

    private static Task<int> DispatchAsync(IReadOnlyList<string> arguments, IReadOnlyList<Verb> verbs, CancellationToken cancellationToken)
    {
        var first = arguments.Count > 0 ? arguments[0] : "";
        if (first is "--help" or "-h" or "help")
        {
            System.Console.Out.Write(arguments.Count > 1 && first == "help" ? HelpOf(Find(arguments[1], verbs)) : HelpOf(verbs));
            return Task.FromResult(ExitCode.Done);
        }
        // Without a verb the gateway serves.
        var named = first.Length > 0 && first[0] != '-';
        var verb = named ? Find(first, verbs) : verbs[0];
        var words = Read(verb, arguments.Skip(named ? 1 : 0));
        if (words is null)
        {
            System.Console.Out.Write(HelpOf(verb));
            return Task.FromResult(ExitCode.Done);
        }
        return verb.RunAsync(words, cancellationToken);
    }

    /// <summary>The words, or null when help is asked for.</summary>
    internal static Words? Read(Verb verb, IEnumerable<string> arguments)
    {
        var (options, operands) = (new Dictionary<string, string>(), new List<string>());
        using var rest = arguments.GetEnumerator();
        while (rest.MoveNext())
        {
            var word = rest.Current;
            if (word is "--help" or "-h")
            {
                return null;
            }
            if (word.Length < 2 || word[0] != '-')
            {
                operands.Add(word);
                continue;
            }
            var (name, given) = word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 ? (word[..equals], word[(equals + 1)..]) : (word, null);
            var option = verb.Options.FirstOrDefault(one => one.Name == name)
                ?? throw CommandException.Usage($"unknown option '{name}'{Nearest(name, verb.Options.Select(one => one.Name).Append("--help"))}; 'gateway {verb.Name} --help' lists the options.");
            if (option.Value is null)
            {
                options[name] = given is null ? "" : throw CommandException.Usage($"'{name}' takes no value.");
                continue;
            }
            options[name] = given ?? (rest.MoveNext() ? rest.Current : throw CommandException.Usage($"'{name}' needs a value: {name} {option.Value}."));
        }
        return operands.Count == 0 || verb.Operands is not null
            ? new Words(options, operands)
            : throw CommandException.Usage($"'{operands[0]}' is one word too many; 'gateway {verb.Name} --help' tells what it takes.");
    }

    private static Verb Find(string name, IReadOnlyList<Verb> verbs) => verbs.FirstOrDefault(verb => verb.Name == name)
        ?? throw CommandException.Usage($"unknown verb '{name}'{Nearest(name, verbs.Select(verb => verb.Name))}; 'gateway --help' lists the verbs.");

    private static string Nearest(string name, IEnumerable<string> names) =>
        names.Select(one => (Name: one, Distance: Distance(name, one))).MinBy(one => one.Distance) is var best && best.Distance <= Math.Max(2, name.Length / 2)
            ? $", did you mean '{best.Name}'?"
            : "";

    /// <summary>Levenshtein's.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }
        return row[^1];
    }

    private static string HelpOf(IReadOnlyList<Verb> verbs)
    {
        var help = new StringBuilder("Usage: gateway [VERB] [OPTION…]\n\nVerbs:\n");
        AppendTable(help, verbs.Select((verb, i) => (verb.Name, verb.Summary + (i == 0 ? " (without a verb, this one)" : ""))));
        help.Append("\n'gateway VERB --help' tells more; in a checkout, 'gateway bench' measures and 'gateway bots' trains. Exit codes: 0 done, 1 failed, 2 the command line is wrong.\n\n").Append(HelpOf(verbs[0]));
        return help.ToString();
    }

    private static string HelpOf(Verb verb)
    {
        var help = new StringBuilder($"Usage: gateway {verb.Name}{(verb.Operands is null ? "" : " " + verb.Operands)} [OPTION…]\n\n{verb.Summary}.\n");
        if (verb.Help is not null)
        {
            help.Append(verb.Help.TrimEnd()).Append('\n');
        }
        help.Append("\nOptions:\n");
        AppendTable(help, verb.Options.Append(new Option("--help", null, "Tell this")).Select(option => (option.Value is null ? option.Name : $"{option.Name} {option.Value}", option.Help)));
        return help.ToString();
    }

    private static void AppendTable(StringBuilder help, IEnumerable<(string Name, string Text)> rows)
    {
        var table = rows.ToList();
        var width = table.Max(row => row.Name.Length);
        foreach (var (name, text) in table)
        {
            help.Append("  ").Append(name.PadRight(width)).Append("  ").Append(text).Append('\n');
        }
    }
}
