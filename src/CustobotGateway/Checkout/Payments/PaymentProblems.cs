using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Payments;

/// <summary>The refusals of paying.</summary>
public static class PaymentProblems
{
    /// <summary>A card that is no test card.</summary>
    public static readonly ProblemType NotATestCard = new("not_a_test_card", 422, "The number is not that of a test card",
        "The sandbox takes the published test numbers, which belong to nobody, such as 4242 4242 4242 4242. Nothing of what was sent is kept.");

    /// <summary>A webhook that the provider did not send.</summary>
    public static readonly ProblemType WebhookSignature = new("webhook_signature_invalid", 400, "The webhook's signature does not hold",
        "The signature is missing, older or newer than five minutes, or not made with the secret that was set up here.");

    /// <summary>An invoice that is paid.</summary>
    public static readonly ProblemType InvoicePaid = new("invoice_paid", 409, "The invoice is paid already",
        "It was recorded as paid before; the detail says when.");

    /// <summary>A token that was used.</summary>
    public static readonly ProblemType PaymentTokenUsed = new("payment_token_used", 409, "The payment token was used",
        "It has paid, or is paying just now. What it paid is given back by a refund.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [NotATestCard, WebhookSignature, InvoicePaid, PaymentTokenUsed];
}
