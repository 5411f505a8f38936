using System.Data.Common;
using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>What a rule would have done to the traffic that is stored, before it does anything.</summary>
public static class PreviewRule
{
    private const int DefaultDays = 7;
    private const int MostDays = 90;

    // About half a second of reading; a wider look adds little to what shares say.
    private const int MostRows = 50_000;
    private const int MostCounted = 200_000;
    private const int MostLabelled = 20_000;
    private const int MostListed = 10;

    /// <summary>The rule's effect on stored decisions.</summary>
    /// <param name="Rule">The rule, in whatever mode it is.</param>
    /// <param name="Since">From when on decisions were looked at.</param>
    /// <param name="Rows">How many decisions were looked at.</param>
    /// <param name="Sampling">How they were chosen, in words.</param>
    /// <param name="Hit">How many of them it holds for.</param>
    /// <param name="Refused">Of these: its lane would not have let them through.</param>
    /// <param name="Slowed">Of these: its lane has a rate for them, which they might have met.</param>
    /// <param name="RefusedThen">Of these: how many were refused anyhow.</param>
    /// <param name="Named">How many name the rule: what it hit while it was in shadow mode or enabled.</param>
    /// <param name="ByClass">Those hit by the class of the caller.</param>
    /// <param name="ByOperator">The ten operators that it hits most; those without one are not among them.</param>
    /// <param name="ByUserAgent">The ten user agents that it hits most.</param>
    /// <param name="FalsePositives">Of the labelled rows of people: how many it holds for, which is whom it would hit by mistake.</param>
    /// <param name="ByLabel">The same for every label.</param>
    public sealed record Response(
        LaneRule Rule, DateTimeOffset Since, int Rows, string Sampling, int Hit, int Refused, int Slowed, int RefusedThen, int Named,
        IReadOnlyList<Count> ByClass, IReadOnlyList<Count> ByOperator, IReadOnlyList<Count> ByUserAgent, SeenShare FalsePositives, IReadOnlyList<LabelShare> ByLabel);

    /// <summary>How many of a kind.</summary>
    /// <param name="Key">The kind.</param>
    /// <param name="Hits">How many.</param>
    public sealed record Count(string Key, int Hits);

    /// <summary>How many of a label.</summary>
    /// <param name="Label">What staff, or who loaded the rows, say that the callers really were.</param>
    /// <param name="Hit">How many of them it holds for.</param>
    public sealed record LabelShare(string Label, SeenShare Hit);

