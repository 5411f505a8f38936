using System.Text.Json;
using CustobotGateway.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>An approval as it is stored, with whose grant it belongs to.</summary>
internal sealed class ApprovalRow
{
    /// <summary>Of <c>identity.approvals a</c> joined with <c>identity.grants g</c>.</summary>
    public const string Columns = """
        a.id, a.grant_id as grantid, g.client_id as clientid, g.person, a.mandate_id as mandateid, a.reservation, a.offer_hash as offerhash, a.offer::text as offer,
        a.amount, a.currency, a.state, a.created_at as createdat, a.expires_at as expiresat, a.decided_at as decidedat, a.decided_by as decidedby, a.voided_for as voidedfor
        """;

    public const string From = "identity.approvals a join identity.grants g on g.id = a.grant_id";

    public string Id { get; init; } = "";
    public string GrantId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string Person { get; init; } = "";
    public string MandateId { get; init; } = "";
    public string Reservation { get; init; } = "";
    public byte[] OfferHash { get; init; } = [];
    public string Offer { get; init; } = "";
    public long Amount { get; init; }
    public string Currency { get; init; } = "";
    public string State { get; init; } = "";
    public DateTime CreatedAt { get; init; }
    public DateTime ExpiresAt { get; init; }
    public DateTime? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
    public string? VoidedFor { get; init; }

    public static Task<ApprovalRow?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<ApprovalRow?>(new CommandDefinition(
            $"select {Columns} from {From} where a.id = @id", new { id = GrantRow.Storable(id) }, transaction, cancellationToken: cancellationToken));

    /// <summary>What can be decided or used still is not once its time is over.</summary>
    public ApprovalState StateAt(DateTimeOffset now) => Enum.Parse<ApprovalState>(State, ignoreCase: true) switch
    {
        ApprovalState.Pending or ApprovalState.Approved when ExpiresAt <= now.UtcDateTime => ApprovalState.Expired,
        var state => state,
    };

    public Approval ToApproval(DateTimeOffset now) => new(
        Id, GrantId, ClientId, Person, MandateId, Reservation, StateAt(now), new Money(Amount, Currency), JsonElement.Parse(Offer), Convert.ToHexStringLower(OfferHash),
        new DateTimeOffset(CreatedAt), new DateTimeOffset(ExpiresAt), GrantRow.Time(DecidedAt), DecidedBy, VoidedFor);
}
