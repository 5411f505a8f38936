using CustobotGateway.Common;

namespace CustobotGateway.Negotiation;

/// <summary>A product and how many of it.</summary>
/// <param name="ProductId"><c>prd_…</c></param>
/// <param name="Quantity">1 to 10,000.</param>
public sealed record NegotiationItem(string ProductId, int Quantity);

/// <summary>One value for every issue that is bargained about.</summary>
/// <param name="UnitPrice">The price of one, in whole minor units of the negotiation's currency.</param>
public sealed record Terms(long UnitPrice);

/// <summary>Where a negotiation stands.</summary>
public enum NegotiationState
{
    /// <summary>Opened without an offer: our list price stands.</summary>
    Open,

    /// <summary>We answered an offer with one of our own.</summary>
    Countered,

    /// <summary>Both sides agreed; the quote binds.</summary>
    Agreed,

    /// <summary>We ended it without an agreement.</summary>
    Ended,

    /// <summary>The deadline passed without an agreement.</summary>
    Expired,
}

/// <summary>Who made an offer, or whose move it is.</summary>
public enum NegotiationSide
{
    /// <summary>The agent that opened the negotiation.</summary>
    Buyer,

    /// <summary>The merchant.</summary>
    Seller,
}

/// <summary>Why the negotiation stands as it does.</summary>
public enum NegotiationReason
{
    /// <summary>Nothing was offered yet; the list price stands.</summary>
    ListPrice,

    /// <summary>We moved towards the buyer's offer.</summary>
    CounterOffer,

    /// <summary>We will not move further; the offer stands until the deadline.</summary>
    FinalOffer,

    /// <summary>Both sides agreed.</summary>
    Agreed,

    /// <summary>The last round is over.</summary>
    RoundsUsed,

    /// <summary>The deadline passed.</summary>
    DeadlinePassed,

    /// <summary>The grant under which the buyer bargained has ended.</summary>
    GrantRevoked,
}

/// <summary>The offer that can be accepted now.</summary>
/// <param name="OfferId"><c>off_…</c>, to be named in the acceptance.</param>
/// <param name="By">Who made it.</param>
/// <param name="Round">The round in which it was made, to be named in the acceptance.</param>
/// <param name="Terms">What is offered.</param>
public sealed record StandingOffer(string OfferId, NegotiationSide By, int Round, Terms Terms);

/// <summary>Agreed terms that bind the merchant.</summary>
/// <param name="Id"><c>quo_…</c>, to be redeemed by one checkout session.</param>
/// <param name="Items">What it is for.</param>
/// <param name="Terms">What was agreed.</param>
/// <param name="Total">What all items come to.</param>
/// <param name="TermsHash">SHA-256, lower-case hex, of the canonical JSON of items, terms and currency.</param>
/// <param name="ExpiresAt">Until when it binds.</param>
public sealed record Quote(string Id, IReadOnlyList<NegotiationItem> Items, Terms Terms, Money Total, string TermsHash, DateTimeOffset ExpiresAt);

/// <summary>A negotiation as its buyer sees it: never with our limits.</summary>
/// <param name="Id"><c>neg_…</c></param>
/// <param name="State">Where it stands.</param>
/// <param name="Turn">Whose move it is; null when it is over.</param>
/// <param name="Round">How many offers the buyer has made.</param>
/// <param name="MaxRounds">How many it may make.</param>
/// <param name="Deadline">Until when offers stand.</param>
/// <param name="Currency">ISO 4217 code of all amounts.</param>
/// <param name="Items">What it is about.</param>
/// <param name="MayMove">The issues on which we may still move.</param>
/// <param name="Reason">Why it stands as it does.</param>
/// <param name="StandingOffer">The offer that can be accepted; null when it is over.</param>
/// <param name="Quote">The quote, once agreed.</param>
public sealed record NegotiationView(
    string Id, NegotiationState State, NegotiationSide? Turn, int Round, int MaxRounds, DateTimeOffset Deadline, string Currency,
    IReadOnlyList<NegotiationItem> Items, IReadOnlyList<string> MayMove, NegotiationReason Reason, StandingOffer? StandingOffer, Quote? Quote);
