using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>
/// What <see cref="StockHolds"/> is to purchases, this is to test purchases: there is as much as lies there for everybody, less what test purchases hold and took. No row of
/// the stock is changed or waited for.
/// </summary>
internal static class TestStock
{
    public static async Task<StockLine?> HoldAsync(
        NpgsqlTransaction transaction, string reservation, IEnumerable<StockLine> lines, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var line in lines.OrderBy(line => line.Product))
        {
            // A statement of its own: one that also counted would count what it saw before it had to wait.
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_xact_lock(hashtextextended('test stock ' || @Product, 0))", new { line.Product }, transaction, cancellationToken: cancellationToken));
            var held = await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
                insert into catalog.test_stock (reservation, product, location, quantity, expires_at)
                select @reservation, s.product, s.location, @Quantity, @until from catalog.stock s
                where s.product = @Product and s.starts_at = '-infinity' and (@Location::text is null or s.location = @Location)
                  and s.on_hand - s.held - (select coalesce(sum(t.quantity), 0) from catalog.test_stock t
                      where t.product = s.product and t.location = s.location and t.reservation <> @reservation and (t.taken or t.expires_at > @now)) >= @Quantity
                order by s.location limit 1
                on conflict (reservation, product, location) do update set quantity = excluded.quantity, expires_at = excluded.expires_at
                """, new { reservation, line.Product, line.Quantity, line.Location, until, now }, transaction, cancellationToken: cancellationToken));
            if (held == 0 && !line.MayWait)
            {
                return line;
            }
        }
        return null;
    }

    public static Task ExtendAsync(NpgsqlTransaction transaction, string reservation, DateTimeOffset until, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update catalog.test_stock set expires_at = greatest(expires_at, @until) where reservation = @reservation and not taken", new { reservation, until }, transaction, cancellationToken: cancellationToken));

    public static Task<int> ReleaseAsync(NpgsqlTransaction transaction, string reservation, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from catalog.test_stock where reservation = @reservation and not taken", new { reservation }, transaction, cancellationToken: cancellationToken));

    // What is held counts as held until it is held anew: of two that are late, the second gets nothing.
    public static async Task<bool> TakeAsync(
        NpgsqlTransaction transaction, string reservation, IReadOnlyCollection<StockLine> lines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await HoldAsync(transaction, reservation, lines, now, now, cancellationToken) is not null)
        {
            return false;
        }
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update catalog.test_stock set taken = true where reservation = @reservation", new { reservation }, transaction, cancellationToken: cancellationToken));
        return true;
    }

    public static async Task<int> RestockAsync(NpgsqlTransaction transaction, string reservation, long product, int quantity, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<int>(new CommandDefinition("""
            with before as (select quantity from catalog.test_stock where reservation = @reservation and product = @product and taken order by location limit 1 for update)
            update catalog.test_stock t set quantity = t.quantity - least(t.quantity, @quantity) from before b
            where t.reservation = @reservation and t.product = @product and t.taken returning least(b.quantity, @quantity)
            """, new { reservation, product, quantity }, transaction, cancellationToken: cancellationToken));
}
