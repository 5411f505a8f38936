using CustobotGateway.Common;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Budget that is held for an order until it is paid, released, or the hold expires.</summary>
/// <param name="Reservation">What it is held for.</param>
/// <param name="MandateId">The mandate that it is held under.</param>
/// <param name="Amount">How much.</param>
/// <param name="ExpiresAt">From then on it is held no more.</param>
/// <param name="ApprovalId">The approval that was used for it; null where none was needed.</param>
public sealed record HeldBudget(string Reservation, string MandateId, Money Amount, DateTimeOffset ExpiresAt, string? ApprovalId = null);

/// <summary>What asking for budget came to: one of the three.</summary>
/// <param name="Held">It is held.</param>
/// <param name="Waiting">The purchase waits for the person.</param>
/// <param name="Refusal">The mandate does not cover it.</param>
public sealed record Authorisation(HeldBudget? Held, Approval? Waiting, Problem? Refusal)
{
    /// <summary>It is held.</summary>
    public static implicit operator Authorisation(HeldBudget held) => new(held, null, null);

    /// <summary>It waits.</summary>
    public static implicit operator Authorisation(Approval waiting) => new(null, waiting, null);

    /// <summary>It is refused.</summary>
    public static implicit operator Authorisation(Problem refusal) => new(null, null, refusal);
}
