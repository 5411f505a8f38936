using CustobotGateway.Common.Callers;
using CustobotGateway.Common.RateLimits;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>The caller of a stored request, for conditions to be asked of.</summary>
internal sealed class StoredCaller : CallerDecision
{
    private readonly string[] _reasons;
    private IReadOnlyList<CallerReason>? _made;

    public StoredCaller(CallerClass @class, int score, string? name, string? declaredAs, bool hasBadSignature, string[] reasons)
    {
        (Class, Score, Operator, DeclaredAs, HasBadSignature) = (@class, score, name, declaredAs, hasBadSignature);
        _reasons = reasons;
    }

    public override int Score { get; }

    public override string? DeclaredAs { get; }

    public override bool HasBadSignature { get; }

    /// <summary>By their codes alone, which is what conditions ask for.</summary>
    public override IReadOnlyList<CallerReason> Reasons => _made ??= [.. _reasons.Select(code => new CallerReason(code, "", 0))];

    /// <summary>The group as decisions write it; what is none of today's counts among the others.</summary>
    public static RateGroup GroupOf(string text) => Enum.TryParse<RateGroup>(text, ignoreCase: true, out var group) ? group : RateGroup.Other;
}
