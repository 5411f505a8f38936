using System.Text;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Purchases that wait for a person's word, inside the transaction of the purchase. Whoever calls holds the grant's row.</summary>
public static class Approvals
{
    /// <summary>How long an approval waits where nothing else is said.</summary>
    public static readonly TimeSpan DefaultValidity = TimeSpan.FromHours(24);

    /// <summary>
    /// The approval of exactly this offer, as it stands after asking: <see cref="ApprovalState.Used"/> where the person had agreed and the purchase goes on,
    /// <see cref="ApprovalState.Denied"/> where the person refused this very offer (<see cref="RefusalOf"/>), else <see cref="ApprovalState.Pending"/>. What was asked for
    /// another offer of the same reservation is void from now on. An approval that was consumed is free again if the transaction is not committed.
    /// </summary>
    /// <param name="transaction">The purchase's; the grant's row is locked in it.</param>
    /// <param name="agent">Who buys.</param>
    /// <param name="purchase">What.</param>
    /// <param name="mandateId">The mandate whose threshold it is above; the grant's id for a mandate without one.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="validity">How long a new approval waits; <see cref="DefaultValidity"/> when null.</param>
    public static async Task<Approval> AskAsync(
        NpgsqlTransaction transaction, AgentPrincipal agent, Purchase purchase, string mandateId, DateTimeOffset now, CancellationToken cancellationToken, TimeSpan? validity = null)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(purchase);
        var rows = (await transaction.Connection!.QueryAsync<ApprovalRow>(new CommandDefinition($"""
            select {ApprovalRow.Columns} from {ApprovalRow.From}
            where a.grant_id = @GrantId and a.reservation = @Reservation and a.state in ('pending', 'approved', 'denied') order by a.id desc
            """, new { agent.GrantId, purchase.Reservation }, transaction, cancellationToken: cancellationToken))).AsList();
        foreach (var row in rows)
        {
            var isThis = row.MandateId == mandateId && row.OfferHash.AsSpan().SequenceEqual(purchase.OfferHash);
            switch (row.StateAt(now))
            {
                case ApprovalState.Denied when isThis:
                case ApprovalState.Pending when isThis:
                    return row.ToApproval(now);
                case ApprovalState.Approved when isThis:
                    return await UseAsync(transaction, row.ToApproval(now), agent, now, cancellationToken);
                case ApprovalState.Pending or ApprovalState.Approved:
                    await VoidAsync(transaction, row, OfferChanged, agent.ClientId!, now, cancellationToken);
                    break;
                case ApprovalState.Expired:
                    await SetStateAsync(transaction, row.Id, "expired", null, cancellationToken);
                    break;
            }
        }
        return await AddAsync(transaction, agent, purchase, mandateId, now, now + (validity ?? DefaultValidity), cancellationToken);
    }

    /// <summary>Where an approval stands at that time; null where there is none.</summary>
    public static async Task<ApprovalState?> StateOfAsync(NpgsqlConnection connection, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(id);
        return (await ApprovalRow.FindAsync(connection, null, id, cancellationToken))?.StateAt(now);
    }

    /// <summary>The refusal of a purchase that the person has refused; null where the approval is anything else.</summary>
    public static Problem? RefusalOf(Approval approval)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return approval.State == ApprovalState.Denied
            ? IdentityProblems.ApprovalDenied.With($"The person refused this offer at {approval.DecidedAt:O}.", remedy: new Remedy("Offer something else, or ask the person again with another session.", approval.Location))
            : null;
    }

    /// <summary>The session is over: what waits for it, or was approved for it, counts no more. The grant's row is locked by the caller.</summary>
    public static async Task EndOfSessionAsync(
        NpgsqlTransaction transaction, string grantId, string reservation, string actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        await VoidAllAsync(transaction, grantId, reservation, "session_ended", actor, now, cancellationToken);

    /// <summary>The grant is over.</summary>
    internal static Task EndOfGrantAsync(NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        VoidAllAsync(transaction, grantId, null, "grant_revoked", actor, now, cancellationToken);

    private const string OfferChanged = "offer_changed";

    private static async Task VoidAllAsync(
        NpgsqlTransaction transaction, string grantId, string? reservation, string reason, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var rows = await transaction.Connection!.QueryAsync<ApprovalRow>(new CommandDefinition($"""
            select {ApprovalRow.Columns} from {ApprovalRow.From}
            where a.grant_id = @grantId and (@reservation::text is null or a.reservation = @reservation) and a.state in ('pending', 'approved') and a.expires_at > @now order by a.id
            """, new { grantId, reservation, now }, transaction, cancellationToken: cancellationToken));
        foreach (var row in rows)
        {
            await VoidAsync(transaction, row, reason, actor, now, cancellationToken);
        }
    }

    private static async Task VoidAsync(NpgsqlTransaction transaction, ApprovalRow row, string reason, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await SetStateAsync(transaction, row.Id, "void", reason, cancellationToken);
        await EventLog.AppendAsync(transaction, row.GrantId, actor, now, new ApprovalVoided(row.Id, row.Reservation, reason), cancellationToken);
    }

    private static async Task<Approval> UseAsync(NpgsqlTransaction transaction, Approval approval, AgentPrincipal agent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await SetStateAsync(transaction, approval.Id, "used", null, cancellationToken);
        await EventLog.AppendAsync(transaction, approval.GrantId, agent.ClientId!, now,
            new ApprovalUsed(approval.Id, approval.Reservation, approval.Total, approval.OfferHash), cancellationToken);
        return approval with { State = ApprovalState.Used };
    }

    private static async Task<Approval> AddAsync(
        NpgsqlTransaction transaction, AgentPrincipal agent, Purchase purchase, string mandateId, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var id = Ids.New("apr", now);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into identity.approvals (id, grant_id, mandate_id, reservation, offer_hash, offer, amount, currency, state, created_at, expires_at)
            values (@id, @GrantId, @mandateId, @Reservation, @OfferHash, @offer::jsonb, @Amount, @Currency, 'pending', @now, @expiresAt)
            """,
            new
            {
                id,
                agent.GrantId,
                mandateId,
                purchase.Reservation,
                purchase.OfferHash,
                offer = Encoding.UTF8.GetString(CanonicalJson.Of(purchase.Offer)),
                purchase.Total.Amount,
                purchase.Total.Currency,
                now,
                expiresAt,
            }, transaction, cancellationToken: cancellationToken));
        var approval = (await ApprovalRow.FindAsync(transaction.Connection!, transaction, id, cancellationToken))!.ToApproval(now);
        await EventLog.AppendAsync(transaction, approval.GrantId, agent.ClientId!, now,
            new ApprovalAsked(id, approval.Reservation, mandateId, approval.Total, approval.OfferHash, approval.ExpiresAt), cancellationToken);
        return approval;
    }

    private static Task<int> SetStateAsync(NpgsqlTransaction transaction, string id, string state, string? voidedFor, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update identity.approvals set state = @state, voided_for = @voidedFor where id = @id", new { id, state, voidedFor }, transaction, cancellationToken: cancellationToken));
}
