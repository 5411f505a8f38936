using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Inventory;

/// <summary>Goods that somebody wants.</summary>
/// <param name="Product">The product's number.</param>
/// <param name="Quantity">How many; at least one.</param>
/// <param name="Location">Where they are to come from; null for anywhere.</param>
/// <param name="MayWait">Whether it is sold also where there is not enough: nothing of it is held then, and nothing leaves the stock.</param>
public sealed record StockLine(long Product, int Quantity, string? Location = null, bool MayWait = false);

/// <summary>
/// Goods that are kept for somebody who is paying, inside the caller's transaction: first held, then taken or released. What is held has left the shelf for others and
/// is still on hand. Stock is the last that a transaction locks, by product number. Test purchases hold and take beside it.
/// </summary>
public static class StockHolds
{
    // One statement finds, locks and holds: of two callers who want the last piece, the second waits, looks again, and goes on to the next location or gets nothing.
    // All of a line comes from one location.
    private const string HoldSql = """
        with found as (
            select product, location, starts_at from catalog.stock
            where product = @Product and starts_at = '-infinity' and on_hand - held >= @Quantity and (@Location::text is null or location = @Location)
            order by location limit 1 for update),
        held as (
            update catalog.stock s set held = s.held + @Quantity from found f
            where (s.product, s.location, s.starts_at) = (f.product, f.location, f.starts_at) returning s.product, s.location)
        insert into catalog.stock_holds (reservation, product, location, quantity, expires_at)
        select @reservation, product, location, @Quantity, @until from held
        on conflict (reservation, product, location) do update set quantity = catalog.stock_holds.quantity + excluded.quantity, expires_at = excluded.expires_at
        """;

    /// <summary>Holds all of the lines until then, or answers the first line that no location has enough of; the caller then undoes the rest.</summary>
    public static async Task<StockLine?> HoldAsync(
        NpgsqlTransaction transaction, string reservation, IEnumerable<StockLine> lines, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken, bool isTest = false)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(lines);
        if (isTest)
        {
            return await TestStock.HoldAsync(transaction, reservation, lines, until, now, cancellationToken);
        }
        foreach (var line in lines.OrderBy(line => line.Product))
        {
            if (!await HoldAsync(transaction, reservation, line, until, cancellationToken)
                // What others held and did not pay is free, whether or not anybody has cleared it away yet.
                && !(await ReleaseExpiredAsync(transaction, line.Product, now, cancellationToken) > 0 && await HoldAsync(transaction, reservation, line, until, cancellationToken))
                && !line.MayWait)
            {
                return line;
            }
        }
        return null;
    }

    /// <summary>Keeps what is held for the reservation until then.</summary>
    public static Task ExtendAsync(NpgsqlTransaction transaction, string reservation, DateTimeOffset until, CancellationToken cancellationToken, bool isTest = false) =>
        isTest ? TestStock.ExtendAsync(transaction, reservation, until, cancellationToken) : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update catalog.stock_holds set expires_at = greatest(expires_at, @until) where reservation = @reservation", new { reservation, until }, transaction, cancellationToken: cancellationToken));

    /// <summary>Puts back what is held for the reservation; how many locations it was held at.</summary>
    public static Task<int> ReleaseAsync(NpgsqlTransaction transaction, string reservation, CancellationToken cancellationToken, bool isTest = false) =>
        isTest ? TestStock.ReleaseAsync(transaction, reservation, cancellationToken) : EndAsync(transaction, "reservation = @reservation", new { reservation }, cancellationToken);

    /// <summary>Puts back what was held for too long, of one product or, with null, of some; how many holds. Whoever else is at it is not waited for.</summary>
    public static Task<int> ReleaseExpiredAsync(NpgsqlTransaction transaction, long? product, DateTimeOffset now, CancellationToken cancellationToken) =>
        EndAsync(transaction, "ctid in (select ctid from catalog.stock_holds where expires_at <= @now and (@product::bigint is null or product = @product) order by product limit 100 for update skip locked)",
            new { product, now }, cancellationToken);

    /// <summary>
    /// What is held leaves the stock for good. False where not all of the lines is held any more and cannot be held anew, or where the merchant has counted less
    /// since: the caller then undoes the rest.
    /// </summary>
    public static async Task<bool> TakeAsync(
        NpgsqlTransaction transaction, string reservation, IReadOnlyCollection<StockLine> lines, DateTimeOffset now, CancellationToken cancellationToken, bool isTest = false)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(lines);
        if (isTest)
        {
            return await TestStock.TakeAsync(transaction, reservation, lines, now, cancellationToken);
        }
        var (held, taken) = await MoveAsync(transaction, reservation, cancellationToken);
        if (held == 0 && lines.Count > 0)
        {
            // The hold has lapsed while the payment was on its way. It may still be there.
            if (await HoldAsync(transaction, reservation, lines, now, now, cancellationToken) is not null)
            {
                return false;
            }
            (held, taken) = await MoveAsync(transaction, reservation, cancellationToken);
        }
        return held == taken;
    }

    private static async Task<bool> HoldAsync(NpgsqlTransaction transaction, string reservation, StockLine line, DateTimeOffset until, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            HoldSql, new { reservation, line.Product, line.Quantity, line.Location, until }, transaction, cancellationToken: cancellationToken)) > 0;

    private static Task<(int Held, int Taken)> MoveAsync(NpgsqlTransaction transaction, string reservation, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<(int, int)>(new CommandDefinition("""
            with rows as (
                select s.product, s.location, s.starts_at from catalog.stock s join catalog.stock_holds h on (h.product, h.location) = (s.product, s.location) and s.starts_at = '-infinity'
                where h.reservation = @reservation order by s.product, s.location for update of s),
            held as (delete from catalog.stock_holds where reservation = @reservation returning product, location, quantity),
            taken as (
                update catalog.stock s set on_hand = s.on_hand - h.quantity, held = s.held - h.quantity, updated_at = now()
                from held h, rows r
                where (s.product, s.location, s.starts_at) = (r.product, r.location, r.starts_at) and (h.product, h.location) = (r.product, r.location) and s.on_hand >= h.quantity
                returning s.product, s.location, h.quantity),
            noted as (
                insert into catalog.stock_taken (reservation, product, location, quantity) select @reservation, product, location, quantity from taken
                on conflict (reservation, product, location) do update set quantity = catalog.stock_taken.quantity + excluded.quantity)
            select (select count(*)::int from held), (select count(*)::int from taken)
            """, new { reservation }, transaction, cancellationToken: cancellationToken));

    private static Task<int> EndAsync(NpgsqlTransaction transaction, string which, object parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection!.QuerySingleAsync<int>(new CommandDefinition($"""
            with ended as (delete from catalog.stock_holds where {which} returning product, location, quantity),
            sums as (select product, location, sum(quantity)::int as quantity from ended group by product, location),
            rows as (
                select s.product, s.location, s.starts_at, e.quantity from catalog.stock s join sums e on (e.product, e.location) = (s.product, s.location) and s.starts_at = '-infinity'
                order by s.product, s.location for update of s),
            freed as (
                update catalog.stock s set held = s.held - r.quantity from rows r where (s.product, s.location, s.starts_at) = (r.product, r.location, r.starts_at))
            select count(*)::int from ended
            """, parameters, transaction, cancellationToken: cancellationToken));
    }
}
