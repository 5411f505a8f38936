using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Cases;

/// <summary>A case is handed to a person, with the page of what happened.</summary>
public static class EscalateCase
{
    /// <param name="Note">What else the person should know, 1 to 4,000 characters; null for nothing.</param>
    public sealed record Request(string? Note = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator() => RuleFor(request => request.Note).Length(1, Case.MaxText).When(request => request.Note is not null);
    }

    internal static void Map(RouteGroupBuilder cases) => cases
        .MapPost("/{id}/escalate", HandleAsync).WithName("escalateCase").CanDryRun().Validate<Request>().RequireBuyerOrDecider()
        .WithSummary("Hand a case to a person")
        .WithDescription("It waits in the queue of the merchant's staff, with the page of what happened to the order so far. A case that waits already stays as it is.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Case>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, orders, cancellationToken)).ToHttp();

    /// <summary>Hands it over.</summary>
    public static Task<Outcome<Case>> RunAsync(string id, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        return CaseWrite.RunAsync(id, "escalate", request, idempotencyKey, agent, orders, async (transaction, stored) =>
        {
            var (before, now, actor) = (stored.Case, agent.NowBy(orders.Clock), OrderAccess.ActorOf(agent));
            if (before.State == CaseState.Escalated && request.Note is null)
            {
                return before;
            }
            if (before.Messages.Count >= Case.MaxMessages && request.Note is not null)
            {
                return OrderProblems.TooManyActs.With($"A case has at most {Case.MaxMessages} messages.");
            }
            var message = request.Note is null ? null : new CaseMessage(Ids.New("msg", now), agent.GrantId == stored.GrantId ? "agent" : "staff", actor, request.Note, now);
            if (message is not null)
            {
                await StoredCase.AddMessageAsync(transaction, id, message, cancellationToken);
            }
            var after = before with
            {
                State = CaseState.Escalated,
                Summary = await GetCase.SummaryAsync(transaction.Connection!, before.OrderId, now, cancellationToken),
                Messages = message is null ? before.Messages : [.. before.Messages, message],
                UpdatedAt = now,
                EscalatedAt = before.EscalatedAt ?? now,
            };
            await StoredCase.UpdateAsync(transaction, after, cancellationToken);
            if (before.State != CaseState.Escalated)
            {
                await EventLog.AppendAsync(transaction, id, actor, now, new CaseEscalated(before.ClientId, stored.GrantId, before.OrderId), cancellationToken);
            }
            return after;
        }, cancellationToken);
    }
}
