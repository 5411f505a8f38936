using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Negotiation;

/// <summary>The latest negotiations, for staff.</summary>
public static class ListNegotiations
{
    /// <summary>How many are listed.</summary>
    public const int Limit = 20;

    /// <summary>One negotiation with what only staff may know.</summary>
    /// <param name="Id">The negotiation.</param>
    /// <param name="ClientId">The buyer's agent.</param>
    /// <param name="Person">For whom it bargains.</param>
    /// <param name="Product">The product's name.</param>
    /// <param name="Quantity">How many.</param>
    /// <param name="State">Where it stands.</param>
    /// <param name="Round">How many offers the buyer has made.</param>
    /// <param name="ListPrice">The price of one before bargaining.</param>
    /// <param name="FloorPrice">The lowest that we go.</param>
    /// <param name="OfferPrice">Our offer that stands or was agreed.</param>
    /// <param name="CreatedAt">When it was opened.</param>
    public sealed record Entry(
        string Id, string ClientId, string Person, string Product, int Quantity, NegotiationState State, int Round,
        Money ListPrice, Money FloorPrice, Money OfferPrice, DateTimeOffset CreatedAt);

    /// <summary>The latest negotiations, newest first, at most <see cref="Limit"/>.</summary>
    public static async Task<IReadOnlyList<Entry>> RunAsync(NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(clock);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<NegotiationRow>(new CommandDefinition(
            $"select {NegotiationRow.Columns} from negotiation.negotiations order by created_at desc, id desc limit {Limit}", cancellationToken: cancellationToken));
        var now = clock.GetUtcNow();
        return [.. rows.Select(row => new Entry(row.Id, row.ClientId, row.Person, row.ProductName, row.Quantity, row.StateAt(now), row.Round,
            new Money(row.ListPrice, row.Currency), new Money(row.FloorPrice, row.Currency), new Money(row.OfferPrice, row.Currency), new DateTimeOffset(row.CreatedAt)))];
    }
}
