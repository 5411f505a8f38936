using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Why money goes back.</summary>
public enum RefundReason
{
    /// <summary>To keep the customer.</summary>
    Goodwill,

    /// <summary>It arrived damaged.</summary>
    Damaged,

    /// <summary>It does not work.</summary>
    Defective,

    /// <summary>It did not arrive.</summary>
    NotDelivered,

    /// <summary>It arrived late.</summary>
    ArrivedLate,

    /// <summary>The price was wrong.</summary>
    PriceAdjustment,

    /// <summary>It was charged twice.</summary>
    Duplicate,

    /// <summary>It was not the person who bought.</summary>
    Fraud,

    /// <summary>Pieces were canceled.</summary>
    Canceled,

    /// <summary>Pieces were returned.</summary>
    Returned,

    /// <summary>Something else; the comment tells.</summary>
    Other,
}

/// <summary>The merchant gives money back.</summary>
public static class RefundOrder
{
    /// <summary>Either <paramref name="Amount"/> or <paramref name="LineItems"/>.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Amount">How much, in whole minor units of the order's currency: 1 to what is left of the payment.</param>
    /// <param name="LineItems">Pieces whose price goes back; each piece once.</param>
    /// <param name="Comment">In words, at most 500 characters.</param>
    /// <param name="ExternalId">The merchant's own name for the refund, unique within the order, at most 100 characters: the same again is answered with the refund that it names, and nothing more goes back.</param>
    public sealed record Request(RefundReason Reason, long? Amount = null, IReadOnlyList<LineQuantity>? LineItems = null, string? Comment = null, string? ExternalId = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Reason).IsInEnum();
            RuleFor(request => request).Must(request => request.Amount is null != request.LineItems is null).OverridePropertyName("").WithErrorCode("invalid")
                .WithMessage("Either 'amount' or 'line_items' is needed, and not both.");
            RuleFor(request => request.Amount).GreaterThanOrEqualTo(1).When(request => request.Amount is not null).WithMessage("'amount' is 1 or more minor units.");
            Pieces.Rules(this, request => request.LineItems);
            RuleFor(request => request.Comment).Length(1, 500).When(request => request.Comment is not null);
            RuleFor(request => request.ExternalId).Length(1, 100).When(request => request.ExternalId is not null);
        }
    }

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapPost("/{id}/refunds", HandleAsync).WithName("refundOrder").CanDryRun().Validate<Request>().RequireOrderOperator()
        .WithSummary("Give money back")
        .WithDescription("An amount, or the price of pieces. All refunds of an order together are at most what was charged. The money goes back to what it was paid with, and to the budget of the grant. A refund whose provider does not answer stays pending and is settled by itself.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<Refund>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, request, idempotencyKey, agent, orders, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/orders/{id}/refunds/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Gives it back.</summary>
    public static Task<Outcome<Refund>> RunAsync(string id, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        var attempt = new WriteAttempt(agent, $"orders/{id}/refunds", idempotencyKey, request);
        return RefundingWrite.RunAsync<Refund>(id, attempt, async (transaction, stored) =>
        {
            if (await RequestKey.FindAsync(transaction, "refunds", id, attempt, cancellationToken) is { } before)
            {
                return Found(stored.Refunds.Single(refund => refund.Id == before));
            }
            if (request.ExternalId is not null && stored.Refunds.FirstOrDefault(refund => refund.ExternalId == request.ExternalId) is { } same)
            {
                return IsSame(request, same) ? Found(same) : OrderProblems.ExternalIdReused.With($"{request.ExternalId} names the refund {same.Id}, which is another one.");
            }
            var (amount, pieces) = (request.Amount ?? 0, Array.Empty<LineQuantity>());
            if (request.LineItems is not null)
            {
                var named = Pieces.Of(request.LineItems, stored, (_, state) => state.Refundable);
                if (!named.Succeeded)
                {
                    return named.Problem!;
                }
                (amount, pieces) = RefundRows.Worth(stored, named.Value);
                if (amount == 0)
                {
                    return OrderProblems.QuantityUnavailable.With("Nothing was paid for these pieces.");
                }
            }
            var reserved = await RefundRows.ReserveAsync(transaction, stored, amount, pieces,
                new RefundCause(Wire.Of(request.Reason), request.Comment, "refund", null, request.ExternalId, RequestKey.Of(attempt)), OrderAccess.ActorOf(agent), agent.NowBy(orders.Clock), cancellationToken);
            return reserved.Succeeded ? Found(reserved.Value) : reserved.Problem!;
        }, (refund, settled) => settled ?? refund, orders.Writes, orders.Refunds, cancellationToken);
    }

    private static Outcome<Acted<Refund>> Found(Refund refund) => new Acted<Refund>(refund, refund.Id);

    private static bool IsSame(Request request, Refund known) =>
        known.Reason == Wire.Of(request.Reason)
        && (request.LineItems is null ? known.LineItems.Count == 0 && request.Amount == known.Amount
            : request.LineItems.OrderBy(piece => piece.Id, StringComparer.Ordinal).SequenceEqual(known.LineItems.OrderBy(piece => piece.Id, StringComparer.Ordinal)));
}
