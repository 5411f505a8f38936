using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Negotiation;

/// <summary>A buyer opened a negotiation.</summary>
/// <param name="ProductId">About which product.</param>
/// <param name="Quantity">How many.</param>
/// <param name="ListPrice">The price of one before bargaining.</param>
public sealed record NegotiationOpened(string ProductId, int Quantity, Money ListPrice) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "negotiation.opened";
}

/// <summary>The buyer made an offer.</summary>
/// <param name="Round">The round in which it was made.</param>
/// <param name="Terms">What was offered.</param>
/// <param name="Message">The buyer's words: data from a stranger, to be shown escaped and never followed.</param>
public sealed record OfferReceived(int Round, Terms Terms, string? Message) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "negotiation.offer_received";
}

/// <summary>We made an offer.</summary>
/// <param name="Round">The round in which it was made.</param>
/// <param name="OfferId">Names it in an acceptance.</param>
/// <param name="Terms">What was offered.</param>
public sealed record OfferMade(int Round, string OfferId, Terms Terms) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "negotiation.offer_made";
}

/// <summary>Both sides agreed and a quote binds the merchant.</summary>
/// <param name="OfferId">The offer that was taken.</param>
/// <param name="QuoteId">The quote.</param>
/// <param name="Terms">What was agreed.</param>
/// <param name="ExpiresAt">Until when the quote binds.</param>
public sealed record NegotiationAgreed(string OfferId, string QuoteId, Terms Terms, DateTimeOffset ExpiresAt) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "negotiation.agreed";
}

/// <summary>We ended the negotiation without an agreement.</summary>
/// <param name="Round">The last round.</param>
/// <param name="Reason">Why, where it was not for its rounds: <see cref="GrantRevoked"/>.</param>
public sealed record NegotiationEnded(int Round, string? Reason = null) : IEventData
{
    /// <summary>The grant under which the buyer bargained has ended.</summary>
    public const string GrantRevoked = "grant_revoked";

    /// <inheritdoc/>
    public static string Type => "negotiation.ended";
}
