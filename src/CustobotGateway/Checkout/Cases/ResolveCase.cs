using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Cases;

/// <summary>A case is closed: by the agent with a proposal that settled it, or by staff with the outcome.</summary>
public static class ResolveCase
{
    /// <param name="Code">How it ended; of an agent <c>proposal_taken</c>, <c>answered</c> or <c>withdrawn</c>.</param>
    /// <param name="ProposalId">The proposal that settled it; needed for <c>proposal_taken</c>.</param>
    /// <param name="Text">In words, 1 to 4,000 characters, or null.</param>
    public sealed record Request(ResolutionCode Code, string? ProposalId = null, string? Text = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.Code).IsInEnum();
            RuleFor(request => request.ProposalId).NotEmpty().MaximumLength(16).When(request => request.Code == ResolutionCode.ProposalTaken);
            RuleFor(request => request.Text).Length(1, Case.MaxText).When(request => request.Text is not null);
        }
    }

    internal static void Map(RouteGroupBuilder cases) => cases
        .MapPost("/{id}/resolve", HandleAsync).WithName("resolveCase").CanDryRun().Validate<Request>().RequireBuyerOrDecider()
        .WithSummary("Close a case")
        .WithDescription("The agent closes it with the proposal that settled it, because it was answered, or because it does not ask any more; staff with the outcome. What a proposal says is done by its own request: closing a case moves nothing.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Case>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, orders, cancellationToken)).ToHttp();

    /// <summary>Closes it.</summary>
    public static Task<Outcome<Case>> RunAsync(string id, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        return CaseWrite.RunAsync(id, "resolve", request, idempotencyKey, agent, orders, async (transaction, stored) =>
        {
            var (before, now, actor) = (stored.Case, agent.NowBy(orders.Clock), OrderAccess.ActorOf(agent));
            if (agent.GrantId == stored.GrantId && request.Code is not (ResolutionCode.ProposalTaken or ResolutionCode.Answered or ResolutionCode.Withdrawn))
            {
                return CommonProblems.Forbidden.With("Only staff says what the merchant did: an agent closes with proposal_taken, answered or withdrawn.");
            }
            if (request.ProposalId is not null && before.Proposals.All(proposal => proposal.Id != request.ProposalId))
            {
                return CommonProblems.InvalidRequest.With($"The case has no proposal {request.ProposalId}.", [new("/proposal_id", "unknown_value", "Name one of the case's proposals.")]);
            }
            var after = before with { State = CaseState.Closed, Resolution = new CaseResolution(request.Code, request.ProposalId, request.Text, actor, now), UpdatedAt = now };
            await StoredCase.UpdateAsync(transaction, after, cancellationToken);
            await EventLog.AppendAsync(transaction, id, actor, now, new CaseClosed(before.ClientId, stored.GrantId, before.OrderId, request.Code, request.ProposalId), cancellationToken);
            return after;
        }, cancellationToken);
    }
}
