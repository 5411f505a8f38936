using CustobotGateway.Common.Callers;

namespace CustobotGateway.Tests.BotDetection.Lanes;

/// <summary>A caller as the test says it is.</summary>
internal sealed class FakeCaller : CallerDecision
{
    private readonly IReadOnlyList<CallerReason> _reasons;

    public FakeCaller(CallerClass @class, int score = 50, string? @operator = null, bool badSignature = false, params string[] reasons)
    {
        (Class, Operator, Score, HasBadSignature) = (@class, @operator, score, badSignature);
        _reasons = [.. reasons.Select(code => new CallerReason(code, code, 1))];
    }

    public override int Score { get; }

    public override string? DeclaredAs => null;

    public override bool HasBadSignature { get; }

    public override IReadOnlyList<CallerReason> Reasons => _reasons;
}
