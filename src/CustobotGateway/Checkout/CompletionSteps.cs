using System.Diagnostics;

namespace CustobotGateway.Checkout;

/// <summary>
/// Tells whoever listens how far completing a session, or giving money back, has come, by name: the diagnostic source <c>CustobotGateway.Checkout</c>. Nobody does in service, and then a step
/// costs one comparison; rehearsals of failures stop the process at a step.
/// </summary>
internal static class CompletionSteps
{
    /// <summary>The source's name.</summary>
    public const string Source = "CustobotGateway.Checkout";

    /// <summary>The steps in their order.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        BeforeHold, BudgetHeld, StockHeld, PaymentNoted, HoldCommitted, BeforeAuthorise, Authorised, QuoteRedeemed, BudgetSpent, StockTaken, OrderPlaced, OrderCommitted, BeforeCapture, Captured,
        CaptureNoted,
    ];

    /// <summary>The steps of giving money back, in their order.</summary>
    public static readonly IReadOnlyList<string> OfRefund = [RefundClaimed, RefundAnswered];

    public const string BeforeHold = "before_hold";
    public const string BudgetHeld = "budget_held";
    public const string StockHeld = "stock_held";
    public const string PaymentNoted = "payment_noted";
    public const string HoldCommitted = "hold_committed";
    public const string BeforeAuthorise = "before_authorise";
    public const string Authorised = "authorised";
    public const string QuoteRedeemed = "quote_redeemed";
    public const string BudgetSpent = "budget_spent";
    public const string StockTaken = "stock_taken";
    public const string OrderPlaced = "order_placed";
    public const string OrderCommitted = "order_committed";
    public const string BeforeCapture = "before_capture";
    public const string Captured = "captured";
    public const string CaptureNoted = "capture_noted";
    public const string RefundClaimed = "refund_claimed";
    public const string RefundAnswered = "refund_answered";

    private static readonly DiagnosticListener Listener = new(Source);

    /// <summary>The step is reached.</summary>
    public static void Reached(string step, string session)
    {
        if (Listener.IsEnabled())
        {
            Listener.Write(step, session);
        }
    }
}
