using System.Text.Json;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Returns;

/// <summary>Staff decides a return that the policy left to it.</summary>
public static class DecideReturn
{
    /// <param name="Approve">Whether the goods may be sent back.</param>
    /// <param name="Note">What the buyer is told, 1 to 1,000 characters.</param>
    public sealed record Request(bool Approve, string Note);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator() => RuleFor(request => request.Note).NotEmpty().MaximumLength(1_000);
    }

    internal static void Map(RouteGroupBuilder orders) => orders
        .MapPost("/{id}/returns/{return_id}/decision", HandleAsync).WithName("decideReturn").CanDryRun().WithTags("Returns").Validate<Request>().RequireOrderDecider()
        .WithSummary("Decide a return")
        .WithDescription("For returns that the policy left to staff. What was decided is not decided again.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Return>, ProblemHttpResult>> HandleAsync(
        string id, [FromRoute(Name = "return_id")] string returnId, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, OrderContext orders,
        CancellationToken cancellationToken) =>
        (await RunAsync(id, returnId, request, idempotencyKey, agent, orders, cancellationToken)).ToHttp();

    /// <summary>Decides it.</summary>
    public static Task<Outcome<Return>> RunAsync(
        string id, string returnId, Request request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(returnId);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(orders);
        var sight = new OrderAccess.Sight(null, null, OrderAccess.IsDecider(agent), agent.IsTest);
        return OrderWrite.RunAsync<Return>(id, $"returns/{returnId}/decision", request, idempotencyKey, agent, sight, orders.Writes, async (transaction, stored) =>
        {
            var connection = transaction.Connection!;
            if (await ReturnRows.FindAsync(connection, transaction, id, returnId, orders.Rules, cancellationToken) is not { } found)
            {
                return GetReturn.Unknown(returnId);
            }
            if (found.State != ReturnState.Requested)
            {
                return OrderProblems.ReturnClosed.With($"The return is {Wire.Of(found.State)} already.");
            }
            var (now, actor) = (agent.NowBy(orders.Clock), OrderAccess.ActorOf(agent));
            var decision = found.Decision with
            {
                Verdict = request.Approve ? ReturnVerdict.Eligible : ReturnVerdict.Refused,
                Reasons = [.. found.Decision.Reasons, new DecisionReason("staff", request.Note)],
                DecidedBy = actor,
            };
            var decided = found with
            {
                State = request.Approve ? ReturnState.Approved : ReturnState.Refused,
                Decision = decision,
                ExpectedRefund = request.Approve ? found.ExpectedRefund : 0,
                Deadline = request.Approve ? now.AddDays(stored.PolicyOf(orders.Rules).SendBackDays) : null,
                Instructions = request.Approve ? orders.Rules.Policy.Instructions : null,
            };
            await connection.ExecuteAsync(new CommandDefinition(
                "update checkout.returns set state = @state, decision = @decision::jsonb, deadline = @Deadline, expected_refund = @ExpectedRefund, decided_at = @now where id = @Id",
                new { decided.Id, state = Wire.Of(decided.State), decision = JsonSerializer.Serialize(decision, Json.Options), decided.Deadline, decided.ExpectedRefund, now }, transaction,
                cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, id, actor, now, EventOf(stored, decided), cancellationToken);
            return decided;
        }, cancellationToken);
    }

    internal static ReturnDecided EventOf(StoredOrder stored, Return decided) => new(
        stored.Order.ClientId, stored.GrantId, decided.Id, decided.State, decided.Decision.Reasons, new Money(decided.ExpectedRefund, decided.Currency), decided.Deadline, decided.Decision.DecidedBy);
}
