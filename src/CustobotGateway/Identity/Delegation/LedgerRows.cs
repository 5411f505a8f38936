using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.OAuth.Mandates;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The rows that a budget is derived from. Whoever adds some holds the grant's row.</summary>
internal static class LedgerRows
{
    // How long a hold that expired is known, so that who pays late is judged again and not turned away.
    private static readonly TimeSpan ExpiredHoldsKept = TimeSpan.FromDays(1);

    // Nothing is paid after infinity.
    private static readonly DateTime NoPeriod = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    /// <summary>A hold as it is stored.</summary>
    public sealed class Hold
    {
        public string Reservation { get; init; } = null!;
        public string MandateId { get; init; } = "";
        public long Amount { get; init; }
        public string Currency { get; init; } = "";
        public byte[] Offer { get; init; } = [];
        public string? ApprovalId { get; init; }
        public DateTime ExpiresAt { get; init; }
        public bool IsPaid { get; init; }

        public bool LivesAt(DateTimeOffset now) => ExpiresAt > now.UtcDateTime;

        public HeldBudget ToHeld() => new(Reservation, MandateId, new Money(Amount, Currency), new DateTimeOffset(ExpiresAt), ApprovalId);
    }

    public const string HoldColumns = "reservation, mandate_id as mandateid, amount, currency, offer, approval_id as approvalid, expires_at as expiresat";

    private const string FindSql = $"""
        select {HoldColumns}, exists (select from identity.ledger l where l.grant_id = @grantId and l.reservation = @name and l.entry = 'commit') as ispaid
        from (select) one left join identity.holds h on h.grant_id = @grantId and h.reservation = @name
        """;

    private const string UsageSql = """
        select coalesce(last.paid, 0) as paid, coalesce(last.refunded, 0) as refunded, coalesce(last.orders, 0) as orders, coalesce(before.paid, 0) as paidbefore,
               coalesce(back.amount, 0)::bigint as refundedinperiod, coalesce(h.amount, 0)::bigint as held, coalesce(h.count, 0)::int as holds
        from unnest(@ids, @after) with ordinality as m (id, after, n)
        left join lateral (select l.paid, l.refunded, l.orders from identity.ledger l where l.grant_id = @grantId and l.mandate_id = m.id order by l.at desc, l.id desc limit 1) last on true
        left join lateral (select l.paid from identity.ledger l where l.grant_id = @grantId and l.mandate_id = m.id and l.at <= m.after order by l.at desc, l.id desc limit 1) before on true
        left join lateral (select sum(l.amount) as amount from identity.ledger l
            where l.grant_id = @grantId and l.mandate_id = m.id and l.entry = 'refund' and l.paid_at > m.after) back on true
        left join lateral (select sum(h.amount) as amount, count(*) as count from identity.holds h
            where h.grant_id = @grantId and h.mandate_id = m.id and h.expires_at > @now and h.reservation is distinct from @name) h on true
        order by m.n
        """;

    /// <summary>What is used of each mandate at one instant, in their order; one statement, so that it is the same instant for all.</summary>
    public static async Task<IReadOnlyList<MandateUse>> UsageAsync(
        NpgsqlConnection connection, string grantId, IReadOnlyList<GrantedMandate> mandates, TimeZoneInfo zone, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (periods, after) = PeriodsOf(mandates, zone, now);
        return UsesOf(await connection.QueryAsync<UsageRow>(new CommandDefinition(
            UsageSql, new { grantId, ids = IdsOf(mandates), after, name = (string?)null, now }, cancellationToken: cancellationToken)), periods);
    }

