using CustobotGateway.Common;

namespace CustobotGateway.Identity;

/// <summary>The refusals of delegation.</summary>
public static class IdentityProblems
{
    /// <summary>The caller holds no mandate at all.</summary>
    public static readonly ProblemType MandateRequired = new("mandate_required", 403, "A mandate is required",
        "Bargaining and buying is done by an agent with a grant that holds a purchase mandate; the administrator's token holds none.");

    /// <summary>The mandate does not cover what was asked.</summary>
    public static readonly ProblemType MandateExceeded = new("mandate_exceeded", 403, "The mandate does not cover this",
        "The order is over a limit of the mandate, in another currency, or outside its time. The detail names the limit and what remains.");

    /// <summary>The person set a limit that the ledger does not hold.</summary>
    public static readonly ProblemType MandateNotEnforced = new("mandate_not_enforced", 403, "The mandate has a limit that is not enforced",
        "The person limited the mandate in a way that this gateway does not hold yet, so nothing is bought under it. The detail names the limit.");

    /// <summary>The grant was revoked while the request was under way.</summary>
    public static readonly ProblemType GrantRevoked = new("grant_revoked", 403, "The grant was revoked",
        "The person or the merchant ended the delegation. Nothing more can be bought with it.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [MandateRequired, MandateExceeded, MandateNotEnforced, GrantRevoked];

    internal static readonly Remedy AskPerson = new("Ask the person who delegated for a wider mandate, or change the order.");
}
