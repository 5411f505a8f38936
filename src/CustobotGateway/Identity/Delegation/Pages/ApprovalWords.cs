using CustobotGateway.Common.Pages;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>How an approval stands, as its person reads it.</summary>
internal static class ApprovalWords
{
    /// <summary>In a word or two.</summary>
    public static string State(Approval approval) => approval.State switch
    {
        ApprovalState.Pending => "Waits for you",
        ApprovalState.Approved => "You agreed",
        ApprovalState.Denied => "You refused",
        ApprovalState.Used => "Bought",
        ApprovalState.Void => "Does not count any more",
        _ => "Too late",
    };

    /// <summary>How the mark looks.</summary>
    public static string Class(Approval approval) => approval.State switch
    {
        ApprovalState.Pending => "open",
        ApprovalState.Approved or ApprovalState.Used => "agreed",
        ApprovalState.Denied => "ended",
        _ => "",
    };

    /// <summary>In a sentence; null while it waits.</summary>
    public static string? Story(Approval approval, TimeZoneInfo zone) => approval.State switch
    {
        ApprovalState.Approved => $"You agreed on {Decided(approval, zone)}. The agent can buy exactly this, once, until {Written.Moment(approval.ExpiresAt, zone)}.",
        ApprovalState.Denied => $"You refused on {Decided(approval, zone)}. The agent cannot buy this.",
        ApprovalState.Used => "You agreed, and the agent has bought it. It cannot buy it again with this.",
        ApprovalState.Expired => $"Its time was over on {Written.Moment(approval.ExpiresAt, zone)}. The agent can ask again.",
        ApprovalState.Void => approval.VoidedFor switch
        {
            "offer_changed" => "The agent changed the offer since. What it wants to buy now waits for a decision of its own.",
            "grant_revoked" => "The access of the agent was ended, and this with it.",
            _ => "The purchase was given up, and this with it.",
        },
        _ => null,
    };

    private static string Decided(Approval approval, TimeZoneInfo zone) => approval.DecidedAt is { } at ? Written.Moment(at, zone) : "an earlier day";
}
