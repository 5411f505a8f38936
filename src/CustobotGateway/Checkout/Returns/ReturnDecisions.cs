using System.Globalization;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Why goods come back.</summary>
public enum ReturnReason
{
    /// <summary>It is not wanted any more; no reason is needed.</summary>
    Unwanted,

    /// <summary>It does not fit or suit.</summary>
    DoesNotFit,

    /// <summary>It arrived late.</summary>
    ArrivedLate,

    /// <summary>It arrived damaged.</summary>
    Damaged,

    /// <summary>It does not work.</summary>
    Defective,

    /// <summary>It is not what was ordered.</summary>
    WrongItem,

    /// <summary>It is not as it was described.</summary>
    NotAsDescribed,

    /// <summary>Something else: staff looks at it, and the comment tells.</summary>
    Other,
}

/// <summary>What the policy says to a return.</summary>
public enum ReturnVerdict
{
    /// <summary>Goods may be sent back.</summary>
    Eligible,

    /// <summary>They may not.</summary>
    Refused,

    /// <summary>Staff decides.</summary>
    NeedsStaff,
}

/// <summary>One reason of a decision.</summary>
/// <param name="Code">A stable word: <c>within_window</c>, <c>window_passed</c>, <c>category_excluded</c>, <c>final_sale</c>, <c>not_delivered</c>, <c>merchant_fault</c>, <c>restocking_fee</c>, <c>amount_needs_staff</c>, <c>reason_needs_staff</c>, <c>staff</c>.</param>
/// <param name="Text">In words.</param>
/// <param name="LineId">The line that it is about; null for the whole.</param>
public sealed record DecisionReason(string Code, string Text, string? LineId = null);

/// <summary>What was decided about a return, and why.</summary>
/// <param name="Verdict">What.</param>
/// <param name="Reasons">Why, each with the line that it is about.</param>
/// <param name="RestockingFee">What is kept of the price, in minor units.</param>
/// <param name="ShippingPaidBy">Who pays for sending it back.</param>
/// <param name="DecidedBy"><c>policy</c>, or who of the staff.</param>
public sealed record ReturnDecision(ReturnVerdict Verdict, IReadOnlyList<DecisionReason> Reasons, long RestockingFee, ReturnPayer ShippingPaidBy, string DecidedBy);

/// <summary>Pieces that may come back, with what the decision needs to know of them.</summary>
/// <param name="LineId">The line.</param>
/// <param name="ProductId"><c>prd_…</c></param>
/// <param name="Category">The product's category, or null.</param>
/// <param name="DeliveredAt">When the last of the line arrived; null if none did.</param>
/// <param name="Worth">What was paid for the pieces, in minor units.</param>
internal sealed record ReturnCandidate(string LineId, string ProductId, string? Category, DateTimeOffset? DeliveredAt, long Worth);

/// <summary>Decides returns by the merchant's policy: the same goods, reason, policy and time always come to the same.</summary>
internal static class ReturnDecisions
{
    /// <summary>Whether the merchant has to answer for the reason: no fee then, no category is left out, and it pays for sending.</summary>
    public static bool IsFault(ReturnReason reason) => reason is ReturnReason.Damaged or ReturnReason.Defective or ReturnReason.WrongItem or ReturnReason.NotAsDescribed;

    /// <summary>Days after delivery.</summary>
    public static int WindowDays(ReturnPolicy policy, string? category, bool isFault) =>
        isFault && policy.FaultWindowDays is { } days ? days
        : category is not null && policy.WindowDaysByCategory.TryGetValue(category, out var own) ? own
        : policy.WindowDays;

    /// <summary>What the policy says.</summary>
    public static ReturnDecision Decide(ReturnPolicy policy, ReturnReason reason, IReadOnlyList<ReturnCandidate> pieces, DateTimeOffset now)
    {
        var isFault = IsFault(reason);
        var reasons = new List<DecisionReason>();
        var isRefused = false;
        foreach (var piece in pieces)
        {
            var found = Look(policy, isFault, piece, now);
            reasons.Add(found);
            isRefused |= found.Code is not ("within_window" or "merchant_fault");
        }
        var worth = pieces.Sum(piece => piece.Worth);
        var fee = isFault ? 0 : FeeOf(policy, worth);
        if (fee > 0 && !isRefused)
        {
            reasons.Add(new("restocking_fee", $"{policy.RestockingFeePercent} % of the price is kept."));
        }
        var verdict = isRefused ? ReturnVerdict.Refused : ReturnVerdict.Eligible;
        if (!isRefused && reason == ReturnReason.Other)
        {
            verdict = ReturnVerdict.NeedsStaff;
            reasons.Add(new("reason_needs_staff", "A reason that is none of the known ones is looked at by staff."));
        }
        if (!isRefused && policy.StaffAbove is { } most && worth - fee > most)
        {
            verdict = ReturnVerdict.NeedsStaff;
            reasons.Add(new("amount_needs_staff", "A refund of this size is looked at by staff."));
        }
        return new ReturnDecision(verdict, reasons, isRefused ? 0 : fee, isFault ? ReturnPayer.Merchant : policy.ShippingPaidBy, "policy");
    }

    /// <summary>What is kept of a price. Halves of a minor unit are rounded away from zero.</summary>
    public static long FeeOf(ReturnPolicy policy, long worth) => (long)Math.Round((decimal)worth * policy.RestockingFeePercent / 100, MidpointRounding.AwayFromZero);

    private static DecisionReason Look(ReturnPolicy policy, bool isFault, ReturnCandidate piece, DateTimeOffset now)
    {
        if (piece.DeliveredAt is not { } delivered)
        {
            return new("not_delivered", "It has not arrived yet.", piece.LineId);
        }
        var days = WindowDays(policy, piece.Category, isFault);
        if (!isFault && policy.FinalSale.Contains(piece.ProductId))
        {
            return new("final_sale", "It was sold for good: it comes back only if something is wrong with it.", piece.LineId);
        }
        if (!isFault && piece.Category is not null && policy.ExcludedCategories.Contains(piece.Category))
        {
            return new("category_excluded", $"Goods of the category {piece.Category} come back only if something is wrong with them.", piece.LineId);
        }
        var until = delivered.AddDays(days);
        return now > until ? new("window_passed", $"It could be sent back until {Day(until)}, {days} days after it arrived.", piece.LineId)
            : isFault ? new("merchant_fault", "The merchant answers for that: no fee is kept, and sending it back is paid.", piece.LineId)
            : new("within_window", $"It arrived on {Day(delivered)} and can be sent back until {Day(until)}.", piece.LineId);
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
