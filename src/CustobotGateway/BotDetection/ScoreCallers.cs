using System.Text.Json.Serialization;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Recognition;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.BotDetection;

/// <summary>Judges recorded requests as the gateway judges live ones. Nothing of it is kept, and no live visit or nonce is touched.</summary>
public static class ScoreCallers
{
    /// <summary>The most requests of a batch.</summary>
    public const int MostRequests = 1_000;

    /// <summary>The longest body, in bytes.</summary>
    public const int MostBytes = 32 << 20;

    /// <summary>A batch.</summary>
    /// <param name="Requests">1 to 1,000 recorded requests, in the order in which they came: a nonce is good for the first of them.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public sealed record Request(IReadOnlyList<RecordedRequest> Requests);

    /// <summary>What the batch came to.</summary>
    /// <param name="Results">One for each request, in order.</param>
    public sealed record Response(IReadOnlyList<Result> Results);

    /// <summary>What one caller is taken for.</summary>
    /// <param name="Id">The request's id.</param>
    /// <param name="Score">The chance that software drives the caller, in hundredths, 0 to 100.</param>
    /// <param name="Class">The class: proof before claim before score.</param>
    /// <param name="Reasons">What led to it, the largest contributions first; weights in log-odds, zero for what decides by itself.</param>
    /// <param name="Operator">Who operates the agent, as its signature proves; null without one.</param>
    public sealed record Result(string Id, int Score, CallerClass Class, IReadOnlyList<CallerReason> Reasons, string? Operator);

    internal static void Map(RouteGroupBuilder detection) => detection
        .MapPost("/score", HandleAsync).WithName("scoreCallers").OnlyReads().RequireScope(Common.Scopes.BotScore).LimitBody(MostBytes).Validate<Request>()
        .WithSummary("Judge recorded requests")
        .WithDescription("Up to 1,000 requests as they were sent, headers in order; `session` holds the visit so far, this request included. Signatures are judged by the row's own `received_at` (now without one), the gateway's authority and the trusted agents; "
            + "nonces are remembered within the batch only. Members that are not known are ignored.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(413);

    private static async Task<Ok<Response>> HandleAsync(Request request, AgentSignatures signatures, TimeProvider clock, CancellationToken cancellationToken) =>
        TypedResults.Ok(await RunAsync(request, signatures, clock, cancellationToken));

    /// <summary>Judges the batch.</summary>
    public static async Task<Response> RunAsync(Request request, AgentSignatures signatures, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(clock);
        var nonces = NonceScope.NewBatch();
        var results = new List<Result>(request.Requests.Count);
        foreach (var row in request.Requests)
        {
            var pairs = row.Pairs();
            var verdict = await signatures.JudgeAsync(row.Method, row.Path, [.. pairs.Select(pair => (pair.Key, pair.Value))], row.ReceivedAtOr(clock), nonces, cancellationToken);
            var decision = new Decisions.LiveDecision(row.Score(pairs, verdict.ToEvidence()), ReceivedHeaders.Empty, verdict);
            results.Add(new Result(row.Id, decision.Score, decision.Class, decision.Reasons, decision.Operator));
        }
        return new Response(results);
    }

    /// <summary>The bounds of a batch.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>The rules.</summary>
        public Validator() => RuleFor(request => request).Custom((request, context) => RecordedRequests.Check(request.Requests, MostRequests, "/requests", context.AddFailure));
    }
}
