using CustobotGateway.Common.Events;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>Staff made a rule, or changed one.</summary>
/// <param name="Rule">All of it, as it is then.</param>
public sealed record RuleSaved(LaneRule Rule) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "rule.saved";
}

/// <summary>Staff deleted a rule.</summary>
/// <param name="Rule">As it was.</param>
public sealed record RuleDeleted(LaneRule Rule) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "rule.deleted";
}
