using System.Globalization;
using CustobotGateway.Bargaining;

namespace CustobotGateway.Commands;

/// <summary><c>gateway negotiate</c>: bargains as the seller over standard input and output, for evaluation; starts nothing and keeps nothing.</summary>
public static class Negotiate
{
    private const string Seed = "--seed", Strategy = "--strategy";
    private const int ReadSize = 64 * 1024;

    private static readonly (string Word, StrategyName Name)[] Strategies =
    [
        ("adaptive", StrategyName.Adaptive), ("boulware", StrategyName.Boulware), ("linear", StrategyName.Linear), ("conceder", StrategyName.Conceder),
        ("tit-for-tat", StrategyName.TitForTat), ("micro", StrategyName.Micro), ("boulware-with-model", StrategyName.BoulwareWithModel),
    ];

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "negotiate",
        Summary = "Bargain as the seller, as JSON lines on standard input and output",
        Help = """
            Reads 'open', 'turn' and 'closed' and answers each line by one: 'ready', 'action', 'ok' or 'error'. Negotiations may interleave; the same buyer.ref is the same buyer.
            The same seed and the same lines give the same answers. docs/negotiation.md describes the lines.
            """,
        Options = [new(Seed, "N", "Of what is left to chance (default 1)"), new(Strategy, "NAME", $"{string.Join(", ", Strategies.Select(one => one.Word))} (default adaptive)")],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        var seed = words[Seed] is not { } text ? 1
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw CommandException.Usage($"'{Seed}' must be a whole number.");
        var strategy = words[Strategy] is not { } word ? StrategyName.Adaptive
            : Strategies.Where(one => one.Word == word).Select(one => (StrategyName?)one.Name).FirstOrDefault()
            ?? throw CommandException.Usage($"'{Strategy}' must be one of {string.Join(", ", Strategies.Select(one => one.Word))}.");
        await using var input = System.Console.OpenStandardInput();
        await using var output = System.Console.OpenStandardOutput();
        await AnswerAsync(input, output, new NegotiationLines(seed, strategy), cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>Answers each line until the input ends. A line that is too long is skipped to its end, never kept.</summary>
    internal static async Task AnswerAsync(Stream input, Stream output, NegotiationLines lines, CancellationToken cancellationToken)
    {
        var (line, isTooLong) = (new MemoryStream(), false);
        var buffer = new byte[ReadSize];
        async Task EndLineAsync()
        {
            await output.WriteAsync(isTooLong ? lines.AnswerTooLong() : lines.Answer(line.GetBuffer().AsMemory(0, (int)line.Length)), cancellationToken);
            await output.FlushAsync(cancellationToken);
            line.SetLength(0);
            isTooLong = false;
        }
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            var rest = buffer.AsMemory(0, read);
            while (rest.Length > 0)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                var part = end < 0 ? rest : rest[..end];
                isTooLong |= line.Length + part.Length > NegotiationLines.MaxLineBytes;
                if (!isTooLong)
                {
                    line.Write(part.Span);
                }
                if (end >= 0)
                {
                    await EndLineAsync();
                }
                rest = end < 0 ? default : rest[(end + 1)..];
            }
        }
        if (line.Length > 0 || isTooLong)
        {
            await EndLineAsync();
        }
    }
}