    /// <summary>Where the reservation and the grant stand, in one round trip: whoever else wants to spend is waiting.</summary>
    /// <param name="transaction">The transaction that holds the grant's row.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="reservation">The reservation; its own hold counts as no use.</param>
    /// <param name="mandates">The mandates whose use is asked for; may be none.</param>
    /// <param name="zone">The grant's time zone.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<Standing> ReadAsync(
        NpgsqlTransaction transaction, string grantId, string reservation, IReadOnlyList<GrantedMandate> mandates, TimeZoneInfo zone, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (periods, after) = PeriodsOf(mandates, zone, now);
        await using var answers = await transaction.Connection!.QueryMultipleAsync(new CommandDefinition($"{FindSql};\n{EventLog.HeadSql};\n{UsageSql}",
            new { grantId, stream = grantId, ids = IdsOf(mandates), after, name = reservation, now }, transaction, cancellationToken: cancellationToken));
        var hold = await answers.ReadSingleAsync<Hold>();
        var head = EventHead.Of(await answers.ReadSingleOrDefaultAsync<(int, byte[]?)>());
        return new Standing(hold.Reservation is null ? null : hold, hold.IsPaid, head, UsesOf(await answers.ReadAsync<UsageRow>(), periods));
    }

    /// <summary>Locks the grant and reads where it and the reservation stand, without what is used: that is of no matter to a hold that is there.</summary>
    public static async Task<LockedHold> LockAsync(NpgsqlTransaction transaction, string grantId, string reservation, CancellationToken cancellationToken)
    {
        await using var answers = await transaction.Connection!.QueryMultipleAsync(new CommandDefinition($"{LockedGrant.StateSql};\n{FindSql};\n{EventLog.HeadSql}",
            new { grantId, stream = grantId, name = reservation }, transaction, cancellationToken: cancellationToken));
        var grant = await answers.ReadSingleAsync<LockedGrant.State>();
        var hold = await answers.ReadSingleAsync<Hold>();
        return new LockedHold(grant, hold.Reservation is null ? null : hold, EventHead.Of(await answers.ReadSingleOrDefaultAsync<(int, byte[]?)>()));
    }

    /// <summary>A time as it is kept: whole microseconds.</summary>
    public static DateTimeOffset Storable(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>Holds budget, and tells of it after <paramref name="head"/>.</summary>
    public static Task AddHoldAsync(
        NpgsqlTransaction transaction, string grantId, EventHead head, HeldBudget held, byte[] offer, string actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        EventLog.AppendAsync(transaction, head, AddHoldSql,
            new
            {
                grantId,
                entry = "authorise",
                held.Reservation,
                held.MandateId,
                held.Amount.Amount,
                held.Amount.Currency,
                held.ApprovalId,
                held.ExpiresAt,
                refund = (string?)null,
                offer,
                now,
                forgotten = now - ExpiredHoldsKept,
            }, grantId, actor, now, new GrantHeld(held.Reservation, held.MandateId, held.Amount, held.ExpiresAt, held.ApprovalId), cancellationToken);

    /// <summary>Ends a hold: what was held is paid, or released. Answers the stream's new head.</summary>
    public static Task<EventHead> EndHoldAsync<T>(
        NpgsqlTransaction transaction, string grantId, EventHead head, Hold hold, string entry, long amount, T data, string actor, DateTimeOffset now, CancellationToken cancellationToken)
        where T : IEventData =>
        EventLog.AppendAsync(transaction, head, EndHoldSql,
            new { grantId, entry, hold.Reservation, hold.MandateId, amount, hold.Currency, ExpiresAt = (DateTimeOffset?)null, refund = (string?)null, now },
            grantId, actor, now, data, cancellationToken);

    /// <summary>Gives back what was paid, to the period in which it was.</summary>
    public static Task AddRefundAsync(
        NpgsqlTransaction transaction, string grantId, EventHead head, string mandateId, string reservation, string refund, Money amount, string actor, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        EventLog.AppendAsync(transaction, head, AddRefundSql,
            new { grantId, entry = "refund", reservation, mandateId, amount.Amount, amount.Currency, ExpiresAt = (DateTimeOffset?)null, refund, now },
            grantId, actor, now, new GrantRefunded(reservation, mandateId, refund, amount), cancellationToken);

    private static readonly string AddHoldSql = $"""
        {AddSql(null)};
        delete from identity.holds where grant_id = @grantId and expires_at <= @forgotten and reservation <> @Reservation;
        insert into identity.holds (grant_id, reservation, mandate_id, amount, currency, offer, approval_id, held_at, expires_at)
        values (@grantId, @Reservation, @MandateId, @Amount, @Currency, @offer, @ApprovalId, @now, @ExpiresAt)
        on conflict (grant_id, reservation) do update set mandate_id = excluded.mandate_id, amount = excluded.amount, currency = excluded.currency,
            offer = excluded.offer, approval_id = excluded.approval_id, held_at = excluded.held_at, expires_at = excluded.expires_at
        """;

    private static readonly string EndHoldSql = $"""
        {AddSql(null)};
        delete from identity.holds where grant_id = @grantId and reservation = @Reservation
        """;

    private static readonly string AddRefundSql = AddSql("(select p.at from identity.ledger p where p.grant_id = @grantId and p.reservation = @reservation and p.entry = 'commit')");

    // One row; the sums up to it are those of the mandate's last row and its own.
    private static string AddSql(string? paidAt) => $"""
        insert into identity.ledger (grant_id, mandate_id, reservation, entry, amount, currency, at, expires_at, refund, paid_at, paid, refunded, orders)
        select @grantId, @mandateId, @reservation, @entry, @amount, @currency, greatest(@now, last.at), @expiresAt, @refund, {paidAt ?? "null"},
               coalesce(last.paid, 0) + case @entry when 'commit' then @amount else 0 end,
               coalesce(last.refunded, 0) + case @entry when 'refund' then @amount else 0 end,
               coalesce(last.orders, 0) + case @entry when 'commit' then 1 else 0 end
        from (select) one
        left join lateral (select l.at, l.paid, l.refunded, l.orders from identity.ledger l
            where l.grant_id = @grantId and l.mandate_id = @mandateId order by l.at desc, l.id desc limit 1) last on true
        """;

    private static string[] IdsOf(IReadOnlyList<GrantedMandate> mandates) => [.. mandates.Select(mandate => mandate.Id)];

    // What is kept is whole microseconds: an order of the period's very first instant is after the microsecond before it.
    private static (PeriodBounds?[] Periods, DateTime[] After) PeriodsOf(IReadOnlyList<GrantedMandate> mandates, TimeZoneInfo zone, DateTimeOffset now)
    {
        PeriodBounds?[] periods = [.. mandates.Select(mandate => mandate.Mandate.Limits?.Period?.At(now, zone))];
        return (periods, [.. periods.Select(period => (period is { IsFromIncluded: true } ? period.From.AddMicroseconds(-1) : period?.From)?.UtcDateTime ?? NoPeriod)]);
    }

    private static IReadOnlyList<MandateUse> UsesOf(IEnumerable<UsageRow> rows, PeriodBounds?[] periods) => [.. rows.Select((row, i) => new MandateUse(row.ToUsage(), periods[i]))];

    private sealed class UsageRow
    {
        public long Paid { get; init; }
        public long Refunded { get; init; }
        public int Orders { get; init; }
        public long PaidBefore { get; init; }
        public long RefundedInPeriod { get; init; }
        public long Held { get; init; }
        public int Holds { get; init; }

        public MandateUsage ToUsage() => new(Paid - Refunded, Held, Paid - PaidBefore - RefundedInPeriod, Orders + Holds);
    }
}

/// <summary>Where a reservation and its grant stand.</summary>
/// <param name="Hold">The reservation's hold, also one that has expired; null if nothing is held for it.</param>
/// <param name="IsPaid">Whether it was paid.</param>
/// <param name="Head">The end of the grant's stream.</param>
/// <param name="Uses">What is used of each mandate that was asked for, in their order.</param>
internal sealed record Standing(LedgerRows.Hold? Hold, bool IsPaid, EventHead Head, IReadOnlyList<MandateUse> Uses);

/// <summary>A grant, whose row is locked, and what is held with it for a reservation.</summary>
/// <param name="Grant">Whether it may spend.</param>
/// <param name="Hold">The reservation's hold, also one that has expired; null if nothing is held for it.</param>
/// <param name="Head">The end of the grant's stream.</param>
internal sealed record LockedHold(LockedGrant.State Grant, LedgerRows.Hold? Hold, EventHead Head);

/// <summary>What is used of a mandate, and its current period.</summary>
internal sealed record MandateUse(MandateUsage Usage, PeriodBounds? Period);
