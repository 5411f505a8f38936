using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.BotDetection.Decisions;

/// <summary>Staff say what a caller really was; previews of rules estimate by it whom they would hit wrongly.</summary>
public static class LabelDecision
{
    /// <summary>What the caller was.</summary>
    /// <param name="Label">The class; null takes a label back.</param>
    public sealed record Request(CallerClass? Label);

    internal static void Map(RouteGroupBuilder decisions) => decisions
        .MapPut("/{traceId}/label", HandleAsync).WithName("labelDecision").WithMetadata(DecisionAccess.Reviewer).Validate<Request>()
        .WithSummary("Say what a caller really was")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Decision>, ProblemHttpResult>> HandleAsync(
        string traceId, Request request, AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(traceId, request.Label, agent, database, clock, cancellationToken)).ToHttp();

    /// <summary>Labels the decision; of several requests in one trace all.</summary>
    public static async Task<Outcome<Decision>> RunAsync(
        string traceId, CallerClass? label, AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(traceId);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(clock);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = traceId.Contains('\0', StringComparison.Ordinal) ? [] : (await connection.QueryAsync<DecisionRow>(new CommandDefinition(
            $"update botdetection.decisions set label = @label where trace_id = @traceId returning {DecisionRow.Columns}",
            new { traceId, label = label?.ToWire() }, transaction, cancellationToken: cancellationToken))).AsList();
        if (rows.Count == 0)
        {
            return CommonProblems.NotFound.With("No decision is kept under this trace id.");
        }
        await EventLog.AppendAsync(transaction, "decision_" + traceId, agent.ClientId!, clock.GetUtcNow(), new DecisionLabelled(traceId, label?.ToWire()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.MaxBy(row => row.At)!.ToDecision();
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
