using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace CustobotGateway.Common.Events;

/// <summary>Writes and reads streams of events.</summary>
public static class EventLog
{
    /// <summary>How many events of one stream are read at once.</summary>
    public const int MaxStreamLength = 10_000;

    internal const string Columns = "position, stream, version, type, actor, at, trace_id as traceid, data::text as data, previous_hash as previoushash, hash";

    /// <summary>Reads the end of <c>@stream</c>; no row for a stream without events.</summary>
    internal const string HeadSql = "select version, hash from common.events where stream = @stream order by version desc limit 1";

    private const string InsertSql = """
        insert into common.events (stream, version, type, actor, at, trace_id, data, previous_hash, hash)
        values (@eventStream, @eventVersion, @eventType, @eventActor, @eventAt, @eventTraceId, @eventData::jsonb, @eventPreviousHash, @eventHash)
        """;

    /// <summary>
    /// Appends an event in the caller's transaction. The caller holds the lock on the stream's state row, or has just made the
    /// stream: two writers of one stream would otherwise both find the same head, and the second fail on its version.
    /// </summary>
    public static async Task AppendAsync<T>(
        NpgsqlTransaction transaction, string stream, string actor, DateTimeOffset at, T data, CancellationToken cancellationToken)
        where T : IEventData
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var head = await ReadHeadAsync(transaction, stream, cancellationToken);
        await AppendAsync(transaction, head, "", null, stream, actor, at, data, cancellationToken);
    }

    /// <summary>The end of a stream. The caller holds its lock, as for appending.</summary>
    internal static async Task<EventHead> ReadHeadAsync(NpgsqlTransaction transaction, string stream, CancellationToken cancellationToken) =>
        EventHead.Of(await transaction.Connection!.QuerySingleOrDefaultAsync<(int, byte[]?)>(new CommandDefinition(HeadSql, new { stream }, transaction, cancellationToken: cancellationToken)));

    /// <summary>Appends an event after a head that was read under the stream's lock, in one round trip with the statements that it tells of; answers the new head.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="head">The stream's end; the default for a stream without events.</param>
    /// <param name="statements">What is done beside; may be empty, ends without a semicolon, and names no parameter that begins with <c>event</c>.</param>
    /// <param name="parameters">The parameters of <paramref name="statements"/>.</param>
    /// <param name="stream">Whose history.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="at">When; whole microseconds are kept.</param>
    /// <param name="data">What happened.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    internal static async Task<EventHead> AppendAsync<T>(
        NpgsqlTransaction transaction, EventHead head, string statements, object? parameters, string stream, string actor, DateTimeOffset at, T data, CancellationToken cancellationToken)
        where T : IEventData
    {
        // PostgreSQL keeps microseconds; what is hashed must be what is read back.
        at = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        var entry = new Event(0, stream, head.Version + 1, T.Type, actor, at, Activity.Current?.TraceId.ToHexString(),
            JsonSerializer.SerializeToElement(data, Json.Options), head.Hash, []);
        entry = entry with { Hash = EventChain.HashOf(entry) };
        var all = new DynamicParameters(parameters);
        all.AddDynamicParams(new
        {
            eventStream = entry.Stream,
            eventVersion = entry.Version,
            eventType = entry.Type,
            eventActor = entry.Actor,
            eventAt = entry.At,
            eventTraceId = entry.TraceId,
            eventData = Encoding.UTF8.GetString(CanonicalJson.Of(entry.Data)),
            eventPreviousHash = entry.PreviousHash,
            eventHash = entry.Hash,
        });
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            statements.Length == 0 ? InsertSql : $"{statements};\n{InsertSql}", all, transaction, cancellationToken: cancellationToken));
        return new EventHead(entry.Version, entry.Hash);
    }

    /// <summary>A stream's events from its first.</summary>
    public static async Task<IReadOnlyList<Event>> ReadStreamAsync(NpgsqlDataSource database, string stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<EventRow>(new CommandDefinition(
            $"select {Columns} from common.events where stream = @stream order by version limit {MaxStreamLength}",
            new { stream }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToEvent())];
    }

    /// <summary>A stream's last events, the newest first; the whole stream is not read.</summary>
    /// <param name="connection">Where to read.</param>
    /// <param name="stream">Whose history.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="before">Only versions below it; null for the newest.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<IReadOnlyList<Event>> ReadLastAsync(NpgsqlConnection connection, string stream, int count, int? before, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var rows = await connection.QueryAsync<EventRow>(new CommandDefinition(
            $"select {Columns} from common.events where stream = @stream and version < coalesce(@before, 2147483647) order by version desc limit @count",
            new { stream, before, count }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToEvent())];
    }

    /// <summary>A stream's events from the version after <paramref name="after"/> on, in order, at most <paramref name="count"/>.</summary>
    public static async Task<IReadOnlyList<Event>> ReadNextAsync(NpgsqlConnection connection, string stream, int after, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var rows = await connection.QueryAsync<EventRow>(new CommandDefinition(
            $"select {Columns} from common.events where stream = @stream and version > @after order by version limit @count",
            new { stream, after, count }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToEvent())];
    }

    // Dapper fills it by column name.
    internal sealed record EventRow(
        long Position, string Stream, int Version, string Type, string Actor, DateTime At, string? TraceId, string Data,
        byte[]? PreviousHash, byte[] Hash)
    {
        public Event ToEvent() => new(Position, Stream, Version, Type, Actor, new DateTimeOffset(At), TraceId,
            JsonElement.Parse(Data), PreviousHash, Hash);
    }
}
