namespace CustobotGateway.Benchmarks;

/// <summary>One figure.</summary>
/// <param name="Part">What it belongs to.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The median over the rounds.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Rounds">The value of each round.</param>
/// <param name="Note">What a reader must know to judge it, or null.</param>
public sealed record Figure(string Part, string Name, double Value, string Unit, IReadOnlyList<double> Rounds, string? Note = null);

/// <summary>All figures of one run.</summary>
public sealed class Figures
{
    private readonly List<Figure> _all = [];

    public IReadOnlyList<Figure> All => _all;

    /// <summary>Adds a figure and tells it on standard error, so that a long run shows how it goes.</summary>
    public void Add(string part, string name, string unit, IReadOnlyList<double> rounds, string? note = null)
    {
        var figure = new Figure(part, name, Median(rounds), unit, rounds, note);
        _all.Add(figure);
        Tell($"{part}: {name} {Report.Text(figure.Value)} {unit}{(rounds.Count > 1 ? $" (rounds {string.Join(", ", rounds.Select(Report.Text))})" : "")}");
    }

    public void Add(string part, string name, string unit, double value, string? note = null) => Add(part, name, unit, [value], note);

    /// <summary>A figure, or null where it was not measured.</summary>
    public Figure? Find(string part, string name) => _all.FirstOrDefault(figure => figure.Part == part && figure.Name == name);

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The value that a share of the others does not exceed; the values must be sorted.</summary>
    public static double Percentile(ReadOnlySpan<double> sorted, double share) =>
        sorted.IsEmpty ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];

    public static void Tell(string text) => System.Console.Error.WriteLine($"bench: {text}");
}