    internal static void Map(RouteGroupBuilder rules) => rules
        .MapGet("/{id}/preview", HandleAsync).WithName("previewRule").RequireRole(LanesModule.Readers)
        .WithSummary("Preview a rule")
        .WithDescription("Who would be hit: the rule, in whatever mode it is, is asked of the stored decisions of the last `days` (1 to 90, 7 by default), at most 50,000 of them, and of labelled rows: decisions that staff labelled and rows that were loaded. `false_positives` is the share of people among the labelled rows that it would hit, with Wilson's 95 % interval.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string id, NpgsqlDataSource database, LanesInForce lanes, IServiceProvider services, TimeProvider clock, CancellationToken cancellationToken, int? days = null) =>
        (await RunAsync(id, days ?? DefaultDays, database, lanes, services.GetRequiredService<TrustScores>(), clock, cancellationToken)).ToHttp();

    internal static async Task<Outcome<Response>> RunAsync(
        string id, int days, NpgsqlDataSource database, LanesInForce lanes, TrustScores trust, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (days is < 1 or > MostDays)
        {
            return CommonProblems.InvalidRequest.With($"days is 1 to {MostDays}.", [new FieldError("?days", "out_of_range", $"1 to {MostDays}.")]);
        }
        if (await ListRules.FindAsync(id, database, cancellationToken) is not { } rule)
        {
            return ListRules.NotFound(id);
        }
        var since = clock.GetUtcNow().AddDays(-days);
        var tally = new Tally(rule, new CompiledCondition(rule.When, trust), lanes.Current.Lanes.GetValueOrDefault(rule.Lane));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // All that is read is of one moment.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var sampling = await ReadDecisionsAsync(tally, transaction, since, cancellationToken);
        await ReadLabelledAsync(tally, transaction, cancellationToken);
        return tally.ToResponse(since, sampling);
    }

    private static async Task<string> ReadDecisionsAsync(Tally tally, NpgsqlTransaction transaction, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var count = await transaction.Connection!.QuerySingleAsync<int>(new CommandDefinition(
            $"select count(*)::int from (select 1 from botdetection.decisions where at >= @since limit {MostCounted + 1}) as counted", new { since }, transaction, cancellationToken: cancellationToken));
        var nth = (count + MostRows - 1) / MostRows;
        var (among, order, sampling) = count <= MostRows ? ("", "", "All of them.")
            : count <= MostCounted ? ("and (hashtext(trace_id) & 2147483647) % @nth = 0", "", $"One of {nth}, chosen by a hash of the trace id.")
            : ("", "order by at desc", $"The newest {MostRows} of more than {MostCounted}.");
        await using var rows = await transaction.Connection!.ExecuteReaderAsync(new CommandDefinition($"""
            select class, score, operator, declared_as, bad_signature, reasons, "group", user_agent, path, status, coalesce(rule, '')
            from botdetection.decisions where at >= @since {among} {order} limit {MostRows}
            """, new { since, nth }, transaction, cancellationToken: cancellationToken));
        while (await rows.ReadAsync(cancellationToken))
        {
            tally.Add(FactsOf(rows), rows.GetInt16(9), rows.GetString(10));
        }
        return sampling;
    }

    private static async Task ReadLabelledAsync(Tally tally, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var rows = await transaction.Connection!.ExecuteReaderAsync(new CommandDefinition($"""
            (select class, score, operator, declared_as, bad_signature, reasons, "group", user_agent, path, label from botdetection.decisions where label is not null order by at desc limit {MostLabelled})
            union all
            (select class, score, operator, declared_as, bad_signature, reasons, "group", user_agent, path, label from botdetection.labelled_rows order by id limit {MostLabelled})
            """, transaction: transaction, cancellationToken: cancellationToken));
        while (await rows.ReadAsync(cancellationToken))
        {
            tally.AddLabelled(FactsOf(rows), rows.GetString(9));
        }
    }

    private static CallerFacts FactsOf(DbDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        var caller = new StoredCaller(DecisionRow.ClassOf(row.GetString(0)) ?? CallerClass.Human, row.GetInt16(1), Text(2), Text(3), row.GetBoolean(4), row.GetFieldValue<string[]>(5));
        return new CallerFacts(caller, StoredCaller.GroupOf(row.GetString(6)), Text(7), Text(8));
    }

    /// <summary>Counts what a rule hits.</summary>
    private sealed class Tally(LaneRule rule, CompiledCondition when, CompiledLane? lane)
    {
        private readonly Dictionary<string, int> _classes = [];
        private readonly Dictionary<string, int> _operators = [];
        private readonly Dictionary<string, int> _agents = [];
        private readonly SortedDictionary<string, (int Rows, int Hit)> _labels = new(StringComparer.Ordinal) { ["human"] = default };
        private int _rows;
        private int _hit;
        private int _refused;
        private int _slowed;
        private int _refusedThen;
        private int _named;

        public void Add(in CallerFacts facts, int status, string named)
        {
            _rows++;
            _named += named.Contains(rule.Id, StringComparison.Ordinal) ? 1 : 0;
            if (!when.Holds(facts))
            {
                return;
            }
            _hit++;
            _refused += lane?.Allows(facts.Group) == false ? 1 : 0;
            _slowed += lane?.Allows(facts.Group) == true && lane.RateOf(facts.Group) is not null ? 1 : 0;
            _refusedThen += status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests ? 1 : 0;
            Count(_classes, facts.Caller.Class.ToWire());
            Count(_agents, facts.UserAgent);
            if (facts.Caller.Operator is { } name)
            {
                Count(_operators, name);
            }
        }

        public void AddLabelled(in CallerFacts facts, string label)
        {
            var (rows, hit) = _labels.GetValueOrDefault(label);
            _labels[label] = (rows + 1, hit + (when.Holds(facts) ? 1 : 0));
        }

        public Response ToResponse(DateTimeOffset since, string sampling) => new(
            rule, since, _rows, sampling, _hit, _refused, _slowed, _refusedThen, _named, Most(_classes), Most(_operators), Most(_agents),
            SeenShare.Of(_labels["human"].Rows, _labels["human"].Hit), [.. _labels.Select(label => new LabelShare(label.Key, SeenShare.Of(label.Value.Rows, label.Value.Hit)))]);

        private static void Count(Dictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

        private static IReadOnlyList<Count> Most(Dictionary<string, int> counts) =>
            [.. counts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Take(MostListed).Select(one => new Count(one.Key, one.Value))];
    }
}
