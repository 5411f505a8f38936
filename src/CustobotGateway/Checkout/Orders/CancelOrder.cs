using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Why pieces are canceled.</summary>
public enum CancellationReason
{
    /// <summary>The buyer does not want it any more.</summary>
    Unwanted,

    /// <summary>The merchant does not have it.</summary>
    OutOfStock,

    /// <summary>It takes too long.</summary>
    TooLate,

    /// <summary>The price was wrong.</summary>
    PriceError,

    /// <summary>It was ordered twice.</summary>
    Duplicate,

    /// <summary>Nothing can be delivered to the address.</summary>
    AddressUndeliverable,

    /// <summary>It was not the person who bought.</summary>
    Fraud,

    /// <summary>The payment provider held the money and did not take it.</summary>
    PaymentFailed,

    /// <summary>Something else; the comment tells.</summary>
    Other,
}

/// <summary>Pieces of an order that are not wanted any more.</summary>
/// <param name="Id"><c>can_…</c></param>
/// <param name="OrderId">The order.</param>
/// <param name="LineItems">Which pieces.</param>
/// <param name="Reason">Why.</param>
/// <param name="Comment">In words, or null.</param>
/// <param name="At">When.</param>
/// <param name="Refund">What goes back for them; null where nothing was paid for them.</param>
public sealed record Cancellation(string Id, string OrderId, IReadOnlyList<LineQuantity> LineItems, CancellationReason Reason, string? Comment, DateTimeOffset At, Refund? Refund);

