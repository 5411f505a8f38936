namespace CustobotGateway.BotDetection.Scoring;

/// <summary>What became of a request's message signatures.</summary>
public enum SignatureOutcome
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>One is there that nobody judged.</summary>
    Unjudged,

    /// <summary>One verified.</summary>
    Good,

    /// <summary>None of those that are there verified.</summary>
    Bad,
}

/// <summary>What a request's message signatures tell about who drives it. People's browsers sign nothing.</summary>
/// <param name="Outcome">What became of them.</param>
/// <param name="Reason">Why they failed, as a code; null otherwise.</param>
public readonly record struct SignatureEvidence(SignatureOutcome Outcome, string? Reason = null)
{
    /// <summary>The request carries no signature.</summary>
    public static SignatureEvidence None => default;

    /// <summary>It carries one that nobody judged.</summary>
    public static SignatureEvidence Unjudged => new(SignatureOutcome.Unjudged);

    /// <summary>It carries one that verified.</summary>
    public static SignatureEvidence Good => new(SignatureOutcome.Good);

    /// <summary>It carries one, and none that verified.</summary>
    public static SignatureEvidence Bad(string reason) => new(SignatureOutcome.Bad, reason);
}
