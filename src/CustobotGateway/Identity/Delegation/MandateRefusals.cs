using System.Globalization;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What a mandate's refusal says to the agent.</summary>
internal static class MandateRefusals
{
    /// <summary>The refusal, with the limit's name as the code of its only error.</summary>
    public static Problem ToProblem(MandateDecision decision, PurchaseMandate mandate, Money order)
    {
        var detail = Describe(decision, mandate, order);
        return IdentityProblems.MandateExceeded.With(detail, [new("", CodeOf(decision.Reason), detail)], IdentityProblems.AskPerson);
    }

    /// <summary>The stable code of a reason: the name of the mandate's member.</summary>
    public static string CodeOf(MandateReason reason) => reason switch
    {
        MandateReason.Action => "actions",
        MandateReason.Currency => "currency",
        MandateReason.Merchant => "merchants",
        MandateReason.Category => "categories",
        MandateReason.Rule => "rules",
        MandateReason.NotBefore => "not_before",
        MandateReason.NotAfter => "not_after",
        MandateReason.PerItem => "per_item",
        MandateReason.PerOrder => "per_order",
        MandateReason.MaxOrders => "max_orders",
        MandateReason.Period => "period",
        MandateReason.Total => "total",
        _ => "approval_above",
    };

    private static string Describe(MandateDecision decision, PurchaseMandate mandate, Money order)
    {
        var comes = string.Create(CultureInfo.InvariantCulture, $"The order comes to {order.Amount} minor units of {order.Currency}");
        return decision.Reason switch
        {
            MandateReason.Action => "The mandate does not cover the action 'purchase'.",
            MandateReason.Currency => $"The mandate is in {mandate.Currency}, the order in {order.Currency}; currencies are not converted.",
            MandateReason.Merchant => $"The mandate does not cover the merchant {decision.Subject}.",
            MandateReason.Category => $"{decision.Subject} is of none of the mandate's categories: {string.Join(", ", mandate.Categories!)}.",
            MandateReason.Rule => $"{decision.Subject} does not meet the mandate's rule {decision.Rule!.Attribute} {decision.Rule.Op} {decision.Rule.Value.GetRawText()}.",
            MandateReason.NotBefore => $"The mandate is valid from {mandate.NotBefore:O}.",
            MandateReason.NotAfter => $"The mandate was valid until {mandate.NotAfter:O}.",
            MandateReason.PerItem => $"One piece of {decision.Subject} costs more than the {decision.Limit} minor units of {mandate.Currency} that the mandate allows for one.",
            MandateReason.PerOrder => $"{comes}, the mandate allows {decision.Limit} an order.",
            MandateReason.MaxOrders => $"The mandate allows {decision.Limit} orders, and there were as many.",
            MandateReason.Period => $"{comes}, {Rest(decision)} of the mandate's {decision.Limit} every {mandate.Limits!.Period!.Every} remain"
                + (decision.Until is { } end ? $" until {end:O}." : "."),
            _ => $"{comes}, {Rest(decision)} of the mandate's {decision.Limit} remain.",
        };
    }

    // A token may cap a mandate below what others have spent of it.
    private static long Rest(MandateDecision decision) => Math.Max(0, decision.Remaining ?? 0);
}
