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

/// <summary>The merchant says what became of a shipment.</summary>
public static class AddShipmentEvent
{
    /// <param name="Type">What happened; a shipment that was delivered, came back or was canceled has no more events.</param>
    /// <param name="Description">In words, at most 500 characters.</param>
    /// <param name="OccurredAt">When it happened: not before the order was placed and not in the future. Now when null.</param>
    public sealed record Request(ShipmentState Type, string? Description = null, DateTimeOffset? OccurredAt = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Type).IsInEnum().NotEqual(ShipmentState.Shipped).WithErrorCode("unknown_value")
                .WithMessage("'type' is in_transit, out_for_delivery, failed_attempt, undeliverable, delivered, returned_to_sender or canceled.");
            RuleFor(request => request.Description).Length(1, 500).When(request => request.Description is not null);
        }
    }

    // Clocks of carriers are not ours.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapPost("/{id}/shipments/{shipment_id}/events", HandleAsync).WithName("addShipmentEvent").CanDryRun().Validate<Request>().RequireOrderOperator()
        .WithSummary("Say what became of a shipment")
        .WithDescription("What is delivered can be returned from then on; what came back or never left can be shipped again or canceled. Events are appended and never changed.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Shipment>, ProblemHttpResult>> HandleAsync(
        string id, [FromRoute(Name = "shipment_id")] string shipmentId, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes,
        TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, shipmentId, request, idempotencyKey, agent, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Appends the event; the shipment as it then stands.</summary>
    public static Task<Outcome<Shipment>> RunAsync(
        string id, string shipmentId, Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(shipmentId);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return OrderWrite.RunAsync<Shipment>(id, $"shipments/{shipmentId}/events", request, idempotencyKey, agent, OrderAccess.HandOf(agent), writes, async (transaction, stored) =>
        {
            if (stored.Shipments.FirstOrDefault(known => known.Id == shipmentId) is not { } shipment)
            {
                return CommonProblems.NotFound.With($"The order has no shipment {shipmentId}.");
            }
            if (shipment.HasEnded)
            {
                return OrderProblems.ShipmentClosed.With($"The shipment ended as {Wire.Of(shipment.State)}.");
            }
            var now = agent.NowBy(clock);
            var at = (request.OccurredAt ?? now).ToUniversalTime();
            if (at > now + Tolerance || at < stored.Order.PlacedAt - Tolerance)
            {
                return CommonProblems.InvalidRequest.With("occurred_at is between the order and now.", [new("/occurred_at", "out_of_range", $"Between {stored.Order.PlacedAt:O} and now.")]);
            }
            // Each shipment has at least the one that says that it ended.
            if (stored.Counts.Events >= 5 * StoredOrder.MaxActs && request.Type is not (ShipmentState.Delivered or ShipmentState.ReturnedToSender or ShipmentState.Canceled))
            {
                return OrderProblems.TooManyActs.With($"The shipments of an order have at most {5 * StoredOrder.MaxActs} events; how a shipment ended can still be said.");
            }
            return await StoreAsync(transaction, stored, shipment, request, OrderAccess.ActorOf(agent), at, now, cancellationToken);
        }, cancellationToken);
    }

    private static async Task<Shipment> StoreAsync(
        NpgsqlTransaction transaction, StoredOrder stored, Shipment shipment, Request request, string actor, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, state) = (stored.Order.Id, request.Type);
        shipment = shipment with { State = state, DeliveredAt = state == ShipmentState.Delivered ? at : null };
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("update checkout.shipments set state = @state, delivered_at = @DeliveredAt where id = @Id",
            new { shipment.Id, state = Wire.Of(state), shipment.DeliveredAt }, transaction, cancellationToken: cancellationToken));
        await WriteAsync(transaction, shipment, state, request.Description, at, now, cancellationToken);
        if (state == ShipmentState.Delivered)
        {
            await Pieces.AddAsync(transaction, id, "delivered", shipment.Id, shipment.LineItems, cancellationToken);
            await EventLog.AppendAsync(transaction, id, actor, now, new OrderDelivered(stored.Order.ClientId, stored.GrantId, shipment.Id, shipment.LineItems, at), cancellationToken);
            return shipment;
        }
        if (shipment.HasEnded)
        {
            await Pieces.AddAsync(transaction, id, "recalled", shipment.Id, shipment.LineItems, cancellationToken);
        }
        await EventLog.AppendAsync(transaction, id, actor, now,
            new OrderShipmentUpdated(stored.Order.ClientId, stored.GrantId, shipment.Id, state, shipment.LineItems, request.Description, at), cancellationToken);
        return shipment;
    }

    internal static Task WriteAsync(
        NpgsqlTransaction transaction, Shipment shipment, ShipmentState state, string? description, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.shipment_events (id, shipment_id, order_id, type, description, occurred_at, recorded_at)
            values (@id, @shipment, @OrderId, @type, @description, @at, @now)
            """,
            new { id = Ids.New("fev", now), shipment = shipment.Id, shipment.OrderId, type = Wire.Of(state), description, at, now }, transaction, cancellationToken: cancellationToken));
}
