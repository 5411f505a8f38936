using System.Text.Json.Serialization;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.BotDetection.Recognition;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>Recorded requests whose callers are known, for rules to be tried on. They are judged when they are loaded, as the gateway judges callers now.</summary>
public static class LoadLabelledRows
{
    /// <summary>The most rows of a batch.</summary>
    public const int MostRows = 1_000;

    /// <summary>The most rows that are kept.</summary>
    public const int MostKept = 20_000;

    /// <param name="Rows">1 to 1,000 rows.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public sealed record Request(IReadOnlyList<LabelledRow> Rows);

    /// <summary>A recorded request with what its caller really was.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public sealed record LabelledRow : RecordedRequest
    {
        /// <summary>What the caller was.</summary>
        public required CallerClass Label { get; init; }
    }

    /// <param name="Loaded">How many rows of the batch are kept now; a row of a known id replaces the one before.</param>
    /// <param name="Rows">How many are kept in all.</param>
    public sealed record Response(int Loaded, int Rows);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request).Custom((request, context) => RecordedRequests.Check(request.Rows, MostRows, "/rows", context.AddFailure));
    }

    internal static void Map(RouteGroupBuilder lanes)
    {
        lanes.MapPost("/labelled-rows", HandleAsync).WithName("loadLabelledRows").CanDryRun().LimitBody(ScoreCallers.MostBytes).Validate<Request>().RequireRole(LanesModule.Editors)
            .WithSummary("Load labelled rows")
            .WithDescription("Recorded requests whose callers are known (`label` human, automation, declared_bot or verified_agent), which previews of rules tell false positives by. Up to 1,000 in a batch, 20,000 in all; a row of a known id replaces the one before. Members that are not known are ignored.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(413).ProducesProblem(422).ProducesProblem(503);
        lanes.MapDelete("/labelled-rows", ForgetAsync).WithName("forgetLabelledRows").CanDryRun().RequireRole(LanesModule.Editors)
            .WithSummary("Forget labelled rows").WithDescription("All that were loaded; decisions that staff labelled stay.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, AgentSignatures signatures, Writes writes, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(request, idempotencyKey, agent, signatures, writes, clock, cancellationToken)).ToHttp();

    private static async Task<Results<NoContent, ProblemHttpResult>> ForgetAsync(
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<Forgotten>(new WriteAttempt(agent, "bot-detection/labelled-rows/deletion", idempotencyKey, "all"), async transaction =>
            new Forgotten(await transaction.Connection!.ExecuteAsync(new CommandDefinition("delete from botdetection.labelled_rows", transaction: transaction, cancellationToken: cancellationToken))), cancellationToken);
        return outcome.Problem is { } problem ? problem.ToHttp() : TypedResults.NoContent();
    }

    private sealed record Forgotten(int Rows);

    /// <summary>Judges the rows and keeps them.</summary>
    public static async Task<Outcome<Response>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, AgentSignatures signatures, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        var (nonces, judged) = (NonceScope.NewBatch(), new List<(LabelledRow Row, LiveDecision Caller, string? UserAgent)>(request.Rows.Count));
        foreach (var row in request.Rows)
        {
            var pairs = row.Pairs();
            var verdict = await signatures.JudgeAsync(row.Method, row.Path, [.. pairs.Select(pair => (pair.Key, pair.Value))], row.ReceivedAtOr(clock), nonces, cancellationToken);
            judged.Add((row, new LiveDecision(row.Score(pairs, verdict.ToEvidence()), ReceivedHeaders.Empty, verdict),
                Storable(pairs.FirstOrDefault(pair => pair.Key.Equals("user-agent", StringComparison.OrdinalIgnoreCase)).Value)));
        }
        return await writes.RunAsync<Response>(
            new WriteAttempt(agent, "bot-detection/labelled-rows", idempotencyKey, request), transaction => KeepAsync(transaction, judged, cancellationToken), cancellationToken);
    }

    private static async Task<Outcome<Response>> KeepAsync(
        NpgsqlTransaction transaction, List<(LabelledRow Row, LiveDecision Caller, string? UserAgent)> judged, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        // One loader at a time, so that the count holds.
        await LaneStore.NextVersionAsync(transaction, LaneStore.LabelledRows, cancellationToken);
        foreach (var (row, caller, agent) in judged)
        {
            await connection.ExecuteAsync(new CommandDefinition("""
                insert into botdetection.labelled_rows (id, label, class, score, operator, declared_as, bad_signature, reasons, "group", user_agent, path)
                values (@id, @label, @class, @score, @of, @DeclaredAs, @HasBadSignature, @reasons, @group, @agent, @path)
                on conflict (id) do update set label = excluded.label, class = excluded.class, score = excluded.score, operator = excluded.operator, declared_as = excluded.declared_as,
                    bad_signature = excluded.bad_signature, reasons = excluded.reasons, "group" = excluded."group", user_agent = excluded.user_agent, path = excluded.path
                """,
                new
                {
                    id = Storable(row.Id),
                    label = row.Label.ToWire(),
                    @class = caller.Class.ToWire(),
                    score = (short)caller.Score,
                    of = Storable(caller.Operator),
                    DeclaredAs = Storable(caller.DeclaredAs),
                    caller.HasBadSignature,
                    reasons = caller.Reasons.Select(reason => reason.Code).ToArray(),
                    group = "reads",
                    agent,
                    path = Storable(row.Path),
                }, transaction, cancellationToken: cancellationToken));
        }
        var rows = await connection.QuerySingleAsync<int>(new CommandDefinition("select count(*)::int from botdetection.labelled_rows", transaction: transaction, cancellationToken: cancellationToken));
        if (rows > MostKept)
        {
            return LaneProblems.TooManyRows.With($"With these there would be {rows} labelled rows; {MostKept} are kept. Forget those that are there, or load fewer.");
        }
        return new Response(judged.Count, rows);
    }

    // NUL is in no column, and PostgreSQL refuses it.
    private static string? Storable(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);
}
