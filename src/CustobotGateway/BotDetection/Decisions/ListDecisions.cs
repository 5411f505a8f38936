using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.BotDetection.Decisions;

/// <summary>The log of decisions, searched.</summary>
public static class ListDecisions
{
    /// <summary>The most decisions of a page.</summary>
    public const int MaxSize = 200;

    private const int DefaultSize = 50;
    private const int LongestText = 200;
    private const char CursorSeparator = '.';

    /// <summary>Which decisions; what is null does not matter.</summary>
    public sealed record Query
    {
        /// <summary>The class.</summary>
        public CallerClass? Class { get; init; }

        /// <summary>The least score.</summary>
        public int? ScoreGte { get; init; }

        /// <summary>The highest score.</summary>
        public int? ScoreLte { get; init; }

        /// <summary>The lane.</summary>
        public string? Lane { get; init; }

        /// <summary>Who operates the agent.</summary>
        public string? Operator { get; init; }

        /// <summary>True for refusals alone, false for what was served.</summary>
        public bool? Refused { get; init; }

        /// <summary>A reason's code.</summary>
        public string? Reason { get; init; }

        /// <summary>What the user agent, the path, the operator or the rule contains, case aside.</summary>
        public string? Text { get; init; }

        /// <summary>The next of the page before; the newest when null.</summary>
        public string? After { get; init; }

        /// <summary>1 to 200; 50 when null.</summary>
        public int? Size { get; init; }
    }

    /// <summary>A page.</summary>
    /// <param name="Decisions">The newest first.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<Decision> Decisions, NextPage Page);

    /// <summary>Where a list goes on.</summary>
    /// <param name="Next">The <c>after</c> of the next page; null at the end.</param>
    public sealed record NextPage(string? Next);

    internal static void Map(RouteGroupBuilder decisions) => decisions
        .MapGet("/", HandleAsync).WithName("listDecisions").WithMetadata(DecisionAccess.Reader)
        .WithSummary("Search the log of decisions")
        .WithDescription("Refusals and a part of what was served, the newest first. class is verified_agent, declared_bot, automation or human; q looks into user agent, path, operator and rule; size is 1 to 200, 50 by default.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, string? @class = null, [FromQuery(Name = "score_gte")] int? scoreGte = null,
        [FromQuery(Name = "score_lte")] int? scoreLte = null, string? lane = null, string? @operator = null, bool? refused = null, string? reason = null, string? q = null,
        string? after = null, int? size = null)
    {
        var known = DecisionRow.ClassOf(@class);
        return @class is not null && known is null
            ? CommonProblems.InvalidRequest.With("There is no such class.", [new("?class", "unknown_value", "class is verified_agent, declared_bot, automation or human.")]).ToHttp()
            : (await RunAsync(new Query
            {
                Class = known,
                ScoreGte = scoreGte,
                ScoreLte = scoreLte,
                Lane = lane,
                Operator = @operator,
                Refused = refused,
                Reason = reason,
                Text = q,
                After = after,
                Size = size,
            }, database, cancellationToken)).ToHttp();
    }

    /// <summary>Reads a page.</summary>
    public static async Task<Outcome<Response>> RunAsync(Query query, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(database);
        var size = query.Size ?? DefaultSize;
        if (size is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"size is 1 to {MaxSize}.", [new("?size", "out_of_range", $"1 to {MaxSize}.")]);
        }
        if (query.Text?.Length > LongestText)
        {
            return CommonProblems.InvalidRequest.With($"q has at most {LongestText} characters.", [new("?q", "too_long", $"At most {LongestText} characters.")]);
        }
        DateTimeOffset? before = null;
        string? beforeTrace = null;
        if (query.After is { } after)
        {
            var parts = after.Split(CursorSeparator, 2);
            if (parts.Length != 2 || !long.TryParse(parts[0], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var microseconds)
                || microseconds > DateTimeOffset.MaxValue.Subtract(DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)
            {
                return CommonProblems.InvalidRequest.With("'after' is not a cursor of this list.", [new("?after", "wrong_form", "Take page.next of the page before.")]);
            }
            (before, beforeTrace) = (DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), Storable(parts[1]));
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<DecisionRow>(new CommandDefinition($"""
            select {DecisionRow.Columns} from botdetection.decisions
            where (@before::timestamptz is null or (at, trace_id) < (@before, @beforeTrace))
              and (@class::text is null or class = @class) and (@ScoreGte::int is null or score >= @ScoreGte) and (@ScoreLte::int is null or score <= @ScoreLte)
              and (@lane::text is null or lane = @lane) and (@of::text is null or operator = @of) and (@Refused::bool is null or (status in (401, 403, 429)) = @Refused)
              and (@reason::text is null or @reason = any(reasons))
              and (@text::text is null or position(@text in lower(coalesce(user_agent, '') || ' ' || path || ' ' || coalesce(operator, '') || ' ' || coalesce(rule, ''))) > 0)
            order by at desc, trace_id desc limit @limit
            """,
            new
            {
                before,
                beforeTrace,
                @class = query.Class?.ToWire(),
                query.ScoreGte,
                query.ScoreLte,
                lane = Storable(query.Lane),
                of = Storable(query.Operator),
                query.Refused,
                reason = Storable(query.Reason),
                text = Storable(query.Text?.ToLowerInvariant()),
                limit = size + 1,
            }, cancellationToken: cancellationToken))).AsList();
        var last = rows.Count > size ? rows[size - 1] : null;
        return new Response([.. rows.Take(size).Select(row => row.ToDecision())], new NextPage(last is null ? null
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{new DateTimeOffset(last.At).Subtract(DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}{CursorSeparator}{last.TraceId}")));
    }

    // NUL is in no column, and PostgreSQL refuses it.
    private static string? Storable(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);
}
