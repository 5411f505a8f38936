using System.Text.Json;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Where a return stands.</summary>
public enum ReturnState
{
    /// <summary>It waits for staff.</summary>
    Requested,

    /// <summary>The goods may be sent back.</summary>
    Approved,

    /// <summary>They may not.</summary>
    Refused,

    /// <summary>They arrived and were looked at.</summary>
    Received,
}

/// <summary>Pieces of a line that come back.</summary>
/// <param name="Id">The line's id in the order.</param>
/// <param name="Quantity">How many are sent back.</param>
/// <param name="Accepted">How many were taken back; null before they arrived.</param>
/// <param name="Rejected">How many were not; null before they arrived.</param>
/// <param name="Restocked">Whether those that were taken back can be sold again.</param>
/// <param name="Note">What was found, or null.</param>
public sealed record ReturnLine(string Id, int Quantity, int? Accepted = null, int? Rejected = null, bool Restocked = false, string? Note = null);

/// <summary>Goods that come back, or would.</summary>
/// <param name="Id"><c>ret_…</c></param>
/// <param name="OrderId">The order.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why.</param>
/// <param name="Comment">In the buyer's words, or null: a stranger's text.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="Decision">What was decided, and why.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="ExpectedRefund">What goes back if all is taken back, in minor units; 0 where it is refused.</param>
/// <param name="Deadline">By when the goods have to be on their way; null unless it is approved.</param>
/// <param name="Instructions">Where and how to send them; null unless it is approved.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="ReceivedAt">When the goods arrived, or null.</param>
/// <param name="Refund">What went back; null before the goods arrived, or where nothing does.</param>
public sealed record Return(
    string Id, string OrderId, ReturnState State, ReturnReason Reason, string? Comment, IReadOnlyList<ReturnLine> LineItems, ReturnDecision Decision, string Currency, long ExpectedRefund,
    DateTimeOffset? Deadline, string? Instructions, DateTimeOffset CreatedAt, DateTimeOffset? ReceivedAt = null, Refund? Refund = null);

/// <summary>Returns as they are stored.</summary>
internal static class ReturnRows
{
    private sealed record Row(
        string Id, string OrderId, string State, string Reason, string? Comment, string Decision, DateTime? Deadline, long ExpectedRefund, string Currency, DateTime CreatedAt, DateTime? ReceivedAt);

    private sealed record LineRow(string ReturnId, string Id, int Quantity, int? Accepted, bool Restocked, string? Note);

    private sealed record RefundRow(
        string CauseId, string Id, string OrderId, string State, long Amount, string Currency, string Reason, string? Comment, DateTime CreatedAt, DateTime? SettledAt, string? Failure);

    /// <summary>Those that hold a condition on returns <c>r</c> and their orders <c>o</c>, the newest first.</summary>
    public static async Task<IReadOnlyList<Return>> ListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string condition, object values, int limit, IReturnRules rules, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition($"""
            select r.id, r.order_id as orderid, r.state, r.reason, r.comment, r.decision::text as decision, r.deadline, r.expected_refund as expectedrefund, r.currency, r.created_at as createdat,
                   r.received_at as receivedat
            from checkout.returns r join checkout.orders o on o.id = r.order_id where {condition} order by r.id desc limit {limit}
            """, values, transaction, cancellationToken: cancellationToken))).AsList();
        var ids = rows.Select(row => row.Id).ToArray();
        var lines = (await connection.QueryAsync<LineRow>(new CommandDefinition(
            "select return_id as returnid, line_id as id, quantity, accepted, restocked, note from checkout.return_lines where return_id = any(@ids) order by return_id, line_id", new { ids }, transaction,
            cancellationToken: cancellationToken))).ToLookup(line => line.ReturnId);
        var refunds = (await connection.QueryAsync<RefundRow>(new CommandDefinition("""
            select cause_id as causeid, id, order_id as orderid, state, amount, currency, reason, comment, created_at as createdat, settled_at as settledat, failure
            from checkout.refunds where order_id = any(@orders) and cause_id = any(@ids) order by id
            """, new { ids, orders = rows.Select(row => row.OrderId).Distinct().ToArray() }, transaction, cancellationToken: cancellationToken))).ToLookup(refund => refund.CauseId);
        return [.. rows.Select(row => Of(row, lines[row.Id], refunds[row.Id].LastOrDefault(), rules))];
    }

    /// <summary>One of an order; null if there is none.</summary>
    public static async Task<Return?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string orderId, string id, IReturnRules rules, CancellationToken cancellationToken) =>
        await ListAsync(connection, transaction, "r.id = @id and r.order_id = @orderId", new { id = GrantRow.Storable(id), orderId }, 1, rules, cancellationToken) is [var found] ? found : null;

    private static Return Of(Row row, IEnumerable<LineRow> lines, RefundRow? refund, IReturnRules rules)
    {
        var state = Wire.To<ReturnState>(row.State);
        return new Return(
            row.Id, row.OrderId, state, Wire.To<ReturnReason>(row.Reason), row.Comment,
            [.. lines.Select(line => new ReturnLine(line.Id, line.Quantity, line.Accepted, line.Quantity - line.Accepted, line.Restocked, line.Note))],
            JsonSerializer.Deserialize<ReturnDecision>(row.Decision, StoredJson.Options)!, row.Currency, row.ExpectedRefund, StoredOrder.Time(row.Deadline),
            state == ReturnState.Approved ? rules.Policy.Instructions : null, StoredOrder.Time(row.CreatedAt), StoredOrder.Time(row.ReceivedAt),
            refund is null ? null : new Refund(refund.Id, refund.OrderId, Wire.To<RefundState>(refund.State), refund.Amount, refund.Currency, refund.Reason, refund.Comment, [], "return", row.Id, null,
                StoredOrder.Time(refund.CreatedAt), StoredOrder.Time(refund.SettledAt), refund.Failure));
    }
}
