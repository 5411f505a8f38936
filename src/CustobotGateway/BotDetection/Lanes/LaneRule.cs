namespace CustobotGateway.BotDetection.Lanes;

/// <summary>What a rule does.</summary>
public enum RuleMode
{
    /// <summary>It only counts: decisions name it as <c>shadow:ID</c>, and nobody is treated otherwise.</summary>
    Shadow,

    /// <summary>It puts callers into its lane.</summary>
    Enabled,

    /// <summary>Nothing.</summary>
    Disabled,
}

/// <summary>Puts some callers into another lane than the policy would.</summary>
/// <param name="Id"><c>rul_…</c>. Of several enabled rules that hold, the oldest decides.</param>
/// <param name="Name">What people call it.</param>
/// <param name="When">Which requests.</param>
/// <param name="Lane">The lane's name.</param>
/// <param name="Mode">What it does.</param>
/// <param name="Version">Grows with each change; the ETag is this number in quotes.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
/// <param name="ChangedAt">When it last changed.</param>
/// <param name="ChangedBy">By whom.</param>
public sealed record LaneRule(
    string Id, string Name, CallerCondition When, string Lane, RuleMode Mode, long Version, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ChangedAt, string ChangedBy);
