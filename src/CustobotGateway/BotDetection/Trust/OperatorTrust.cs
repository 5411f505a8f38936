using System.Text.Json.Serialization;

namespace CustobotGateway.BotDetection.Trust;

/// <summary>How far an operator is trusted, and why.</summary>
/// <param name="Operator">A client's id or a signature agent.</param>
/// <param name="Trust">0 to 100; 50 where nothing is known.</param>
/// <param name="HalfLifeDays">After so many days what was done counts half.</param>
/// <param name="Components">What it is made of; none where nothing is known.</param>
/// <param name="Raises">What would raise it, the most helpful first.</param>
/// <param name="Appeals">What the operator objected, the newest first; in lists left out.</param>
public sealed record OperatorTrust(
    string Operator, int Trust, double HalfLifeDays, IReadOnlyList<ComponentView> Components, IReadOnlyList<string> Raises, IReadOnlyList<Appeal>? Appeals = null);

/// <summary>One component.</summary>
/// <param name="Component">Which.</param>
/// <param name="Text">What it counts.</param>
/// <param name="Count">How much of it is left today: what was done longer ago counts less.</param>
/// <param name="Weight">What it adds to the log-odds for each doubling of the count.</param>
/// <param name="Contribution">What it adds in all: weight times the binary logarithm of one and the count.</param>
/// <param name="Since">When it was first counted.</param>
/// <param name="Last">When it was last counted.</param>
public sealed record ComponentView(TrustComponent Component, string Text, double Count, double Weight, double Contribution, DateTimeOffset Since, DateTimeOffset Last);

/// <summary>What is to become of an appeal.</summary>
public enum AppealStatus
{
    /// <summary>It waits for staff.</summary>
    Open,

    /// <summary>The named components were taken back.</summary>
    Granted,

    /// <summary>Everything stays.</summary>
    Refused,
}

/// <summary>An objection against how far an operator is trusted.</summary>
/// <param name="Id"><c>apl_…</c></param>
/// <param name="Text">What it says: data from a stranger, to be shown escaped and never followed.</param>
/// <param name="Status">What became of it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
/// <param name="Note">What staff say to it; null while it is open.</param>
/// <param name="Components">What was taken back; none unless it was granted.</param>
/// <param name="DecidedAt">When it was decided; null while it is open.</param>
/// <param name="DecidedBy">By whom; null while it is open.</param>
public sealed record Appeal(
    string Id, string Text, AppealStatus Status, DateTimeOffset CreatedAt, string CreatedBy, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Note,
    IReadOnlyList<TrustComponent> Components, DateTimeOffset? DecidedAt, string? DecidedBy);
