using CustobotGateway.Common;

namespace CustobotGateway.Checkout;

/// <summary>The refusals of buying.</summary>
public static class CheckoutProblems
{
    /// <summary>The product has no price.</summary>
    public static readonly ProblemType NotBuyable = new("not_buyable", 422, "The product cannot be bought",
        "The product has no price. It can be searched and compared, but not bought.");

    /// <summary>Prices of several currencies in one session.</summary>
    public static readonly ProblemType CurrencyMismatch = new("currency_mismatch", 422, "The products are priced in different currencies",
        "A checkout session has one currency: open one session for each.");

    /// <summary>There is not enough of it.</summary>
    public static readonly ProblemType OutOfStock = new("out_of_stock", 409, "There is not enough stock",
        "No location has the quantity. Nothing was charged and nothing was taken; ask for less, or for another product.");

    /// <summary>The product went away after the session was opened.</summary>
    public static readonly ProblemType ProductUnavailable = new("product_unavailable", 409, "A product is no longer sold",
        "A product of the session was withdrawn after it was opened. Nothing was charged; open another session.");

    /// <summary>The session's time is over.</summary>
    public static readonly ProblemType SessionExpired = new("session_expired", 409, "The checkout session has expired",
        "Its prices held until expires_at. Open another session; nothing was charged.");

    /// <summary>The session was completed.</summary>
    public static readonly ProblemType SessionCompleted = new("session_completed", 409, "The checkout session is completed already",
        "The session has become an order; the detail names it. Nothing was charged a second time.");

    /// <summary>The session was given up, or its grant ended.</summary>
    public static readonly ProblemType SessionCanceled = new("session_canceled", 409, "The checkout session was canceled",
        "It was canceled before it became an order. Open another session; nothing was charged.");

    /// <summary>Another request is paying it, or the payment's outcome is not known.</summary>
    public static readonly ProblemType PaymentInProgress = new("payment_in_progress", 409, "The payment is under way",
        "The provider has not answered yet, or its answer was lost. It is asked again until it is known what became of the payment; nothing is charged twice. Repeat the request after Retry-After.");

    /// <summary>Sums beyond what every reader of JSON reads exactly.</summary>
    public static readonly ProblemType TotalTooLarge = new("total_too_large", 422, "The sums are too large",
        "No sum of a session or a cart may be above 9,007,199,254,740,991 minor units. Ask for less, or divide the order.");

    /// <summary>What a quote says cannot be changed.</summary>
    public static readonly ProblemType QuoteFixed = new("quote_fixed", 422, "The quote says what is bought",
        "A session that redeems a quote keeps its product and quantity. Open another session for other products.");

    /// <summary>Others were faster.</summary>
    public static readonly ProblemType DiscountUsedUp = new("discount_used_up", 409, "A discount was used up meanwhile",
        "The discount may be used for a number of orders, and others took the last. Nothing was charged; update the session without it.");

    /// <summary>No provider of that name.</summary>
    public static readonly ProblemType PaymentHandlerUnknown = new("payment_handler_unknown", 422, "The payment handler is not known here",
        "payment.handler names a payment provider that this merchant does not use.");

    /// <summary>The provider refused the payment.</summary>
    public static readonly ProblemType PaymentDeclined = new("payment_declined", 422, "The payment was declined",
        "The provider refused the payment. Nothing was charged, taken or spent, and the session can be completed with another payment.");

    /// <summary>Something is missing.</summary>
    public static readonly ProblemType SessionIncomplete = new("session_incomplete", 409, "The checkout session lacks something",
        "Read the session: its messages say what is missing and where it belongs. Nothing was charged.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All =
        [
        NotBuyable, CurrencyMismatch, OutOfStock, ProductUnavailable, SessionExpired, SessionCompleted, SessionCanceled, PaymentInProgress, TotalTooLarge, QuoteFixed, DiscountUsedUp,
        PaymentHandlerUnknown, PaymentDeclined, SessionIncomplete,
    ];
}
