using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Cases;

/// <summary>Something is said in a case: by the agent, or by staff, which answers it.</summary>
public static class AddCaseMessage
{
    /// <param name="Text">1 to 4,000 characters.</param>
    public sealed record Request(string Text);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator() => RuleFor(request => request.Text).NotEmpty().MaximumLength(Case.MaxText);
    }

    internal static void Map(RouteGroupBuilder cases) => cases
        .MapPost("/{id}/messages", HandleAsync).WithName("addCaseMessage").CanDryRun().Validate<Request>().RequireBuyerOrDecider()
        .WithSummary("Say something in a case")
        .WithDescription("What staff says answers the case; what the agent says then opens it again, or hands it back to the person who had it.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Case>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, orders, cancellationToken)).ToHttp();

    /// <summary>Says it.</summary>
    public static Task<Outcome<Case>> RunAsync(string id, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        return CaseWrite.RunAsync(id, "messages", request, idempotencyKey, agent, orders, async (transaction, stored) =>
        {
            var before = stored.Case;
            if (before.Messages.Count >= Case.MaxMessages)
            {
                return OrderProblems.TooManyActs.With($"A case has at most {Case.MaxMessages} messages. Close it and open another.");
            }
            // The agent that bought speaks as the agent, also if its person is of the staff.
            var isStaff = agent.GrantId != stored.GrantId && OrderAccess.IsDecider(agent);
            var (now, actor) = (agent.NowBy(orders.Clock), OrderAccess.ActorOf(agent));
            var message = new CaseMessage(Ids.New("msg", now), isStaff ? "staff" : "agent", actor, request.Text, now);
            await StoredCase.AddMessageAsync(transaction, id, message, cancellationToken);
            var after = before with
            {
                Messages = [.. before.Messages, message],
                State = isStaff ? CaseState.Answered : before.EscalatedAt is null ? CaseState.Open : CaseState.Escalated,
                UpdatedAt = now,
            };
            await StoredCase.UpdateAsync(transaction, after, cancellationToken);
            if (isStaff)
            {
                await EventLog.AppendAsync(transaction, id, actor, now, new CaseAnswered(before.ClientId, stored.GrantId, before.OrderId, message.Id), cancellationToken);
            }
            else
            {
                await EventLog.AppendAsync(transaction, id, actor, now, new CaseContinued(before.ClientId, stored.GrantId, before.OrderId, message.Id), cancellationToken);
            }
            return after;
        }, cancellationToken);
    }
}
