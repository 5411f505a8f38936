using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Goods that were sent back arrived: what is taken back is paid back, and goes to the stock again if it can be sold.</summary>
public static class ReceiveReturn
{
    /// <param name="LineItems">What was found, for each line of the return that is not taken back as a whole and restocked; null where all is.</param>
    public sealed record Request(IReadOnlyList<Finding>? LineItems = null);

    /// <summary>What was found of a line.</summary>
    /// <param name="Id">The line's id in the order.</param>
    /// <param name="Accepted">How many are taken back and paid back, 0 to the return's quantity.</param>
    /// <param name="Restock">Whether those can be sold again.</param>
    /// <param name="Note">What was found, at most 500 characters.</param>
    public sealed record Finding(string Id, int Accepted, bool Restock = true, string? Note = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.LineItems).Must(lines => lines!.Count is > 0 and <= ContentRules.MaxLines && lines.All(line => line is not null)
                    && lines.Select(line => line.Id).Distinct(StringComparer.Ordinal).Count() == lines.Count)
                .When(request => request.LineItems is not null).WithErrorCode("invalid").WithMessage($"'line_items' holds 1 to {ContentRules.MaxLines} lines, each once.");
            RuleForEach(request => request.LineItems).ChildRules(line =>
            {
                line.RuleFor(one => one.Id).NotEmpty().MaximumLength(64);
                line.RuleFor(one => one.Accepted).InclusiveBetween(0, ContentRules.MaxQuantity);
                line.RuleFor(one => one.Note).Length(1, 500).When(one => one.Note is not null);
            });
        }
    }

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapPost("/{id}/returns/{return_id}/receipt", HandleAsync).WithName("receiveReturn").CanDryRun().WithTags("Returns").Validate<Request>().RequireOrderOperator()
        .WithSummary("Say what came back")
        .WithDescription("For an approved return, once. What is taken back is refunded, less the fee that the return names; what can be sold again goes to the stock.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Return>, ProblemHttpResult>> HandleAsync(
        string id, [FromRoute(Name = "return_id")] string returnId, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders,
        CancellationToken cancellationToken) =>
        (await RunAsync(id, returnId, request, idempotencyKey, agent, orders, cancellationToken)).ToHttp();

    /// <summary>Takes the goods back.</summary>
    public static Task<Outcome<Return>> RunAsync(
        string id, string returnId, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(returnId);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        var attempt = new WriteAttempt(agent, $"orders/{id}/returns/{returnId}/receipt", idempotencyKey, request);
        return RefundingWrite.RunAsync<Return>(id, attempt, async (transaction, stored) =>
        {
            if (await ReturnRows.FindAsync(transaction.Connection!, transaction, id, returnId, orders.Rules, cancellationToken) is not { } found)
            {
                return GetReturn.Unknown(returnId);
            }
            if (await RequestKey.FindAsync(transaction, "returns", id, attempt, cancellationToken) == returnId)
            {
                return new Acted<Return>(found, found.Refund?.Id);
            }
            if (found.State != ReturnState.Approved)
            {
                return OrderProblems.ReturnClosed.With($"The return is {Wire.Of(found.State)}; goods are received for an approved one, once.");
            }
            var lines = LinesOf(request, found);
            return lines.Succeeded ? await ActAsync(transaction, stored, found, lines.Value, attempt, agent, orders, cancellationToken) : lines.Problem!;
        }, (done, refund) => done with { Refund = refund ?? done.Refund }, orders.Writes, orders.Refunds, cancellationToken);
    }

    private static Outcome<ReturnLine[]> LinesOf(Request request, Return found)
    {
        foreach (var (index, finding) in (request.LineItems ?? []).Index())
        {
            if (found.LineItems.FirstOrDefault(line => line.Id == finding.Id) is not { } line)
            {
                return OrderProblems.LineUnknown.With($"The return has no line {finding.Id}.", [new($"/line_items/{index}/id", "unknown_line", "Name lines of the return.")]);
            }
            if (finding.Accepted > line.Quantity)
            {
                return OrderProblems.QuantityUnavailable.With($"{line.Quantity} of {line.Id} were to come back, not {finding.Accepted}.",
                    [new($"/line_items/{index}/accepted", "too_many", $"At most {line.Quantity}.")]);
            }
        }
        return found.LineItems.Select(line =>
        {
            var finding = request.LineItems?.FirstOrDefault(one => one.Id == line.Id);
            var accepted = finding?.Accepted ?? line.Quantity;
            return line with { Accepted = accepted, Rejected = line.Quantity - accepted, Restocked = accepted > 0 && (finding?.Restock ?? true), Note = finding?.Note };
        }).ToArray();
    }

    private static async Task<Outcome<Acted<Return>>> ActAsync(
        NpgsqlTransaction transaction, StoredOrder stored, Return found, ReturnLine[] lines, WriteAttempt attempt, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        var (order, now, actor) = (stored.Order, agent.NowBy(orders.Clock), OrderAccess.ActorOf(agent));
        LineQuantity[] accepted = [.. lines.Where(line => line.Accepted > 0).Select(line => new LineQuantity(line.Id, line.Accepted!.Value))];
        var (worth, paid) = RefundRows.Worth(stored, accepted);
        // The fee is the policy's of when it was decided: what was said to go back is what goes back.
        var whole = found.ExpectedRefund + found.Decision.RestockingFee;
        var fee = whole == 0 ? 0 : (long)Math.Round((decimal)found.Decision.RestockingFee * worth / whole, MidpointRounding.AwayFromZero);
        var amount = Math.Min(worth - fee, stored.Refundable);
        Refund? refund = null;
        if (amount > 0)
        {
            var reserved = await RefundRows.ReserveAsync(transaction, stored, amount, paid,
                new RefundCause(Wire.Of(RefundReason.Returned), null, "return", found.Id, null, null), actor, now, cancellationToken);
            if (!reserved.Succeeded)
            {
                return reserved.Problem!;
            }
            refund = reserved.Value;
        }
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            update checkout.returns set state = 'received', received_at = @now, request_key = @key where id = @Id;
            update checkout.return_lines l set accepted = given.accepted, restocked = given.restocked, note = given.note
            from unnest(@ids, @accepted, @restocked, @notes) as given (id, accepted, restocked, note) where l.return_id = @Id and l.line_id = given.id
            """,
            new
            {
                found.Id,
                now,
                key = RequestKey.Of(attempt),
                ids = lines.Select(line => line.Id).ToArray(),
                accepted = lines.Select(line => line.Accepted!.Value).ToArray(),
                restocked = lines.Select(line => line.Restocked).ToArray(),
                notes = lines.Select(line => line.Note).ToArray(),
            }, transaction, cancellationToken: cancellationToken));
        if (accepted.Length > 0)
        {
            await Pieces.AddAsync(transaction, order.Id, "returned", found.Id, accepted, cancellationToken);
        }
        await EventLog.AppendAsync(transaction, order.Id, actor, now, new ReturnReceived(order.ClientId, stored.GrantId, found.Id, lines, refund?.Id), cancellationToken);
        await RestockPieces.RunAsync(transaction, order, accepted.Where(piece => lines.Single(line => line.Id == piece.Id).Restocked), cancellationToken);
        return new Acted<Return>(found with { State = ReturnState.Received, LineItems = lines, ReceivedAt = now, Instructions = null, Refund = refund }, refund?.Id);
    }
}
