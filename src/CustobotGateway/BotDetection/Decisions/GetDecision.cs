using CustobotGateway.Common;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.BotDetection.Decisions;

/// <summary>What the gateway took a request's caller for, and why.</summary>
public static class GetDecision
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static void Map(RouteGroupBuilder decisions) => decisions
        .MapGet("/{traceId}", HandleAsync).WithName("getDecision").WithMetadata(DecisionAccess.Reader)
        .WithSummary("Explain a decision")
        .WithDescription("By the trace id that the answer's Agent-Decision names. Kept are refusals and a part of what was served, for some days.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Decision>, ProblemHttpResult>> HandleAsync(string traceId, NpgsqlDataSource database, DecisionLog log, CancellationToken cancellationToken) =>
        (await RunAsync(traceId, database, log, cancellationToken)).ToHttp();

    /// <summary>Reads the decision; of several requests in one trace the last.</summary>
    public static async Task<Outcome<Decision>> RunAsync(string traceId, NpgsqlDataSource database, DecisionLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(traceId);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(log);
        // Who asks right after the request finds it, too.
        await log.WhenWrittenAsync(Patience);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = traceId.Contains('\0', StringComparison.Ordinal) ? null : await connection.QueryFirstOrDefaultAsync<DecisionRow>(new CommandDefinition(
            $"select {DecisionRow.Columns} from botdetection.decisions where trace_id = @traceId order by at desc limit 1", new { traceId }, cancellationToken: cancellationToken));
        return row is null
            ? CommonProblems.NotFound.With("No decision is kept under this trace id. Refusals are kept, and a part of what was served, for some days.")
            : row.ToDecision();
    }
}
