using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Mandates;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What refunding came to.</summary>
public enum RefundResult
{
    /// <summary>The money is back in the budget.</summary>
    Refunded,

    /// <summary>A refund of that id was made before, of the same amount.</summary>
    Repeated,

    /// <summary>Nothing was paid for the reservation.</summary>
    NothingPaid,

    /// <summary>It is more than is left of what was paid, in another currency, or another amount than before under the same id.</summary>
    NotCovered,
}

/// <summary>
/// Spends from the budgets of a grant, inside the transaction of the order that is paid with it. Every step locks the grant's row first, derives what is used from the
/// rows that it then sees, and adds its own: of two orders at once the second sees the first, on however many gateways.
/// </summary>
public sealed class Ledger(MandateRules rules, DelegationOptions options, PublicUrl publicUrl)
{
    private string Merchant => options.Merchant.Length > 0 ? options.Merchant : new Uri(publicUrl.Base).Host;

    /// <summary>
    /// Holds what a purchase comes to, or says that it waits for the person, or why no mandate covers it. The first mandate that allows it pays it; two are never
    /// summed. Asked again while the same offer is held, it answers the same hold.
    /// </summary>
    /// <param name="transaction">The caller's; what is held is held from its commit on.</param>
    /// <param name="agent">Who buys.</param>
    /// <param name="purchase">What.</param>
    /// <param name="hold">For how long.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Authorisation> AuthoriseAsync(
        NpgsqlTransaction transaction, AgentPrincipal agent, Purchase purchase, TimeSpan hold, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(purchase);
        if (agent.GrantId is not { } grantId)
        {
            return IdentityProblems.MandateRequired.With("Only an agent with a grant can buy.", remedy: IdentityProblems.AskPerson);
        }
        var grant = await LockedGrant.FindAsync(transaction, grantId, now, cancellationToken);
        if (!grant.Succeeded)
        {
            return grant.Problem!;
        }
        var mandates = GrantedMandates.UsableBy(agent, grant.Value.Mandates);
        if (mandates.Count == 0)
        {
            return IdentityProblems.MandateRequired.With("The grant, or the token from it, holds no purchase mandate.", remedy: IdentityProblems.AskPerson);
        }
        var standing = await LedgerRows.ReadAsync(transaction, grantId, purchase.Reservation, mandates, grant.Value.Zone, now, cancellationToken);
        if (standing.IsPaid)
        {
            return IdentityProblems.ReservationPaid.With($"{purchase.Reservation} was paid before.");
        }
        var head = standing.Head;
        if (standing.Hold is { } earlier && earlier.LivesAt(now))
        {
            if (earlier.Offer.AsSpan().SequenceEqual(purchase.OfferHash) && mandates.Any(mandate => mandate.Id == earlier.MandateId))
            {
                return earlier.ToHeld();
            }
            head = await ReleaseAsync(transaction, grantId, head, earlier, agent.ClientId!, now, cancellationToken);
        }
        var order = new MandatePurchase(purchase.Total.Currency, purchase.Total.Amount, Merchant,
            [.. purchase.Lines.Select(line => new MandateLine(line.ProductId, line.UnitPrice, line.Attributes))]);
        var decisions = mandates.Select((mandate, i) => (Granted: mandate, Decision: rules.Judge(mandate.Mandate, order, standing.Uses[i].Usage, standing.Uses[i].Period, now))).ToList();
        string? approvalId = null;
        // The first that allows, else the first that would with the person's word, else the one that came nearest.
        var (granted, decision) = decisions.OrderBy(one => one.Decision.Verdict).ThenByDescending(one => one.Decision.Reason).First();
        if (decision.Verdict == MandateVerdict.Refused)
        {
            return MandateRefusals.ToProblem(decision, granted.Mandate, purchase.Total);
        }
        if (decision.Verdict == MandateVerdict.ApprovalNeeded)
        {
            var approval = await Approvals.AskAsync(transaction, agent, purchase, granted.Id, now, cancellationToken, TimeSpan.FromHours(options.ApprovalHours));
            if (Approvals.RefusalOf(approval) is { } denied)
            {
                return denied;
            }
            if (approval.State != ApprovalState.Used)
            {
                return approval;
            }
            approvalId = approval.Id;
            head = await EventLog.ReadHeadAsync(transaction, grantId, cancellationToken);
        }
        var held = new HeldBudget(purchase.Reservation, granted.Id, purchase.Total, LedgerRows.Storable(now + hold), approvalId);
        await LedgerRows.AddHoldAsync(transaction, grantId, head, held, purchase.OfferHash, agent.ClientId!, now, cancellationToken);
        return held;
    }

    /// <summary>Writes down that a mandate refused a purchase: by itself, since the purchase was undone. The same refusal again, which a retry brings, is not written twice.</summary>
    public static async Task NoteRefusalAsync(
        NpgsqlTransaction transaction, AgentPrincipal agent, string reservation, string limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        var (stream, refused) = (PurchaseRefused.StreamOf(agent.ClientId!), new PurchaseRefused(agent.GrantId!, reservation, limit));
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended(@stream, 0))", new { stream }, transaction, cancellationToken: cancellationToken));
        if (await EventLog.ReadLastAsync(transaction.Connection!, stream, 1, null, cancellationToken) is not [var last] || last.Read<PurchaseRefused>() != refused)
        {
            await EventLog.AppendAsync(transaction, stream, agent.ClientId!, now, refused, cancellationToken);
        }
    }

    /// <summary>
    /// Says that what is held for the reservation is paid; null where that is so now. A hold that has expired is judged again, since others may have spent its budget;
    /// what was released is not paid.
    /// </summary>
    public static async Task<Problem?> CommitAsync(
        NpgsqlTransaction transaction, AgentPrincipal agent, Money amount, string reservation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(amount);
        var grantId = agent.GrantId ?? throw new ArgumentException("Only an agent with a grant spends.", nameof(agent));
        var locked = await LedgerRows.LockAsync(transaction, grantId, reservation, cancellationToken);
        if (locked.Grant.RefusalAt(now) is { } ended)
        {
            return ended;
        }
        if (locked.Hold is not { } hold || hold.Currency != amount.Currency || hold.Amount < amount.Amount)
        {
            return IdentityProblems.HoldReleased.With($"Nothing that covers this is held for {reservation} any more.", remedy: new Remedy("Complete the order again, with another Idempotency-Key."));
        }
        if (!hold.LivesAt(now) && await JudgeAgainAsync(transaction, grantId, hold, amount, now, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        await LedgerRows.EndHoldAsync(
            transaction, grantId, locked.Head, hold, "commit", amount.Amount, new GrantSpent(reservation, amount, hold.MandateId), agent.ClientId!, now, cancellationToken);
        return null;
    }

    /// <summary>Gives back what is held for the reservation; false if nothing is.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="agent">Who holds it.</param>
    /// <param name="reservation">What it is held for.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="unlessApproved">Whether to keep what the person approved: that is done once, and it stays held, for another card, until it expires.</param>
    public static async Task<bool> ReleaseAsync(
        NpgsqlTransaction transaction, AgentPrincipal agent, string reservation, DateTimeOffset now, CancellationToken cancellationToken, bool unlessApproved = false)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        var grantId = agent.GrantId ?? throw new ArgumentException("Only an agent with a grant holds budget.", nameof(agent));
        var locked = await LedgerRows.LockAsync(transaction, grantId, reservation, cancellationToken);
        if (locked.Hold is not { } hold || (unlessApproved && hold.ApprovalId is not null))
        {
            return false;
        }
        await ReleaseAsync(transaction, grantId, locked.Head, hold, agent.ClientId!, now, cancellationToken);
        return true;
    }

    /// <summary>The session that money was held for is over without a purchase: the hold is free, and what waits for the person's word, or has it, counts no more. Locks the grant.</summary>
    public static async Task EndOfSessionAsync(
        NpgsqlTransaction transaction, string grantId, string reservation, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        await LockedGrant.LockAsync(transaction, grantId, cancellationToken);
        var hold = await transaction.Connection!.QuerySingleOrDefaultAsync<LedgerRows.Hold?>(new CommandDefinition(
            $"select {LedgerRows.HoldColumns} from identity.holds where grant_id = @grantId and reservation = @reservation", new { grantId, reservation }, transaction,
            cancellationToken: cancellationToken));
        if (hold is not null)
        {
            await ReleaseAsync(transaction, grantId, await EventLog.ReadHeadAsync(transaction, grantId, cancellationToken), hold, actor, now, cancellationToken);
        }
        await Approvals.EndOfSessionAsync(transaction, grantId, reservation, actor, now, cancellationToken);
    }

    /// <summary>Gives back what was paid, or a part of it, to the period in which it was paid. Each refund is made once, by its own id.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="grantId">The grant that paid; it may have ended since.</param>
    /// <param name="reservation">What was paid for.</param>
    /// <param name="refund">The refund's own id.</param>
    /// <param name="amount">How much; all refunds of a reservation together are at most what was paid.</param>
    /// <param name="actor">Who refunds.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<RefundResult> RefundAsync(
        NpgsqlTransaction transaction, string grantId, string reservation, string refund, Money amount, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(amount);
        ArgumentOutOfRangeException.ThrowIfLessThan(amount.Amount, 1);
        await LockedGrant.LockAsync(transaction, grantId, cancellationToken);
        var rows = (await transaction.Connection!.QueryAsync<(string Entry, string MandateId, long Amount, string Currency, string? Refund)>(new CommandDefinition("""
            select entry, mandate_id, amount, currency, refund from identity.ledger where grant_id = @grantId and reservation = @reservation and entry in ('commit', 'refund')
            """, new { grantId, reservation }, transaction, cancellationToken: cancellationToken))).AsList();
        var paid = rows.Find(row => row.Entry == "commit");
        if (paid.Entry is null)
        {
            return RefundResult.NothingPaid;
        }
        if (rows.Find(row => row.Refund == refund) is { Entry: not null } before)
        {
            return before.Amount == amount.Amount && before.Currency == amount.Currency ? RefundResult.Repeated : RefundResult.NotCovered;
        }
        if (amount.Currency != paid.Currency || amount.Amount > paid.Amount - rows.Where(row => row.Refund is not null).Sum(row => row.Amount))
        {
            return RefundResult.NotCovered;
        }
        var head = await EventLog.ReadHeadAsync(transaction, grantId, cancellationToken);
        await LedgerRows.AddRefundAsync(transaction, grantId, head, paid.MandateId, reservation, refund, amount, actor, now, cancellationToken);
        return RefundResult.Refunded;
    }

    /// <summary>Gives back all that a grant holds, because it ends; what was held is answered. The caller holds the grant's row.</summary>
    public static async Task<IReadOnlyList<HeldBudget>> ReleaseAllAsync(
        NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var holds = (await transaction.Connection!.QueryAsync<LedgerRows.Hold>(new CommandDefinition(
            $"select {LedgerRows.HoldColumns} from identity.holds where grant_id = @grantId order by held_at, reservation", new { grantId }, transaction,
            cancellationToken: cancellationToken))).AsList();
        var head = holds.Count == 0 ? default : await EventLog.ReadHeadAsync(transaction, grantId, cancellationToken);
        foreach (var hold in holds)
        {
            head = await ReleaseAsync(transaction, grantId, head, hold, actor, now, cancellationToken);
        }
        return [.. holds.Where(hold => hold.LivesAt(now)).Select(hold => hold.ToHeld())];
    }

    /// <summary>What a grant holds at that time and would give back if it ended.</summary>
    public static async Task<IReadOnlyList<HeldBudget>> ListHeldAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken) =>
    [
        .. (await connection.QueryAsync<LedgerRows.Hold>(new CommandDefinition(
            $"select {LedgerRows.HoldColumns} from identity.holds where grant_id = @grantId and expires_at > @now order by held_at, reservation", new { grantId, now }, transaction,
            cancellationToken: cancellationToken))).Select(hold => hold.ToHeld()),
    ];

    private static Task<EventHead> ReleaseAsync(
        NpgsqlTransaction transaction, string grantId, EventHead head, LedgerRows.Hold hold, string actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        LedgerRows.EndHoldAsync(transaction, grantId, head, hold, "release", hold.Amount,
            new GrantReleased(hold.Reservation, hold.MandateId, new Money(hold.Amount, hold.Currency)), actor, now, cancellationToken);

    // What is bought was judged when it was held, and the person was asked then if need be; what the budget and the time allow may be another matter now.
    private static async Task<Problem?> JudgeAgainAsync(
        NpgsqlTransaction transaction, string grantId, LedgerRows.Hold hold, Money amount, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var grant = await LockedGrant.FindAsync(transaction, grantId, now, cancellationToken);
        if (!grant.Succeeded)
        {
            return grant.Problem;
        }
        var mandates = grant.Value.Mandates;
        var standing = await LedgerRows.ReadAsync(transaction, grantId, hold.Reservation, mandates, grant.Value.Zone, now, cancellationToken);
        var (granted, use) = mandates.Zip(standing.Uses).Single(known => known.First.Id == hold.MandateId);
        var order = new MandatePurchase(amount.Currency, amount.Amount, "", []);
        return MandateRules.JudgeAmounts(granted.Mandate, order, use.Usage, use.Period, now) is { } refused ? MandateRefusals.ToProblem(refused, granted.Mandate, amount) : null;
    }
}
