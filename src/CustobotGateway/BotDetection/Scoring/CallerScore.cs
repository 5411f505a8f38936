using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>How likely it is that software drives a caller, and why.</summary>
public sealed class CallerScore
{
    // What adds less than this changes no score by more than a point.
    private const double LeastReason = 0.05;

    private readonly ScoringModel _model;
    private readonly ulong _features;
    private readonly double[]? _visit;

    internal CallerScore(ScoringModel model, HeaderReading reading, double logOdds, double[]? visit)
    {
        (_model, _features, _visit) = (model, reading.Features, visit);
        (DeclaredAs, LogOdds) = (reading.DeclaredAs, logOdds);
    }

    /// <summary>The crawler or service that the user agent names, or null. At most 48 characters; taken from the user agent where no list has it.</summary>
    public string? DeclaredAs { get; }

    /// <summary>The sum of all contributions: the logarithm of the odds that software drives the caller.</summary>
    public double LogOdds { get; }

    /// <summary>The chance that software drives the caller, 0 to 1.</summary>
    public double Probability => 1 / (1 + Math.Exp(-LogOdds));

    /// <summary>The chance in hundredths, 0 to 100.</summary>
    public int Score => (int)Math.Round(Probability * 100, MidpointRounding.AwayFromZero);

    /// <summary>The contributions that matter, the largest first. Made anew each time.</summary>
    public IReadOnlyList<CallerReason> Reasons =>
    [
        .. Parts.Where(part => Math.Abs(part.Weight) >= LeastReason).OrderByDescending(part => Math.Abs(part.Weight))
            .Select(part => new CallerReason(part.Code, part.Text, Math.Round(part.Weight, 3))),
    ];

    internal IEnumerable<(string Code, string Text, double Weight)> Parts => _model.Parts(_features, _visit);
}
