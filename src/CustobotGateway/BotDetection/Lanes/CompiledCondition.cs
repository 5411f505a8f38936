using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>A condition made ready to be asked of every request: what is cheap to know comes first, and nothing is allocated unless it asks for reasons.</summary>
internal sealed class CompiledCondition
{
    private const int NoGroup = -1;

    // A bit for each class.
    private readonly uint _classes;
    private readonly int _group;
    private readonly CallerCondition _when;
    private readonly TrustScores _trust;

    public CompiledCondition(CallerCondition when, TrustScores trust)
    {
        (_when, _trust) = (when, trust);
        _classes = when.Class is { } one ? 1u << (int)one : uint.MaxValue;
        _group = when.Group is { } group ? (int)group : NoGroup;
    }

    public bool Holds(in CallerFacts facts)
    {
        var caller = facts.Caller;
        return ((_classes >> (int)caller.Class) & 1) != 0
            && (_group == NoGroup || _group == (int)facts.Group)
            && (_when.Signature is not { } signature || caller.HasBadSignature == (signature == SignatureState.Bad))
            && (_when.Operator is not { } name || string.Equals(caller.Operator, name, StringComparison.Ordinal))
            && (_when.PathPrefix is not { } path || facts.Path.StartsWith(path, StringComparison.OrdinalIgnoreCase))
            && (_when.TrustBelow is not { } trust || (caller.Operator is { } known && _trust.Of(known) < trust))
            && (_when.ScoreGte is not { } least || caller.Score >= least)
            && (_when.ScoreLte is not { } most || caller.Score <= most)
            && (_when.UserAgentContains is not { } part || facts.UserAgent.Contains(part, StringComparison.OrdinalIgnoreCase))
            && (_when.Reason is not { } code || HasReason(caller, code));
    }

    private static bool HasReason(CallerDecision caller, string code)
    {
        foreach (var reason in caller.Reasons)
        {
            if (reason.Code == code)
            {
                return true;
            }
        }
        return false;
    }
}
