using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Somebody wants to send goods back, and the merchant's policy answers at once, with its reasons.</summary>
public static class RequestReturn
{
    /// <param name="LineItems">Which pieces: delivered, and in no other return.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Comment">In words for staff, at most 1,000 characters.</param>
    public sealed record Request(IReadOnlyList<LineQuantity> LineItems, ReturnReason Reason, string? Comment = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            Pieces.Rules(this, request => request.LineItems);
            RuleFor(request => request.Reason).IsInEnum();
            RuleFor(request => request.Comment).Length(1, 1_000).When(request => request.Comment is not null);
        }
    }

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapPost("/{id}/returns", HandleAsync).WithName("requestReturn").CanDryRun().WithTags("Returns").Validate<Request>().RequireBuyerOrOperator()
        .WithSummary("Ask to send goods back")
        .WithDescription("Decided at once by the policy that the order was bought under, with reasons for each line: approved, with the deadline, the instructions and the refund to expect; refused; or requested, where staff decides. Only delivered pieces that are in no other return come back; a refused return uses none up. Ask getReturnPolicy before buying.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Return>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, idempotencyKey, agent, orders, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/orders/{id}/returns/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Asks.</summary>
    public static Task<Outcome<Return>> RunAsync(string id, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        return OrderWrite.RunAsync<Return>(id, "returns", request, idempotencyKey, agent, OrderAccess.HandOf(agent), orders.Writes, async (transaction, stored) =>
        {
            if (stored.Counts.Returns >= StoredOrder.MaxActs)
            {
                return OrderProblems.TooManyActs.With($"An order has at most {StoredOrder.MaxActs} returns.");
            }
            var pieces = Pieces.Of(request.LineItems, stored, (line, state) => state.Delivered - stored.Returned.GetValueOrDefault(line));
            if (!pieces.Succeeded)
            {
                return pieces.Problem!;
            }
            var now = agent.NowBy(orders.Clock);
            var candidates = await CandidatesAsync(transaction, stored, pieces.Value, cancellationToken);
            var decision = ReturnDecisions.Decide(stored.PolicyOf(orders.Rules), request.Reason, candidates, now);
            return await StoreAsync(transaction, stored, request, pieces.Value, candidates.Sum(one => one.Worth), decision, OrderAccess.ActorOf(agent), orders, now, cancellationToken);
        }, cancellationToken);
    }

    private static async Task<IReadOnlyList<ReturnCandidate>> CandidatesAsync(
        NpgsqlTransaction transaction, StoredOrder stored, IReadOnlyList<LineQuantity> pieces, CancellationToken cancellationToken)
    {
        var lines = stored.Order.LineItems.ToDictionary(line => line.Id);
        var categories = stored.Terms is null ? await ProductCategories.ReadAsync(transaction.Connection!, transaction, [.. pieces.Select(piece => lines[piece.Id].ProductNumber)], cancellationToken) : null;
        string? CategoryOf(string lineId) => categories is null ? stored.Terms!.Categories.GetValueOrDefault(lines[lineId].ProductId) : categories.GetValueOrDefault(lines[lineId].ProductNumber);
        return
        [
            .. pieces.Select(piece => new ReturnCandidate(piece.Id, lines[piece.Id].ProductId, CategoryOf(piece.Id),
                stored.Shipments.Where(shipment => shipment.DeliveredAt is not null && shipment.LineItems.Any(one => one.Id == piece.Id)).Max(shipment => shipment.DeliveredAt),
                RefundRows.Worth(stored, [piece]).Amount)),
        ];
    }

    private static async Task<Return> StoreAsync(
        NpgsqlTransaction transaction, StoredOrder stored, Request request, IReadOnlyList<LineQuantity> pieces, long worth, ReturnDecision decision, string actor, OrderContext orders,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var order = stored.Order;
        var state = decision.Verdict switch { ReturnVerdict.Eligible => ReturnState.Approved, ReturnVerdict.Refused => ReturnState.Refused, _ => ReturnState.Requested };
        var made = new Return(Ids.New("ret", now), order.Id, state, request.Reason, request.Comment, [.. pieces.Select(piece => new ReturnLine(piece.Id, piece.Quantity))], decision, order.Currency,
            state == ReturnState.Refused ? 0 : worth - decision.RestockingFee, state == ReturnState.Approved ? now.AddDays(stored.PolicyOf(orders.Rules).SendBackDays) : null,
            state == ReturnState.Approved ? orders.Rules.Policy.Instructions : null, now);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.returns (id, order_id, grant_id, state, reason, comment, decision, deadline, expected_refund, currency, actor, created_at, decided_at, is_test)
            select @Id, @OrderId, o.grant_id, @state, @reason, @Comment, @decision::jsonb, @Deadline, @ExpectedRefund, @Currency, @actor, @CreatedAt, @decided, o.is_test
            from checkout.orders o where o.id = @OrderId;
            insert into checkout.return_lines (return_id, line_id, quantity) select @Id, line, quantity from unnest(@lines, @quantities) as given (line, quantity)
            """,
            new
            {
                made.Id,
                made.OrderId,
                state = Wire.Of(state),
                reason = Wire.Of(made.Reason),
                made.Comment,
                decision = JsonSerializer.Serialize(decision, Json.Options),
                made.Deadline,
                made.ExpectedRefund,
                made.Currency,
                actor,
                made.CreatedAt,
                decided = state == ReturnState.Requested ? (DateTimeOffset?)null : now,
                lines = pieces.Select(piece => piece.Id).ToArray(),
                quantities = pieces.Select(piece => piece.Quantity).ToArray(),
            }, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, order.Id, actor, now, new ReturnRequested(order.ClientId, stored.GrantId, made.Id, pieces, made.Reason), cancellationToken);
        if (state != ReturnState.Requested)
        {
            await EventLog.AppendAsync(transaction, order.Id, actor, now, DecideReturn.EventOf(stored, made), cancellationToken);
        }
        return made;
    }
}
