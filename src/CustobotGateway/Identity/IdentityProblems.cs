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

    /// <summary>What was held for an order was given back.</summary>
    public static readonly ProblemType HoldReleased = new("hold_released", 409, "The budget is not held any more",
        "What was held for the order was given back, or is less than the order comes to. Nothing was charged; complete the order again.");

    /// <summary>What is to be held for was paid.</summary>
    public static readonly ProblemType ReservationPaid = new("reservation_paid", 409, "It is paid already",
        "Budget was asked for an order that was paid under the same grant. Nothing was charged a second time.");

    /// <summary>The person paused the grant.</summary>
    public static readonly ProblemType GrantPaused = new("grant_paused", 403, "The grant is paused",
        "The person paused the delegation. Reading goes on; bargaining and buying wait until the person resumes it.");

    /// <summary>The grant was revoked while the request was under way.</summary>
    public static readonly ProblemType GrantRevoked = new("grant_revoked", 403, "The grant was revoked",
        "The person or the merchant ended the delegation. Nothing more can be bought with it.");

    /// <summary>A grant that has ended cannot be paused or changed.</summary>
    public static readonly ProblemType GrantEnded = new("grant_ended", 409, "The grant has ended",
        "It was revoked or its time is over. Nothing of it can be changed any more; the person grants anew.");

    /// <summary>The person refused this offer.</summary>
    public static readonly ProblemType ApprovalDenied = new("approval_denied", 403, "The person refused this purchase",
        "The person was asked about exactly this offer and refused it. Another offer is another question.");

    /// <summary>An approval is decided once.</summary>
    public static readonly ProblemType ApprovalDecided = new("approval_decided", 409, "The approval was decided before",
        "A decision is made once. What is approved is bought once; what is denied stays denied.");

    /// <summary>The approval counts no more.</summary>
    public static readonly ProblemType ApprovalVoid = new("approval_void", 409, "The approval is void",
        "The offer changed, or the grant or the session ended. If the agent still wants to buy, it asks anew.");

    /// <summary>The approval was not decided in time.</summary>
    public static readonly ProblemType ApprovalExpired = new("approval_expired", 409, "The approval has expired",
        "It waited too long. The agent asks anew by repeating the purchase.");

    /// <summary>Preferences are held with a grant.</summary>
    public static readonly ProblemType GrantRequired = new("grant_required", 422, "A grant is required",
        "Preferences are held with a grant: only an agent with a token of a grant can have them applied.");

    /// <summary>The catalogue has no such thing to prefer.</summary>
    public static readonly ProblemType PreferenceUnknown = new("preference_unknown", 422, "The catalogue knows no such preference",
        "An attribute is not in the registry or cannot be searched by, a value is of the wrong type, or a direction makes no sense for it. errors names each by its pointer.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [MandateRequired, MandateExceeded, HoldReleased, ReservationPaid, GrantPaused, GrantRevoked, GrantEnded, ApprovalDenied, ApprovalDecided, ApprovalVoid, ApprovalExpired, GrantRequired, PreferenceUnknown];

    internal static readonly Remedy AskToResume = new("Ask the person who delegated to resume the grant.");

    internal static readonly Remedy AskPerson = new("Ask the person who delegated for a wider mandate, or change the order.");
}
