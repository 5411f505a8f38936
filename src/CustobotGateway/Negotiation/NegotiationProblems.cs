using CustobotGateway.Common;

namespace CustobotGateway.Negotiation;

/// <summary>The refusals of bargaining.</summary>
public static class NegotiationProblems
{
    /// <summary>There is nothing to bargain about.</summary>
    public static readonly ProblemType NotNegotiable = new("not_negotiable", 422, "The price of this product is not negotiable",
        "The product is not sold, has no price, or its price is fixed. It may still be bought as it is through a checkout session.");

    /// <summary>The offer that was answered is no longer the one that stands.</summary>
    public static readonly ProblemType OfferSuperseded = new("offer_superseded", 409, "Another offer stands now",
        "The round or the offer id is not the one that stands: read the negotiation again and decide on the offer that it shows.");

    /// <summary>The negotiation's time is over.</summary>
    public static readonly ProblemType NegotiationExpired = new("negotiation_expired", 409, "The negotiation has expired",
        "Its deadline has passed and its offers stand no longer: open another one.");

    /// <summary>The negotiation is over.</summary>
    public static readonly ProblemType NegotiationClosed = new("negotiation_closed", 409, "The negotiation is over",
        "It was agreed or ended; no further offer or acceptance is taken.");

    /// <summary>The quote's time is over.</summary>
    public static readonly ProblemType QuoteExpired = new("quote_expired", 409, "The quote has expired",
        "It bound the merchant until expires_at. Open another negotiation.");

    /// <summary>The quote was used.</summary>
    public static readonly ProblemType QuoteRedeemed = new("quote_redeemed", 409, "The quote was redeemed already",
        "A quote is redeemed by one order.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All =
        [NotNegotiable, OfferSuperseded, NegotiationExpired, NegotiationClosed, QuoteExpired, QuoteRedeemed];
}
