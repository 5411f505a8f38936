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

/// <summary>The merchant hands pieces of an order to a carrier.</summary>
public static class ShipOrder
{
    /// <param name="LineItems">Which pieces; all that are left when null.</param>
    /// <param name="Carrier">Who carries it, at most 100 characters.</param>
    /// <param name="TrackingNumber">The carrier's number, at most 200 characters.</param>
    /// <param name="TrackingUrl">Where the carrier tells of it: an absolute http or https address.</param>
    /// <param name="Promise">By when it should arrive.</param>
    /// <param name="ExternalId">The merchant's own name for the shipment, unique within the order, at most 100 characters: the same again is answered with the shipment that it names.</param>
    public sealed record Request(
        IReadOnlyList<LineQuantity>? LineItems = null, string? Carrier = null, string? TrackingNumber = null, string? TrackingUrl = null, DeliveryPromise? Promise = null, string? ExternalId = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            Pieces.Rules(this, request => request.LineItems);
            RuleFor(request => request.Carrier).Length(1, 100).When(request => request.Carrier is not null);
            RuleFor(request => request.TrackingNumber).Length(1, 200).When(request => request.TrackingNumber is not null);
            RuleFor(request => request.TrackingUrl).Must(url => url!.Length <= 2_000 && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                .When(request => request.TrackingUrl is not null).WithErrorCode("wrong_form").WithMessage("'tracking_url' is an absolute http or https address of at most 2000 characters.");
            RuleFor(request => request.Promise).Must(promise => promise!.Earliest is null || promise.Earliest <= promise.Latest)
                .When(request => request.Promise is not null).WithErrorCode("out_of_range").WithMessage("'earliest' is not after 'latest'.");
            RuleFor(request => request.ExternalId).Length(1, 100).When(request => request.ExternalId is not null);
        }
    }

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapPost("/{id}/shipments", HandleAsync).WithName("shipOrder").CanDryRun().Validate<Request>().RequireOrderOperator()
        .WithSummary("Ship pieces of an order")
        .WithDescription("The merchant's system says what was handed to a carrier, with tracking and promise. Pieces that were shipped, canceled or are on their way in another shipment are not shipped again.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Shipment>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, idempotencyKey, agent, writes, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/orders/{id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Ships the pieces.</summary>
    public static Task<Outcome<Shipment>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return OrderWrite.RunAsync<Shipment>(id, "shipments", request, idempotencyKey, agent, OrderAccess.HandOf(agent), writes, async (transaction, stored) =>
        {
            if (request.ExternalId is not null && stored.Shipments.FirstOrDefault(known => known.ExternalId == request.ExternalId) is { } same)
            {
                return IsSame(request, same) ? same : OrderProblems.ExternalIdReused.With($"{request.ExternalId} names the shipment {same.Id}, which is another one.");
            }
            if (stored.Shipments.Count >= StoredOrder.MaxActs)
            {
                return OrderProblems.TooManyActs.With($"An order has at most {StoredOrder.MaxActs} shipments.");
            }
            var pieces = Pieces.Of(request.LineItems, stored, (_, state) => state.Open);
            if (!pieces.Succeeded)
            {
                return pieces.Problem!;
            }
            var now = agent.NowBy(clock);
            var shipment = new Shipment(Ids.New("shp", clock), id, pieces.Value, ShipmentState.Shipped, request.Carrier, request.TrackingNumber, request.TrackingUrl, request.Promise,
                request.ExternalId, now, null);
            await StoreAsync(transaction, stored, shipment, OrderAccess.ActorOf(agent), cancellationToken);
            return shipment;
        }, cancellationToken);
    }

    private static bool IsSame(Request request, Shipment known) =>
        (request.LineItems is null || request.LineItems.OrderBy(piece => piece.Id, StringComparer.Ordinal).SequenceEqual(known.LineItems.OrderBy(piece => piece.Id, StringComparer.Ordinal)))
        && request.Carrier == known.Carrier && request.TrackingNumber == known.TrackingNumber && request.TrackingUrl == known.TrackingUrl;

    private static async Task StoreAsync(NpgsqlTransaction transaction, StoredOrder stored, Shipment shipment, string actor, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.shipments (id, order_id, external_id, carrier, tracking_number, tracking_url, promised_from, promised_until, state, created_at, actor, is_test)
            select @Id, @OrderId, @ExternalId, @Carrier, @TrackingNumber, @TrackingUrl, @earliest, @latest, 'shipped', @CreatedAt, @actor, o.is_test from checkout.orders o where o.id = @OrderId
            """,
            new
            {
                shipment.Id,
                shipment.OrderId,
                shipment.ExternalId,
                shipment.Carrier,
                shipment.TrackingNumber,
                shipment.TrackingUrl,
                earliest = shipment.Promise?.Earliest?.ToUniversalTime(),
                latest = shipment.Promise?.Latest.ToUniversalTime(),
                shipment.CreatedAt,
                actor,
            }, transaction, cancellationToken: cancellationToken));
        await Pieces.AddAsync(transaction, shipment.OrderId, "shipped", shipment.Id, shipment.LineItems, cancellationToken);
        await AddShipmentEvent.WriteAsync(transaction, shipment, ShipmentState.Shipped, null, shipment.CreatedAt, shipment.CreatedAt, cancellationToken);
        await EventLog.AppendAsync(transaction, shipment.OrderId, actor, shipment.CreatedAt,
            new OrderShipped(stored.Order.ClientId, stored.GrantId, shipment.Id, shipment.LineItems, shipment.Carrier, shipment.TrackingNumber, shipment.TrackingUrl,
                shipment.Promise?.Latest.ToUniversalTime()), cancellationToken);
    }
}
