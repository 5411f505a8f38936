using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CustobotGateway.BotDetection.Scoring;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace CustobotGateway.BotDetection.Decisions;

/// <summary>
/// Keeps decisions for staff: every refusal and a part of what was served, both up to a number a second, so that a burst fills no disk. The first request of a visit comes
/// before the others. No request waits for it.
/// </summary>
public sealed class DecisionLog : RowQueue<DecisionLog.Row>
{
    private const int MostHeaders = 64;
    private const int LongestValue = 512;
    private const int LongestPath = 1_024;
    private const int SweepLimit = 5_000;

    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(1);
    private static readonly Meter Meter = new("CustobotGateway.BotDetection");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("gateway.bot_detection.decisions.dropped", description: "Decisions that did not fit the queue and are lost.");
    private static readonly Counter<long> Callers = Meter.CreateCounter<long>("gateway.bot_detection.requests", description: "Requests by the class of their callers.");

    private readonly DecisionLogOptions _options;
    private readonly TimeProvider _clock;
    private readonly Budget _served;
    private readonly Budget _refused;
    private DateTimeOffset _sweepAt;

    /// <summary>Keeps them in that database.</summary>
    public DecisionLog(CallerOptions options, NpgsqlDataSource database, TimeProvider clock, ILogger<DecisionLog> logger)
        : base(database, """
            botdetection.decisions (trace_id, at, class, score, operator, declared_as, lane, rule, "group", method, path, status, code, address, user_agent, http_version,
                headers_known, bad_signature, reasons, told, headers)
            """, Dropped, logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock) = (options.Log, clock);
        (_served, _refused) = (new Budget(_options.PerSecond, clock), new Budget(_options.RefusedPerSecond, clock));
    }

    /// <summary>Whether this status is of a refusal that is kept.</summary>
    public static bool IsRefusal(int status) => status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests;

    /// <summary>Decides whether the decision will be kept, and tells the caller under which id. A visit's later requests leave a part of the budget to first ones.</summary>
    internal void Announce(HttpContext context, LiveDecision decision, bool isFirst)
    {
        if (_served.TryTake(isFirst ? 0 : _options.PerSecond / 4))
        {
            decision.IsKept = true;
            context.Response.Headers[CallerHeaders.Decision] = context.GetTraceId();
        }
    }

    /// <summary>Adds the decision once its request was answered, if it is to be kept or was refused.</summary>
    internal void Add(HttpContext context, LiveDecision decision)
    {
        Callers.Add(1, new KeyValuePair<string, object?>("class", decision.Class.ToWire()));
        var status = context.Response.StatusCode;
        if (decision.IsKept || (IsRefusal(status) && _refused.TryTake(0)))
        {
            var endpoint = context.GetEndpoint();
            var group = endpoint is null ? RateGroup.Other : RateGroupExtensions.GroupOf(endpoint);
            string? agent = context.Request.Headers.UserAgent;
            Add(new Row(_clock.GetUtcNow(), context.GetTraceId(), decision, group.ToString().ToLowerInvariant(), context.Request.Method, PathOf(context), status,
                context.Items.TryGetValue(ProblemWriter.CodeItem, out var code) ? code as string : null, NetworkOf(context.Connection.RemoteIpAddress), agent, context.Request.Protocol));
        }
    }

    /// <inheritdoc/>
    protected override async Task WriteAsync(NpgsqlBinaryImporter copy, Row row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(copy);
        ArgumentNullException.ThrowIfNull(row);
        var caller = row.Caller;
        var reasons = caller.Reasons;
        await WriteTextAsync(copy, row.TraceId, cancellationToken);
        await copy.WriteAsync(row.At, NpgsqlDbType.TimestampTz, cancellationToken);
        await WriteTextAsync(copy, caller.Class.ToWire(), cancellationToken);
        await copy.WriteAsync((short)caller.Score, NpgsqlDbType.Smallint, cancellationToken);
        await WriteTextAsync(copy, caller.Operator, cancellationToken);
        await WriteTextAsync(copy, caller.DeclaredAs, cancellationToken);
        await WriteTextAsync(copy, caller.Lane, cancellationToken);
        await WriteTextAsync(copy, caller.Rule, cancellationToken);
        await WriteTextAsync(copy, row.Group, cancellationToken);
        await WriteTextAsync(copy, row.Method, cancellationToken);
        await WriteTextAsync(copy, row.Path, cancellationToken);
        await copy.WriteAsync((short)row.Status, NpgsqlDbType.Smallint, cancellationToken);
        await WriteTextAsync(copy, row.Code, cancellationToken);
        await WriteTextAsync(copy, row.Address, cancellationToken);
        await WriteTextAsync(copy, row.UserAgent, cancellationToken);
        await WriteTextAsync(copy, row.HttpVersion, cancellationToken);
        await copy.WriteAsync(caller.Headers.OrderIsKnown, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(caller.HasBadSignature, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(reasons.Select(reason => reason.Code).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(Storable(JsonSerializer.Serialize(reasons, Json.Options)), NpgsqlDbType.Jsonb, cancellationToken);
        await copy.WriteAsync(Storable(JsonSerializer.Serialize(Kept(caller.Headers), Json.Options)), NpgsqlDbType.Jsonb, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task TidyAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        var now = _clock.GetUtcNow();
        if (now < _sweepAt)
        {
            return;
        }
        _sweepAt = now + SweepPause;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"""
            delete from botdetection.decisions where ctid in (select ctid from botdetection.decisions where at < @oldest order by at limit {SweepLimit})
            """, new { oldest = now - TimeSpan.FromDays(_options.RetentionDays) }, cancellationToken: cancellationToken));
    }

    private static string PathOf(HttpContext context)
    {
        // Queries may carry what is nobody's business, such as codes; the route is what staff look for.
        var path = context.Request.Path.Value ?? "";
        return path.Length > LongestPath ? path[..LongestPath] : path;
    }

    /// <summary>The network that an address belongs to: /24 of IPv4, /48 of IPv6.</summary>
    internal static string? NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return null;
        }
        var known = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = known.GetAddressBytes();
        var kept = known.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }

    private static List<string[]> Kept(ReceivedHeaders headers)
    {
        var kept = new List<string[]>();
        foreach (var (name, value) in headers.Pairs)
        {
            if (kept.Count == MostHeaders)
            {
                break;
            }
            kept.Add([Cut(name), IsCredential(name) ? $"({value.Length} characters)" : Cut(value)]);
        }
        return kept;
    }

    private static string Cut(string text) => text.Length > LongestValue ? text[..LongestValue] + "…" : text;

    private static bool IsCredential(string name) => name.Equals("authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("cookie", StringComparison.OrdinalIgnoreCase)
        || name.Equals("dpop", StringComparison.OrdinalIgnoreCase) || name.Equals("proxy-authorization", StringComparison.OrdinalIgnoreCase)
        || name.Contains("token", StringComparison.OrdinalIgnoreCase) || name.Contains("secret", StringComparison.OrdinalIgnoreCase) || name.Contains("key", StringComparison.OrdinalIgnoreCase);

    /// <summary>A decision with what its request came to.</summary>
    public sealed record Row
    {
        internal Row(DateTimeOffset at, string traceId, LiveDecision caller, string group, string method, string path, int status, string? code, string? address, string? userAgent, string httpVersion) =>
            (At, TraceId, Caller, Group, Method, Path, Status, Code, Address, UserAgent, HttpVersion) = (at, traceId, caller, group, method, path, status, code, address, userAgent, httpVersion);

        internal DateTimeOffset At { get; }
        internal string TraceId { get; }
        internal LiveDecision Caller { get; }
        internal string Group { get; }
        internal string Method { get; }
        internal string Path { get; }
        internal int Status { get; }
        internal string? Code { get; }
        internal string? Address { get; }
        internal string? UserAgent { get; }
        internal string HttpVersion { get; }
    }

    // So many a second, counted anew with each; more are simply not taken.
    private sealed class Budget(int perSecond, TimeProvider clock)
    {
        private long _second;
        private int _taken;

        public bool TryTake(int reserve)
        {
            var second = clock.GetTimestamp() / clock.TimestampFrequency;
            if (Interlocked.Exchange(ref _second, second) != second)
            {
                Volatile.Write(ref _taken, 0);
            }
            return Volatile.Read(ref _taken) < perSecond - reserve && Interlocked.Increment(ref _taken) <= perSecond;
        }
    }
}
