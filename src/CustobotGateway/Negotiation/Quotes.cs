using System.Security.Cryptography;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Identity;
using Dapper;
using Npgsql;

namespace CustobotGateway.Negotiation;

/// <summary>What a quote promises, for the checkout that redeems it.</summary>
/// <param name="Id">The quote.</param>
/// <param name="Product">The product's number.</param>
/// <param name="Quantity">How many.</param>
/// <param name="ListPrice">The price of one before bargaining.</param>
/// <param name="UnitPrice">The agreed price of one.</param>
/// <param name="ExpiresAt">Until when it binds.</param>
/// <param name="RedeemedBy">The order that redeemed it, or null.</param>
public sealed record BindingQuote(string Id, long Product, int Quantity, Money ListPrice, Money UnitPrice, DateTimeOffset ExpiresAt, string? RedeemedBy);

/// <summary>Makes quotes and redeems them, inside the caller's transaction.</summary>
public static class Quotes
{
    private const string Columns = "id, product, quantity, list_price, unit_price, currency, expires_at, redeemed_by, voided_at";

    /// <summary>The quote of that grant that can be redeemed now, or the refusal.</summary>
    public static async Task<Outcome<BindingQuote>> FindAsync(
        NpgsqlTransaction transaction, string id, AgentPrincipal agent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        var row = await transaction.Connection!
            .QuerySingleOrDefaultAsync<(string? Id, long Product, int Quantity, long List, long Price, string Currency, DateTime ExpiresAt, string? RedeemedBy, DateTime? VoidedAt)>(
                new CommandDefinition($"select {Columns} from negotiation.quotes where id = @id and grant_id = @GrantId for update",
                    new { id, agent.GrantId }, transaction, cancellationToken: cancellationToken));
        if (row.Id is null)
        {
            return CommonProblems.NotFound.With($"There is no quote {id} of yours.");
        }
        if (row.RedeemedBy is not null)
        {
            return NegotiationProblems.QuoteRedeemed.With($"The quote was redeemed by the order {row.RedeemedBy}.");
        }
        if (row.VoidedAt is not null)
        {
            return IdentityProblems.GrantRevoked.With("The grant has ended, and the quote with it.", remedy: IdentityProblems.AskPerson);
        }
        return now >= new DateTimeOffset(row.ExpiresAt)
            ? NegotiationProblems.QuoteExpired.With($"The quote bound the merchant until {row.ExpiresAt:O}. Open another negotiation.")
            : new BindingQuote(row.Id, row.Product, row.Quantity, new Money(row.List, row.Currency), new Money(row.Price, row.Currency),
                new DateTimeOffset(row.ExpiresAt), null);
    }

    /// <summary>Uses the quote for an order; <see cref="FindAsync"/> has locked it in this transaction.</summary>
    public static Task RedeemAsync(NpgsqlTransaction transaction, string id, string order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update negotiation.quotes set redeemed_by = @order where id = @id", new { id, order }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>The negotiation that a quote came from, whose id is its stream; null if there is none.</summary>
    public static Task<string?> NegotiationOfAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select negotiation_id from negotiation.quotes where id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>Both sides agreed: makes the quote and closes the negotiation, whose row is locked.</summary>
    internal static async Task<NegotiationView> AgreeAsync(
        NpgsqlTransaction transaction, NegotiationRow negotiation, AgentPrincipal agent, NegotiationOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = agent.NowBy(clock);
        var agreed = negotiation with { State = "agreed", QuoteId = Ids.New("quo", clock) };
        var quote = new Quote(agreed.QuoteId, [agreed.Item], agreed.Terms, new Money(agreed.OfferPrice * agreed.Quantity, agreed.Currency),
            HashOf(agreed), now + options.QuoteValidity);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into negotiation.quotes (id, negotiation_id, grant_id, product, quantity, unit_price, list_price, currency, terms_hash, expires_at)
            values (@QuoteId, @Id, @GrantId, @Product, @Quantity, @OfferPrice, @ListPrice, @Currency, @TermsHash, @ExpiresAt);
            update negotiation.negotiations set state = 'agreed', round = @Round, quote_id = @QuoteId where id = @Id
            """,
            new
            {
                agreed.QuoteId,
                agreed.Id,
                agreed.GrantId,
                agreed.Product,
                agreed.Quantity,
                agreed.OfferPrice,
                agreed.ListPrice,
                agreed.Currency,
                quote.TermsHash,
                quote.ExpiresAt,
                agreed.Round,
            }, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, agreed.Id, agent.ClientId!, now,
            new NegotiationAgreed(agreed.OfferId, quote.Id, agreed.Terms, quote.ExpiresAt), cancellationToken);
        return agreed.ToView(options, now, quote);
    }

    internal static async Task<Quote?> OfAsync(NpgsqlConnection connection, NegotiationRow negotiation, CancellationToken cancellationToken) =>
        negotiation.QuoteId is null
            ? null
            : new Quote(negotiation.QuoteId, [negotiation.Item], negotiation.Terms, new Money(negotiation.OfferPrice * negotiation.Quantity, negotiation.Currency),
                HashOf(negotiation), new DateTimeOffset(await connection.QuerySingleAsync<DateTime>(new CommandDefinition(
                    "select expires_at from negotiation.quotes where id = @QuoteId", new { negotiation.QuoteId }, cancellationToken: cancellationToken))));

    private static string HashOf(NegotiationRow negotiation) => Convert.ToHexStringLower(SHA256.HashData(
        CanonicalJson.Of(new { Items = new[] { negotiation.Item }, negotiation.Terms, negotiation.Currency })));
}
