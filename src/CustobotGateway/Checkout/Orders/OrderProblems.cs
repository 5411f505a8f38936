using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Orders;

/// <summary>The refusals about what was ordered.</summary>
public static class OrderProblems
{
    /// <summary>The order has no such line.</summary>
    public static readonly ProblemType LineUnknown = new("order_line_unknown", 422, "The order has no such line",
        "line_items names lines by their ids in the order: li_1, li_2. Read the order for them.");

    /// <summary>More than is left.</summary>
    public static readonly ProblemType QuantityUnavailable = new("quantity_unavailable", 409, "So many are not left",
        "Pieces that were shipped, canceled, returned or refunded before cannot be again. The errors say how many are left of each line.");

    /// <summary>No more of these on one order.</summary>
    public static readonly ProblemType TooManyActs = new("too_many_acts", 409, "The order has as many of these as it can hold",
        "Shipments, cancellations, refunds, returns and cases of one order are limited in number. Put more pieces into one.");

    /// <summary>Nothing more happens to it.</summary>
    public static readonly ProblemType ShipmentClosed = new("shipment_closed", 409, "The shipment has ended",
        "It was delivered, came back or was canceled. What happens to its pieces now is another shipment or a return.");

    /// <summary>Too late to cancel.</summary>
    public static readonly ProblemType CancellationRefused = new("cancellation_refused", 409, "The order cannot be canceled by its agent any more",
        "An agent cancels while nothing has shipped and the merchant's policy allows it. Return what arrives, or open a case.");

    /// <summary>The payment is in between.</summary>
    public static readonly ProblemType PaymentUnsettled = new("payment_unsettled", 409, "The payment is not settled yet",
        "The provider has not said what became of the payment: nothing can be given back of it just now. Repeat the request after Retry-After.");

    /// <summary>More than was paid.</summary>
    public static readonly ProblemType RefundExceedsPayment = new("refund_exceeds_payment", 409, "The refund is more than is left of the payment",
        "All refunds of an order together are at most what was charged, those that are on their way included.");

    /// <summary>The id names another refund or shipment.</summary>
    public static readonly ProblemType ExternalIdReused = new("external_id_reused", 409, "The external id names something else",
        "external_id is unique within the order. The same id with the same content is answered with what it names; with another content it is refused.");

    /// <summary>The return is over, or not so far.</summary>
    public static readonly ProblemType ReturnClosed = new("return_closed", 409, "The return does not stand so",
        "A return is decided once and its goods are received once, after it was approved. Read it for where it stands.");

    /// <summary>The case is closed.</summary>
    public static readonly ProblemType CaseClosed = new("case_closed", 409, "The case is closed",
        "Nothing is added to a closed case. Open another for the same order.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All =
        [LineUnknown, QuantityUnavailable, TooManyActs, ShipmentClosed, CancellationRefused, PaymentUnsettled, RefundExceedsPayment, ExternalIdReused, ReturnClosed, CaseClosed];
}
