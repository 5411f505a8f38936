namespace CustobotGateway.Commands;

/// <summary>An option of a verb.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What stands for its value in the help, or null for a switch.</param>
/// <param name="Help">One line.</param>
public sealed record Option(string Name, string? Value, string Help);

/// <summary>What <c>./gateway</c> can do.</summary>
public sealed record Verb
{
    /// <summary>The word on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>What stands for the words after the options in the help (<c>FILE…</c>), or null when it takes none.</summary>
    public string? Operands { get; init; }

    /// <summary>More than one line, for its own help; or null.</summary>
    public string? Help { get; init; }

    /// <summary>Its options, besides <c>--help</c>.</summary>
    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <summary>Does the work. Only the result goes to standard output. Ctrl-C and SIGTERM cancel the token. A <see cref="CommandException"/> ends it with a message.</summary>
    public required Func<Words, CancellationToken, Task<int>> RunAsync { get; init; }
}

/// <summary>The words after the verb.</summary>
/// <param name="Options">By name with dashes; a switch has the value <c>""</c>; the last one wins.</param>
/// <param name="Operands">What is no option, in order.</param>
public sealed record Words(IReadOnlyDictionary<string, string> Options, IReadOnlyList<string> Operands)
{
    /// <summary>The option's value, or null.</summary>
    public string? this[string option] => Options.GetValueOrDefault(option);

    /// <summary>Whether the switch is there.</summary>
    public bool Has(string option) => Options.ContainsKey(option);
}
