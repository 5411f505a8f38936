namespace CustobotGateway.Commands;

/// <summary>Why a verb could not do its work; its message is for the person at the keyboard.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="exitCode"><see cref="ExitCode.Failed"/> or <see cref="ExitCode.Usage"/>.</param>
public sealed class CommandException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The words on the command line are wrong.</summary>
    public static CommandException Usage(string message) => new(message, Commands.ExitCode.Usage);
}

/// <summary>What the process ends with.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
