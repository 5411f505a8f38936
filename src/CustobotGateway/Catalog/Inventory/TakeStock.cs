using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>Goods leave the stock for an order, inside the order's transaction.</summary>
public static class TakeStock
{
    /// <summary>
    /// Takes the quantity from one location that has all of it, or nothing. One statement finds, locks and decrements: of two callers
    /// who want the last piece, the second waits, looks again, and goes on to the next location or gets null.
    /// </summary>
    /// <returns>The location that it was taken from; null when none has enough.</returns>
    public static Task<string?> RunAsync(NpgsqlTransaction transaction, long product, int quantity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        return transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition("""
            update catalog.stock set on_hand = on_hand - @quantity, updated_at = now()
            where (product, location, starts_at) = (
                select product, location, starts_at from catalog.stock
                where product = @product and starts_at = '-infinity' and on_hand >= @quantity
                order by location limit 1 for update)
            returning location
            """, new { product, quantity }, transaction, cancellationToken: cancellationToken));
    }
}
