namespace CustobotGateway.OAuth.Mandates;

/// <summary>What a mandate says to an order.</summary>
public enum MandateVerdict
{
    /// <summary>It may be paid.</summary>
    Allowed,

    /// <summary>It may be paid once the person approves it.</summary>
    ApprovalNeeded,

    /// <summary>It may not be paid.</summary>
    Refused,
}

/// <summary>Why a mandate refuses an order, or lets it wait. In the order in which they are asked: a later one means that the mandate was nearer to allowing it.</summary>
public enum MandateReason
{
    /// <summary>None.</summary>
    None,

    /// <summary>The mandate is not for buying.</summary>
    Action,

    /// <summary>The mandate is in another currency.</summary>
    Currency,

    /// <summary>The mandate is for other merchants.</summary>
    Merchant,

    /// <summary>A product is of none of the mandate's categories.</summary>
    Category,

    /// <summary>A product does not meet a rule.</summary>
    Rule,

    /// <summary>The mandate has not begun.</summary>
    NotBefore,

    /// <summary>The mandate is over.</summary>
    NotAfter,

    /// <summary>One piece of a product costs more than one may.</summary>
    PerItem,

    /// <summary>The order comes to more than one may.</summary>
    PerOrder,

    /// <summary>There were enough orders.</summary>
    MaxOrders,

    /// <summary>The order comes to more than remains of the period.</summary>
    Period,

    /// <summary>The order comes to more than remains at all.</summary>
    Total,

    /// <summary>The order comes to more than goes without asking.</summary>
    ApprovalAbove,
}

/// <summary>What a mandate says to an order, with the numbers.</summary>
/// <param name="Verdict">What it says.</param>
/// <param name="Reason">Why; none where it is allowed.</param>
/// <param name="Limit">The limit that was met, in minor units or orders; null where it is no number.</param>
/// <param name="Remaining">What remains of the limit; null where it is no number.</param>
/// <param name="Subject">The product that was refused; null where it is the order.</param>
/// <param name="Rule">The rule that was not met; null where it is none.</param>
/// <param name="Until">When the period that is used up ends; null where none is, or where it moves.</param>
public sealed record MandateDecision(
    MandateVerdict Verdict, MandateReason Reason = MandateReason.None, long? Limit = null, long? Remaining = null, string? Subject = null, MandateRule? Rule = null,
    DateTimeOffset? Until = null)
{
    internal static readonly MandateDecision Allowed = new(MandateVerdict.Allowed);

    internal static MandateDecision Refused(
        MandateReason reason, long? limit = null, long? remaining = null, string? subject = null, MandateRule? rule = null, DateTimeOffset? until = null) =>
        new(MandateVerdict.Refused, reason, limit, remaining, subject, rule, until);
}
