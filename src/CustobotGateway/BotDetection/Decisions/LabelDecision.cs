using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.BotDetection.Decisions;

/// <summary>Staff say what a caller really was; previews of rules estimate by it whom they would hit wrongly.</summary>
public static class LabelDecision
{
    /// <summary>What the caller was.</summary>
    /// <param name="Label">The class; null takes a label back.</param>
    public sealed record Request(CallerClass? Label);

    internal static void Map(RouteGroupBuilder decisions) => decisions
        .MapPut("/{traceId}/label", HandleAsync).WithName("labelDecision").CanDryRun().WithMetadata(DecisionAccess.Reviewer).Validate<Request>()
        .WithSummary("Say what a caller really was")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Decision>, ProblemHttpResult>> HandleAsync(
        string traceId, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(traceId, request, idempotencyKey, agent, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Labels the decision; of several requests in one trace all.</summary>
    public static Task<Outcome<Decision>> RunAsync(
        string traceId, Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(traceId);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        var label = request.Label?.ToWire();
        return writes.RunAsync<Decision>(new WriteAttempt(agent, $"bot-detection/decisions/{traceId}/label", idempotencyKey, request), async transaction =>
        {
            var rows = traceId.Contains('\0', StringComparison.Ordinal) ? [] : (await transaction.Connection!.QueryAsync<DecisionRow>(new CommandDefinition(
                $"update botdetection.decisions set label = @label where trace_id = @traceId returning {DecisionRow.Columns}",
                new { traceId, label }, transaction, cancellationToken: cancellationToken))).AsList();
            if (rows.Count == 0)
            {
                return CommonProblems.NotFound.With("No decision is kept under this trace id.");
            }
            await EventLog.AppendAsync(transaction, "decision_" + traceId, agent.ClientId!, clock.GetUtcNow(), new DecisionLabelled(traceId, label), cancellationToken);
            return rows.MaxBy(row => row.At)!.ToDecision();
        }, cancellationToken);
    }

    /// <summary>There is nothing to check that reading does not.</summary>
    public sealed class Validator : AbstractValidator<Request>;
}

/// <summary>Staff said what a caller was.</summary>
/// <param name="TraceId">Of which request.</param>
/// <param name="Label">The class; null where a label was taken back.</param>
public sealed record DecisionLabelled(string TraceId, string? Label) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "decision.labelled";
}
