using System.Text.Json;

namespace CustobotGateway.OAuth.Mandates;

/// <summary>Decides what a mandate says to an order. Pure: the same facts give the same answer.</summary>
/// <param name="vocabulary">Which categories lie within others.</param>
public sealed class MandateRules(IMandateVocabulary vocabulary)
{
    private const string CategoryAttribute = "category";

    /// <summary>What the mandate says: allowed, approval needed, or the first reason against it.</summary>
    /// <param name="mandate">The mandate.</param>
    /// <param name="purchase">The order.</param>
    /// <param name="usage">What is used already, without this order.</param>
    /// <param name="period">The mandate's current period; null without one.</param>
    /// <param name="now">The time.</param>
    public MandateDecision Judge(PurchaseMandate mandate, MandatePurchase purchase, MandateUsage usage, PeriodBounds? period, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(mandate);
        ArgumentNullException.ThrowIfNull(purchase);
        var refused = JudgeKind(mandate, purchase) ?? JudgeAmounts(mandate, purchase, usage, period, now);
        return refused ?? (purchase.Total > mandate.ApprovalAbove
            ? new MandateDecision(MandateVerdict.ApprovalNeeded, MandateReason.ApprovalAbove, mandate.ApprovalAbove)
            : MandateDecision.Allowed);
    }

    /// <summary>The reason against an order as one of this time and these amounts; null if there is none. What is bought, and whether the person is asked, is judged elsewhere.</summary>
    /// <param name="mandate">The mandate.</param>
    /// <param name="purchase">The order.</param>
    /// <param name="usage">What is used already, without this order.</param>
    /// <param name="period">The mandate's current period; null without one.</param>
    /// <param name="now">The time.</param>
    public static MandateDecision? JudgeAmounts(PurchaseMandate mandate, MandatePurchase purchase, MandateUsage usage, PeriodBounds? period, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(mandate);
        ArgumentNullException.ThrowIfNull(purchase);
        ArgumentNullException.ThrowIfNull(usage);
        if (now < mandate.NotBefore)
        {
            return MandateDecision.Refused(MandateReason.NotBefore, until: mandate.NotBefore);
        }
        if (now > mandate.NotAfter)
        {
            return MandateDecision.Refused(MandateReason.NotAfter, until: mandate.NotAfter);
        }
        var limits = mandate.Limits ?? new MandateLimits();
        if (limits.PerItem is { } item && purchase.Lines.FirstOrDefault(line => line.UnitPrice > item) is { } dear)
        {
            return MandateDecision.Refused(MandateReason.PerItem, item, subject: dear.ProductId);
        }
        if (purchase.Total > limits.PerOrder)
        {
            return MandateDecision.Refused(MandateReason.PerOrder, limits.PerOrder, limits.PerOrder);
        }
        if (usage.Orders >= mandate.MaxOrders)
        {
            return MandateDecision.Refused(MandateReason.MaxOrders, mandate.MaxOrders, mandate.MaxOrders - usage.Orders);
        }
        if (limits.Period is { } limit && purchase.Total > limit.Amount - usage.SpentInPeriod - usage.Held)
        {
            return MandateDecision.Refused(MandateReason.Period, limit.Amount, limit.Amount - usage.SpentInPeriod - usage.Held, until: period?.Until);
        }
        return limits.Total is { } total && purchase.Total > total - usage.Spent - usage.Held
            ? MandateDecision.Refused(MandateReason.Total, total, total - usage.Spent - usage.Held)
            : null;
    }

    private MandateDecision? JudgeKind(PurchaseMandate mandate, MandatePurchase purchase)
    {
        if (!mandate.Actions.Contains(PurchaseMandate.Purchase))
        {
            return MandateDecision.Refused(MandateReason.Action);
        }
        if (purchase.Currency != mandate.Currency)
        {
            return MandateDecision.Refused(MandateReason.Currency);
        }
        if (mandate.Merchants?.Allows(purchase.Merchant) == false)
        {
            return MandateDecision.Refused(MandateReason.Merchant, subject: purchase.Merchant);
        }
        foreach (var line in purchase.Lines)
        {
            if (mandate.Categories is { } categories && !categories.Any(category => IsOf(category, line.Attributes)))
            {
                return MandateDecision.Refused(MandateReason.Category, subject: line.ProductId);
            }
            if (mandate.Rules?.FirstOrDefault(rule => !rule.Passes(line.Attributes)) is { } broken)
            {
                return MandateDecision.Refused(MandateReason.Rule, subject: line.ProductId, rule: broken);
            }
        }
        return null;
    }

    private bool IsOf(string category, JsonElement attributes) =>
        attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty(CategoryAttribute, out var own) && own.ValueKind == JsonValueKind.String
        && (own.ValueEquals(category) || vocabulary.Includes(category, own.GetString()!));
}
