using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>Goods come back into the stock, because an order or a part of it is canceled or returned.</summary>
public static class Restock
{
    /// <summary>Gives back to the locations that they were taken from, in the caller's transaction; how many, which is less where fewer were taken.</summary>
    public static async Task<int> RunAsync(NpgsqlTransaction transaction, string reservation, long product, int quantity, CancellationToken cancellationToken, bool isTest = false)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        return isTest ? await TestStock.RestockAsync(transaction, reservation, product, quantity, cancellationToken) : await transaction.Connection!.QuerySingleAsync<int>(new CommandDefinition("""
            with left_over as (
                select location, quantity - restocked as open, sum(quantity - restocked) over (order by location) as upto
                from (select location, quantity, restocked from catalog.stock_taken where reservation = @reservation and product = @product order by location for update) t),
            back as (select location, least(open, @quantity - (upto - open))::int as quantity from left_over where upto - open < @quantity and open > 0),
            noted as (
                update catalog.stock_taken t set restocked = t.restocked + b.quantity from back b
                where t.reservation = @reservation and t.product = @product and t.location = b.location),
            stocked as (
                insert into catalog.stock (product, location, on_hand) select @product, location, quantity from back order by location
                on conflict (product, location, starts_at) do update set on_hand = catalog.stock.on_hand + excluded.on_hand, updated_at = now())
            select coalesce(sum(quantity), 0)::int from back
            """, new { reservation, product, quantity }, transaction, cancellationToken: cancellationToken));
    }
}
