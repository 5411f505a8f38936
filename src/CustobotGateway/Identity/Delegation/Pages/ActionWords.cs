using CustobotGateway.Common.Pages;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>What happened under a grant, as its person reads it.</summary>
internal static class ActionWords
{
    /// <summary>Who did it.</summary>
    public static string Who(GrantAction action, GrantView grant) =>
        action.Actor == grant.Person ? "You" : action.Actor == grant.Client.Id ? grant.Client.Name : action.Actor.StartsWith("usr_", StringComparison.Ordinal) ? "Staff of the shop" : action.Actor;

    /// <summary>What was done.</summary>
    public static string What(GrantAction action)
    {
        var amount = action.Amount is { } money ? Written.Amount(money) : "an amount";
        return action.Type switch
        {
            "grant.given" or "grant.issued" => "gave the access",
            "grant.held" => $"reserved {amount} for an order",
            "grant.spent" => $"paid {amount}",
            "grant.released" => $"gave {amount} free again, nothing was paid",
            "grant.refunded" => $"got {amount} back",
            "grant.paused" => "paused it",
            "grant.resumed" => "let it go on",
            "grant.revoked" => "ended it",
            "grant.preferences_set" => "changed the preferences",
            "approval.asked" => $"asked to buy for {amount}",
            "approval.approved" => $"agreed to buy for {amount}",
            "approval.denied" => $"refused to buy for {amount}",
            "approval.used" => $"used the agreement to buy for {amount}",
            "approval.void" => "what was asked does not count any more",
            // A later version writes down what this one does not know.
            var other => other,
        };
    }
}
