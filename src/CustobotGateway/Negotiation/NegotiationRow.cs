using CustobotGateway.Common;
using CustobotGateway.Identity;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Negotiation;

/// <summary>The stored state of a negotiation, with what only staff may know.</summary>
internal sealed record NegotiationRow(
    string Id, string GrantId, string ClientId, string Person, long Product, string ProductName, int Quantity, string Currency, string State, int Round,
    long ListPrice, long FloorPrice, string OfferId, long OfferPrice, DateTime Deadline, DateTime CreatedAt, string? QuoteId, string? EndedFor = null)
{
    // Aliases without underscores, since Dapper matches constructor parameters by name.
    internal const string Columns = """
        id, grant_id as grantid, client_id as clientid, person, product, product_name as productname, quantity, currency, state, round,
        list_price as listprice, floor_price as floorprice, offer_id as offerid, offer_price as offerprice, deadline, created_at as createdat, quote_id as quoteid, ended_for as endedfor
        """;

    public Terms Terms => new(OfferPrice);

    public NegotiationItem Item => new(Ids.FromNumber("prd", Product), Quantity);

    public NegotiationState StateAt(DateTimeOffset now) => State switch
    {
        "agreed" => NegotiationState.Agreed,
        "ended" => NegotiationState.Ended,
        _ when now >= new DateTimeOffset(Deadline) => NegotiationState.Expired,
        "open" => NegotiationState.Open,
        _ => NegotiationState.Countered,
    };

    public NegotiationView ToView(NegotiationOptions options, DateTimeOffset now, Quote? quote)
    {
        var state = StateAt(now);
        var live = state is NegotiationState.Open or NegotiationState.Countered;
        var movable = live && OfferPrice > FloorPrice && Round < options.MaxRounds;
        return new NegotiationView(
            Id, state, live ? NegotiationSide.Buyer : null, Round, options.MaxRounds, new DateTimeOffset(Deadline), Currency, [Item],
            movable ? ["unit_price"] : [],
            state switch
            {
                NegotiationState.Agreed => NegotiationReason.Agreed,
                NegotiationState.Ended => EndedFor is null ? NegotiationReason.RoundsUsed : NegotiationReason.GrantRevoked,
                NegotiationState.Expired => NegotiationReason.DeadlinePassed,
                NegotiationState.Open => NegotiationReason.ListPrice,
                _ => movable ? NegotiationReason.CounterOffer : NegotiationReason.FinalOffer,
            },
            live ? new StandingOffer(OfferId, NegotiationSide.Seller, Round, Terms) : null, quote);
    }

    public static Task<NegotiationRow?> FindAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<NegotiationRow?>(new CommandDefinition(
            $"select {Columns} from negotiation.negotiations where id = @id", new { id }, cancellationToken: cancellationToken));

    /// <summary>
    /// Locks the negotiation's own row for a move by its buyer: locking only its last offer would let a later one slip in.
    /// A negotiation of somebody else is one that does not exist.
    /// </summary>
    public static async Task<Outcome<NegotiationRow>> LockAsync(
        NpgsqlTransaction transaction, string id, AgentPrincipal agent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<NegotiationRow?>(new CommandDefinition(
            $"select {Columns} from negotiation.negotiations where id = @id and grant_id = @GrantId for update",
            new { id, agent.GrantId }, transaction, cancellationToken: cancellationToken));
        return row?.StateAt(now) switch
        {
            null => CommonProblems.NotFound.With($"There is no negotiation {id} of yours."),
            NegotiationState.Open or NegotiationState.Countered => await GrantGate.RefusalAsync(transaction, agent, now, cancellationToken) is { } refusal ? refusal : row,
            NegotiationState.Ended when row.EndedFor is not null => IdentityProblems.GrantRevoked.With("The grant has ended, and the negotiation with it.", remedy: IdentityProblems.AskPerson),
            NegotiationState.Expired => NegotiationProblems.NegotiationExpired.With($"The deadline was {row.Deadline:O}. Open another negotiation."),
            var state => NegotiationProblems.NegotiationClosed.With($"The negotiation is {state.ToString()!.ToLowerInvariant()}."),
        };
    }
}