/// <summary>What has not left is canceled: its stock and its money go back.</summary>
public static class CancelOrder
{
    /// <param name="Reason">Why.</param>
    /// <param name="LineItems">Which pieces; all that have not left when null.</param>
    /// <param name="Comment">In words, at most 500 characters.</param>
    public sealed record Request(CancellationReason Reason, IReadOnlyList<LineQuantity>? LineItems = null, string? Comment = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Reason).IsInEnum();
            Pieces.Rules(this, request => request.LineItems);
            RuleFor(request => request.Comment).Length(1, 500).When(request => request.Comment is not null);
        }
    }

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapPost("/{id}/cancellations", HandleAsync).WithName("cancelOrder").CanDryRun().Validate<Request>().RequireBuyerOrOperator()
        .WithSummary("Cancel an order or a part of it")
        .WithDescription("What has not left is canceled; its stock goes back, and what was paid for it: the whole payment, delivery included, where nothing of the order is left. The agent that bought may do so while nothing has shipped and the merchant's policy allows it, the merchant's system always.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Cancellation>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, idempotencyKey, agent, orders, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/orders/{id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Cancels them.</summary>
    public static Task<Outcome<Cancellation>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        var attempt = new WriteAttempt(agent, $"orders/{id}/cancellations", idempotencyKey, request);
        return RefundingWrite.RunAsync<Cancellation>(id, attempt, async (transaction, stored) =>
        {
            if (await RequestKey.FindAsync(transaction, "cancellations", id, attempt, cancellationToken) is { } before)
            {
                var (pieces, refund) = (await PiecesOfAsync(transaction, id, before, cancellationToken), stored.Refunds.FirstOrDefault(one => one.CauseId == before));
                return new Acted<Cancellation>(new Cancellation(before, id, pieces, request.Reason, request.Comment, agent.NowBy(orders.Clock), refund), refund?.Id);
            }
            if (!OrderAccess.IsOperator(agent) && RefusalOf(stored, stored.PolicyOf(orders.Rules).CancelHours, agent.NowBy(orders.Clock)) is { } late)
            {
                return late;
            }
            return await ActAsync(transaction, stored, request, attempt, agent, orders, cancellationToken);
        }, (cancellation, refund) => cancellation with { Refund = refund ?? cancellation.Refund }, orders.Writes, orders.Refunds, cancellationToken);
    }

    // What an agent may not undo: what has left, and what the merchant's policy does not allow it any more.
    private static Problem? RefusalOf(StoredOrder stored, int? hours, DateTimeOffset now) =>
        stored.States.Values.Any(state => state.Shipped > 0)
            ? OrderProblems.CancellationRefused.With("Something of the order has shipped. Return what you do not want when it arrives.", remedy: new("Ask for a return.", $"/v1/orders/{stored.Order.Id}/returns"))
        : hours is { } most && now > stored.Order.PlacedAt.AddHours(most)
            ? OrderProblems.CancellationRefused.With($"Agents cancel within {most} hours of the order. Open a case to ask the merchant.", remedy: new("Open a case.", $"/v1/orders/{stored.Order.Id}/cases"))
        : null;

    private static async Task<Outcome<Acted<Cancellation>>> ActAsync(
        NpgsqlTransaction transaction, StoredOrder stored, Request request, WriteAttempt attempt, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        var order = stored.Order;
        var named = Pieces.Of(request.LineItems, stored, (_, state) => state.Open);
        if (!named.Succeeded)
        {
            return named.Problem!;
        }
        if (stored.Counts.Cancellations >= StoredOrder.MaxActs)
        {
            return OrderProblems.TooManyActs.With($"An order has at most {StoredOrder.MaxActs} cancellations.");
        }
        var (now, pieces, actor) = (agent.NowBy(orders.Clock), named.Value, OrderAccess.ActorOf(agent));
        var canceled = pieces.ToDictionary(piece => piece.Id, piece => piece.Quantity);
        // Where nothing is left and nothing ever left, everything goes back, delivery too.
        var isWhole = stored.States.All(line => line.Value.Shipped == 0 && line.Value.Open == canceled.GetValueOrDefault(line.Key));
        var (worth, paid) = RefundRows.Worth(stored, pieces);
        var amount = isWhole ? stored.Refundable : Math.Min(worth, stored.Refundable);
        var cancellation = new Cancellation(Ids.New("can", now), order.Id, pieces, request.Reason, request.Comment, now, null);
        if (amount > 0)
        {
            var reserved = await RefundRows.ReserveAsync(transaction, stored, amount, paid,
                new RefundCause(Wire.Of(RefundReason.Canceled), request.Comment, "cancellation", cancellation.Id, null, null), actor, now, cancellationToken);
            if (!reserved.Succeeded)
            {
                return reserved.Problem!;
            }
            cancellation = cancellation with { Refund = reserved.Value };
        }
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.cancellations (id, order_id, reason, comment, actor, at, request_key, is_test)
            select @Id, @OrderId, @reason, @Comment, @actor, @At, @key, o.is_test from checkout.orders o where o.id = @OrderId
            """,
            new { cancellation.Id, cancellation.OrderId, reason = Wire.Of(cancellation.Reason), cancellation.Comment, actor, cancellation.At, key = RequestKey.Of(attempt) }, transaction,
            cancellationToken: cancellationToken));
        await Pieces.AddAsync(transaction, order.Id, "canceled", cancellation.Id, pieces, cancellationToken);
        if (stored.States.All(line => line.Value.Quantities.Total == canceled.GetValueOrDefault(line.Key)))
        {
            await EventLog.AppendAsync(transaction, order.Id, actor, now,
                new OrderCanceled(order.ClientId, stored.GrantId, cancellation.Id, pieces, Wire.Of(request.Reason), cancellation.Refund?.Id), cancellationToken);
        }
        else
        {
            await EventLog.AppendAsync(transaction, order.Id, actor, now,
                new OrderLineCanceled(order.ClientId, stored.GrantId, cancellation.Id, pieces, Wire.Of(request.Reason), cancellation.Refund?.Id), cancellationToken);
        }
        await RestockPieces.RunAsync(transaction, order, pieces, cancellationToken);
        return new Acted<Cancellation>(cancellation, cancellation.Refund?.Id);
    }

    private static async Task<IReadOnlyList<LineQuantity>> PiecesOfAsync(NpgsqlTransaction transaction, string orderId, string actId, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<LineQuantity>(new CommandDefinition(
            "select line_id as id, quantity from checkout.line_acts where order_id = @orderId and act_id = @actId and act = 'canceled' order by line_id", new { orderId, actId }, transaction,
            cancellationToken: cancellationToken))];
}

/// <summary>Gives the stock of pieces back to where it was taken from, in the order in which stock is locked everywhere.</summary>
internal static class RestockPieces
{
    public static async Task RunAsync(NpgsqlTransaction transaction, Order order, IEnumerable<LineQuantity> pieces, CancellationToken cancellationToken)
    {
        var products = order.LineItems.ToDictionary(line => line.Id, line => line.ProductNumber);
        foreach (var piece in pieces.OrderBy(piece => products[piece.Id]))
        {
            await Restock.RunAsync(transaction, order.CheckoutSessionId, products[piece.Id], piece.Quantity, cancellationToken, order.IsTest == true);
        }
    }
}
