namespace CustobotGateway.Search;

/// <summary>Why the hits are hits, or why there are none.</summary>
internal sealed record SearchExplanation
{
    /// <summary>Whether nothing matched.</summary>
    public bool IsOfEmptyAnswer { get; init; }

    /// <summary>For each hit of the page, how it stands to each condition.</summary>
    public IReadOnlyList<IReadOnlyList<ConditionOutcome>> Hits { get; init; } = [];

    /// <summary>What excludes everything.</summary>
    public IReadOnlyList<Exclusion> ExcludedBy { get; init; } = [];

    /// <summary>What would help.</summary>
    public IReadOnlyList<Relaxation> Relaxations { get; init; } = [];

    /// <summary>Of one hit of the page.</summary>
    public IReadOnlyList<ConditionOutcome>? OfHit(int index) => index < Hits.Count ? Hits[index] : null;
}
