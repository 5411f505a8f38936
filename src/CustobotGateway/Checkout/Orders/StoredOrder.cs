using System.Text.Json;
using CustobotGateway.Checkout.Returns;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>An order with all that was done to it, from its rows at one instant.</summary>
/// <param name="Order">As it is shown.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="States">Where each line stands, by the line's id.</param>
/// <param name="Shipments">The oldest first.</param>
/// <param name="Refunds">The oldest first.</param>
/// <param name="Returned">Pieces of each line in returns that were not refused.</param>
/// <param name="Counts">How many acts of each kind there are.</param>
/// <param name="Caller">What the caller was taken for when it bought, or null.</param>
/// <param name="Terms">The rules of returns when it was bought; null where that was not kept.</param>
internal sealed record StoredOrder(
    Order Order, string GrantId, IReadOnlyDictionary<string, LineState> States, IReadOnlyList<Shipment> Shipments, IReadOnlyList<Refund> Refunds,
    IReadOnlyDictionary<string, int> Returned, StoredOrder.Acts Counts, JsonElement? Caller, ReturnTerms? Terms)
{
    /// <summary>The most acts of one kind on one order: an order is always read whole.</summary>
    public const int MaxActs = 200;

    /// <summary>How many there are.</summary>
    public sealed record Acts(int Events, int Cancellations, int Returns);

    private const string OrderColumns = """
        o.id, o.session_id as sessionid, o.grant_id as grantid, o.client_id as clientid, o.person, o.currency, o.line_items::text as lineitems, o.total,
        o.document::text as document, o.caller::text as caller, o.placed_at as placedat, o.is_test as istest
        """;

    // One round trip; each list is bounded by MaxActs for an order.
    private const string RestSql = """
        select order_id as orderid, line_id as lineid, act, quantity, act_id as actid from checkout.line_acts where order_id = any(@ids) order by order_id, act_id, line_id;
        select id, order_id as orderid, state, carrier, tracking_number as trackingnumber, tracking_url as trackingurl, promised_from as promisedfrom, promised_until as promiseduntil,
               external_id as externalid, created_at as createdat, delivered_at as deliveredat from checkout.shipments where order_id = any(@ids) order by id;
        select id, order_id as orderid, shipment_id as shipmentid, type, description, occurred_at as occurredat from checkout.shipment_events where order_id = any(@ids) order by id;
        select id, order_id as orderid, reason, comment, at from checkout.cancellations where order_id = any(@ids) order by id;
        select id, order_id as orderid, state, amount, currency, reason, comment, cause, cause_id as causeid, external_id as externalid, created_at as createdat, settled_at as settledat, failure
        from checkout.refunds where order_id = any(@ids) order by id;
        select r.id, r.order_id as orderid, r.state, r.reason, r.received_at as receivedat, l.line_id as lineid, l.quantity, l.accepted
        from checkout.returns r join checkout.return_lines l on l.return_id = r.id where r.order_id = any(@ids) order by r.id, l.line_id
        """;

    private sealed record OrderRow(
        string Id, string SessionId, string GrantId, string ClientId, string Person, string Currency, string LineItems, long Total, string? Document, string? Caller, DateTime PlacedAt, bool IsTest);

    private sealed record ActRow(string OrderId, string LineId, string Act, int Quantity, string ActId);

    private sealed record ShipmentRow(
        string Id, string OrderId, string State, string? Carrier, string? TrackingNumber, string? TrackingUrl, DateTime? PromisedFrom, DateTime? PromisedUntil, string? ExternalId,
        DateTime CreatedAt, DateTime? DeliveredAt);

    private sealed record EventRow(string Id, string OrderId, string ShipmentId, string Type, string? Description, DateTime OccurredAt);

    private sealed record CancellationRow(string Id, string OrderId, string Reason, string? Comment, DateTime At);

    private sealed record RefundRow(
        string Id, string OrderId, string State, long Amount, string Currency, string Reason, string? Comment, string Cause, string? CauseId, string? ExternalId, DateTime CreatedAt,
        DateTime? SettledAt, string? Failure);

    private sealed record ReturnRow(string Id, string OrderId, string State, string Reason, DateTime? ReceivedAt, string LineId, int Quantity, int? Accepted);

    /// <summary>The order if the caller sees it, locked when <paramref name="forUpdate"/>; null where it does not.</summary>
    public static async Task<StoredOrder?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, OrderAccess.Sight sight, bool forUpdate, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<OrderRow?>(new CommandDefinition(
            $"select {OrderColumns} from checkout.orders o where o.id = @id and {OrderAccess.Visible} {(forUpdate ? "for update" : "")}",
            new { id = GrantRow.Storable(id), sight.Grant, sight.OfPerson, sight.All, sight.IsTest }, transaction, cancellationToken: cancellationToken));
        return row is null ? null : (await ReadAsync(connection, transaction, [row], cancellationToken))[0];
    }

    /// <summary>A page of orders, the newest first.</summary>
    public static async Task<IReadOnlyList<StoredOrder>> ListAsync(NpgsqlConnection connection, string condition, object values, int limit, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<OrderRow>(new CommandDefinition(
            $"select {OrderColumns} from checkout.orders o where {condition} order by o.id desc limit {limit}", values, cancellationToken: cancellationToken))).AsList();
        return await ReadAsync(connection, null, rows, cancellationToken);
    }

    /// <summary>The rules that the order was bought under; the shop's, where they were not kept.</summary>
    public ReturnPolicy PolicyOf(IReturnRules shop) => Terms?.Policy ?? shop.Policy;

    /// <summary>What was paid and not given back, nor is on its way back.</summary>
    public long Refundable => Order.Paid - Refunds.Where(refund => refund.State != RefundState.Failed).Sum(refund => refund.Amount);

    private static async Task<IReadOnlyList<StoredOrder>> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<OrderRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return [];
        }
        await using var answers = await connection.QueryMultipleAsync(new CommandDefinition(
            RestSql, new { ids = rows.Select(row => row.Id).ToArray() }, transaction, cancellationToken: cancellationToken));
        var acts = (await answers.ReadAsync<ActRow>()).ToLookup(row => row.OrderId);
        var shipments = (await answers.ReadAsync<ShipmentRow>()).ToLookup(row => row.OrderId);
        var events = (await answers.ReadAsync<EventRow>()).ToLookup(row => row.OrderId);
        var cancellations = (await answers.ReadAsync<CancellationRow>()).ToLookup(row => row.OrderId);
        var refunds = (await answers.ReadAsync<RefundRow>()).ToLookup(row => row.OrderId);
        var returns = (await answers.ReadAsync<ReturnRow>()).ToLookup(row => row.OrderId);
        return [.. rows.Select(row => Of(row, [.. acts[row.Id]], [.. shipments[row.Id]], [.. events[row.Id]], [.. cancellations[row.Id]], [.. refunds[row.Id]], [.. returns[row.Id]]))];
    }

    private static StoredOrder Of(
        OrderRow row, IReadOnlyList<ActRow> acts, IReadOnlyList<ShipmentRow> shipments, IReadOnlyList<EventRow> events, IReadOnlyList<CancellationRow> cancellations,
        IReadOnlyList<RefundRow> refunds, IReadOnlyList<ReturnRow> returns)
    {
        // Orders that were placed before there was a document have their lines alone.
        var document = row.Document is null ? null : JsonSerializer.Deserialize<SessionDocument>(row.Document, StoredJson.Options);
        var lines = document?.LineItems ?? JsonSerializer.Deserialize<IReadOnlyList<LineItem>>(row.LineItems, StoredJson.Options)!;
        var states = lines.ToDictionary(line => line.Id, line => acts.Where(act => act.LineId == line.Id)
            .Aggregate(new LineState(line.Quantity, 0, 0, 0, 0, 0), (state, act) => state.With(act.Act, act.Quantity)));
        IReadOnlyList<LineQuantity> PiecesOf(string actId, string act) => [.. acts.Where(one => one.ActId == actId && one.Act == act).Select(one => new LineQuantity(one.LineId, one.Quantity))];
        Shipment[] sent = [.. shipments.Select(one => new Shipment(one.Id, one.OrderId, PiecesOf(one.Id, "shipped"), Wire.To<ShipmentState>(one.State), one.Carrier, one.TrackingNumber,
            one.TrackingUrl, one.PromisedUntil is { } until ? new DeliveryPromise(Time(until), Time(one.PromisedFrom)) : null, one.ExternalId, Time(one.CreatedAt), Time(one.DeliveredAt)))];
        Refund[] back = [.. refunds.Select(one => new Refund(one.Id, one.OrderId, Wire.To<RefundState>(one.State), one.Amount, one.Currency, one.Reason, one.Comment, PiecesOf(one.Id, "refunded"),
            one.Cause, one.CauseId, one.ExternalId, Time(one.CreatedAt), Time(one.SettledAt), one.Failure))];
        var quantities = states.Values.Select(state => state.Quantities).ToList();
        var order = new Order(
            row.Id, row.SessionId, row.ClientId, row.Person, row.Currency,
            [.. lines.Select(line => new OrderLine(line.Id, line.ProductId, line.Title, line.Quantity, line.ListPrice, line.UnitPrice, line.Total, states[line.Id].Quantities,
                LineState.StatusOf(states[line.Id].Quantities.Total, states[line.Id].Quantities.Fulfilled)) { Discount = line.Discount, Tax = line.Tax, BackOrder = line.BackOrder })],
            document?.Totals ?? CheckoutSession.TotalsOf(lines),
            Time(row.PlacedAt), LineState.StatusOf(quantities.Sum(one => one.Total), quantities.Sum(one => one.Fulfilled)),
            new OrderFulfillment(
                [.. Promises.Of(document?.Fulfillment, states), .. sent.Where(one => one.Promise is not null).Select(one => Promises.Of(one, document?.Fulfillment))],
                [.. events.Join(sent, one => one.ShipmentId, one => one.Id, (entry, shipment) => new FulfillmentEvent(entry.Id, entry.Type, Time(entry.OccurredAt), shipment.Id, shipment.LineItems,
                    shipment.Carrier, shipment.TrackingNumber, shipment.TrackingUrl, entry.Description))]),
            [.. AdjustmentsOf(cancellations, returns, back, PiecesOf).OrderBy(one => one.OccurredAt).ThenBy(one => one.Id, StringComparer.Ordinal)],
            document?.Taxes, document?.Discounts, document?.Fulfillment, document?.Buyer, document?.Attribution, row.IsTest ? true : null);
        return new StoredOrder(order, row.GrantId, states, sent, back,
            returns.Where(one => one.State != "refused").GroupBy(one => one.LineId).ToDictionary(group => group.Key, group => group.Sum(one => one.Quantity)),
            new Acts(events.Count, cancellations.Count, returns.Select(one => one.Id).Distinct().Count()), row.Caller is null ? null : JsonElement.Parse(row.Caller), document?.Returns);
    }

    // A cancellation or a return tells of its money itself; a refund that belongs to neither is an adjustment of its own. One that failed moved none.
    private static IEnumerable<Adjustment> AdjustmentsOf(
        IReadOnlyList<CancellationRow> cancellations, IReadOnlyList<ReturnRow> returns, IReadOnlyList<Refund> refunds, Func<string, string, IReadOnlyList<LineQuantity>> piecesOf)
    {
        var byCause = refunds.Where(refund => refund.CauseId is not null).GroupBy(refund => refund.CauseId!).ToDictionary(group => group.Key, group => group.Last());
        foreach (var one in cancellations)
        {
            yield return Of(one.Id, "cancellation", Time(one.At), piecesOf(one.Id, "canceled"), one.Comment ?? one.Reason, byCause.GetValueOrDefault(one.Id));
        }
        foreach (var one in returns.Where(one => one.State == "received").GroupBy(one => one.Id).Select(group => group.First()))
        {
            yield return Of(one.Id, "return", Time(one.ReceivedAt!.Value), piecesOf(one.Id, "returned"), one.Reason, byCause.GetValueOrDefault(one.Id));
        }
        foreach (var refund in refunds.Where(refund => refund.CauseId is null))
        {
            yield return Of(refund.Id, "refund", refund.CreatedAt, [], refund.Comment ?? refund.Reason, refund);
        }
    }

    private static Adjustment Of(string id, string type, DateTimeOffset at, IReadOnlyList<LineQuantity> pieces, string description, Refund? refund) => new(
        id, type, at, refund?.State switch { RefundState.Pending => AdjustmentStatus.Pending, RefundState.Failed => AdjustmentStatus.Failed, _ => AdjustmentStatus.Completed },
        [.. pieces.Select(one => one with { Quantity = -one.Quantity })], refund is null ? [] : [new Total(TotalType.Total, -refund.Amount)], description, refund?.Id);

    internal static DateTimeOffset Time(DateTime time) => new(time);

    internal static DateTimeOffset? Time(DateTime? time) => time is { } known ? new DateTimeOffset(known) : null;
}
