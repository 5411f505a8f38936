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

    /// <summary>
    /// Appends an event in the caller's transaction. The caller holds the lock on the stream's state row, or has just made the
    /// stream: two writers of one stream would otherwise both find the same head, and the second fail on its version.
    /// </summary>
    public static async Task AppendAsync<T>(
        NpgsqlTransaction transaction, string stream, string actor, DateTimeOffset at, T data, CancellationToken cancellationToken)
        where T : IEventData
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var connection = transaction.Connection!;
        var head = await connection.QuerySingleOrDefaultAsync<(int Version, byte[]? Hash)>(new CommandDefinition(
            "select version, hash from common.events where stream = @stream order by version desc limit 1",
            new { stream }, transaction, cancellationToken: cancellationToken));
        // PostgreSQL keeps microseconds; what is hashed must be what is read back.
        at = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        var entry = new Event(0, stream, head.Version + 1, T.Type, actor, at, Activity.Current?.TraceId.ToHexString(),
            JsonSerializer.SerializeToElement(data, Json.Options), head.Hash, []);
        entry = entry with { Hash = EventChain.HashOf(entry) };
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into common.events (stream, version, type, actor, at, trace_id, data, previous_hash, hash)
            values (@Stream, @Version, @Type, @Actor, @At, @TraceId, @Data::jsonb, @PreviousHash, @Hash)
            """,
            new
            {
                entry.Stream,
                entry.Version,
                entry.Type,
                entry.Actor,
                entry.At,
                entry.TraceId,
                Data = Encoding.UTF8.GetString(CanonicalJson.Of(entry.Data)),
                entry.PreviousHash,
                entry.Hash,
            }, transaction, cancellationToken: cancellationToken));
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
