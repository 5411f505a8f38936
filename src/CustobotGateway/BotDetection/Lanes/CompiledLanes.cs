using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Common.RateLimits;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>A lane made ready to be asked.</summary>
internal sealed class CompiledLane
{
    private readonly bool[] _allowed;
    private readonly RateLimit?[] _rates;

    public CompiledLane(Lane lane)
    {
        var groups = Enum.GetValues<RateGroup>();
        Name = lane.Name;
        PricesVisible = lane.Prices ?? true;
        _allowed = [.. groups.Select(group => lane.Of(group)?.Allowed ?? true)];
        _rates = [.. groups.Select(group => lane.Of(group)?.Rate)];
    }

    public string Name { get; }

    public bool PricesVisible { get; }

    public bool Allows(RateGroup group) => _allowed[(int)group];

    public RateLimit? RateOf(RateGroup group) => _rates[(int)group];
}

/// <summary>Where a request goes.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Rule">The rule that led there, or the rules in shadow mode that would have led elsewhere; null for none.</param>
/// <param name="ByRule">Whether a rule led there, and not the policy.</param>
internal readonly record struct LaneChoice(CompiledLane Lane, string? Rule, bool ByRule);

/// <summary>The policy and the rules in force, made ready to be asked of every request. Never changes: a change makes another.</summary>
internal sealed class CompiledLanes
{
    /// <summary>How a decision writes a rule in shadow mode.</summary>
    public const string ShadowPrefix = "shadow:";

    private readonly CompiledRule[] _rules;
    private readonly (CompiledCondition When, CompiledLane Lane)[] _assign;
    private readonly CompiledLane _last;

    public CompiledLanes(StandingPolicy policy, IEnumerable<LaneRule> rules, TrustScores trust)
    {
        Policy = policy;
        Lanes = policy.Policy.Lanes.ToDictionary(lane => lane.Name, lane => new CompiledLane(lane), StringComparer.Ordinal);
        // A rule whose lane the policy has no more leads nowhere until the lane is back or the rule is mended.
        _rules = [.. rules.Where(rule => rule.Mode != RuleMode.Disabled && Lanes.ContainsKey(rule.Lane)).OrderBy(rule => rule.Id, StringComparer.Ordinal).Select(rule =>
            new CompiledRule(new CompiledCondition(rule.When, trust), Lanes[rule.Lane], rule.Mode == RuleMode.Enabled, rule.Mode == RuleMode.Enabled ? rule.Id : ShadowPrefix + rule.Id))];
        _assign = [.. policy.Policy.Assign.Select(assignment => (new CompiledCondition(assignment.When, trust), Lanes[assignment.Lane]))];
        _last = Lanes[policy.Policy.Assign[^1].Lane];
    }

    public StandingPolicy Policy { get; }

    public IReadOnlyDictionary<string, CompiledLane> Lanes { get; }

    /// <summary>The first enabled rule that holds, else the first assignment.</summary>
    public LaneChoice Choose(in CallerFacts facts)
    {
        string? shadow = null;
        foreach (var rule in _rules)
        {
            if (rule.When.Holds(facts))
            {
                if (rule.Acts)
                {
                    return new(rule.Lane, rule.Name, true);
                }
                shadow = shadow is null ? rule.Name : shadow + " " + rule.Name;
            }
        }
        return new(Assigned(facts), shadow, false);
    }

    /// <summary>The lane by the policy alone.</summary>
    public CompiledLane Assigned(in CallerFacts facts)
    {
        foreach (var (when, lane) in _assign)
        {
            if (when.Holds(facts))
            {
                return lane;
            }
        }
        return _last;
    }

    private sealed record CompiledRule(CompiledCondition When, CompiledLane Lane, bool Acts, string Name);
}
