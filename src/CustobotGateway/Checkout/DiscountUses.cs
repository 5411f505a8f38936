using CustobotGateway.Checkout.Shop;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>Counts for how many orders a discount was used, exactly: one row for each, written in the order's transaction.</summary>
public static class DiscountUses
{
    /// <summary>
    /// Uses the discounts of a session for its order. Two orders that want the last use come one after another, and the second is refused. Discounts are taken in the order
    /// of their ids and after all rows that a purchase locks, so that nobody waits in a circle.
    /// </summary>
    /// <returns>The refusal, where a discount was used up meanwhile; null where all could be used.</returns>
    internal static async Task<Problem?> TakeAsync(
        NpgsqlTransaction transaction, CheckoutSession session, ShopSettings shop, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var id in (session.Discounts?.Applied ?? []).Select(one => one.Id).Distinct().Order(StringComparer.Ordinal))
        {
            if (shop.Discounts.FirstOrDefault(one => one.Id == id)?.Uses is not { } uses)
            {
                continue;
            }
            // A statement of its own: one that also counted would count what it saw before it had to wait.
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_xact_lock(hashtextextended('discount ' || @id, 0))", new { id }, transaction, cancellationToken: cancellationToken));
            if (!await transaction.Connection!.QuerySingleAsync<bool>(new CommandDefinition("""
                with taken as (
                    insert into checkout.discount_uses (discount_id, session_id, used_at)
                    select @id, @session, @now where (select count(*) from checkout.discount_uses where discount_id = @id and session_id <> @session) < @uses
                    on conflict (discount_id, session_id) do update set used_at = excluded.used_at
                    returning 1)
                select exists (select 1 from taken)
                """, new { id, session = session.Id, now, uses }, transaction, cancellationToken: cancellationToken)))
            {
                return CheckoutProblems.DiscountUsedUp.With($"The discount '{session.Discounts!.Applied.First(one => one.Id == id).Title}' was used up meanwhile. Update the session without it.");
            }
        }
        return null;
    }

    /// <summary>Gives the uses back of a session that became no order after all.</summary>
    internal static Task GiveBackAsync(NpgsqlTransaction transaction, string sessionId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("delete from checkout.discount_uses where session_id = @sessionId", new { sessionId }, transaction, cancellationToken: cancellationToken));

    /// <summary>How often each discount with a limit was used; what is shown, while <see cref="TakeAsync"/> decides.</summary>
    internal static async Task<IReadOnlyDictionary<string, long>> CountAsync(NpgsqlTransaction transaction, ShopSettings shop, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<(string Id, long Count)>(new CommandDefinition(
            "select discount_id, count(*) from checkout.discount_uses where discount_id = any(@ids) group by 1",
            new { ids = shop.Discounts.Where(one => one.Uses is not null).Select(one => one.Id).ToArray() }, transaction, cancellationToken: cancellationToken)))
        .ToDictionary(row => row.Id, row => row.Count, StringComparer.Ordinal);
}
