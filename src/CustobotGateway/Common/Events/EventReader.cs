using Dapper;
using Npgsql;

namespace CustobotGateway.Common.Events;

/// <summary>How far a follower has read.</summary>
/// <param name="From">The database snapshot up to which everything was read.</param>
/// <param name="Until">The snapshot up to which it is reading now; null when it has caught up with <paramref name="From"/>.</param>
/// <param name="Position">The last position read between the two.</param>
public sealed record EventCursor(string From, string? Until, long Position)
{
    /// <summary>Before the first event.</summary>
    public static readonly EventCursor Start = new("1:1:", null, 0);
}

/// <summary>
/// Reads all streams together, for followers. Positions are handed out before their transactions commit, so a reader that
/// remembers only the last position would miss a transaction that commits late. This one remembers the snapshot it has read:
/// what comes next is exactly what that snapshot could not see.
/// </summary>
public static class EventReader
{
    private const string Fresh = """
        xid >= pg_snapshot_xmin(@From::pg_snapshot) and not pg_visible_in_snapshot(xid, @From::pg_snapshot)
          and pg_visible_in_snapshot(xid, @until::pg_snapshot) and (@streams::text is null or starts_with(stream, @streams))
        """;

    // A follower that keeps up finds the few that are new by their transactions: ordered by position, all that ever happened would be passed over first.
    private const string CaughtUpSql = $"""
        with fresh as materialized (select * from common.events where {Fresh})
        select {EventLog.Columns} from fresh order by position limit @limit
        """;

    // One that is behind goes on by position: sorted anew for each batch, a long way would take its square.
    private const string BehindSql = $"""
        select {EventLog.Columns} from common.events where {Fresh} and position > @Position order by position limit @limit
        """;

    /// <summary>The next events, at most <paramref name="limit"/>, and the cursor to store once they are dealt with.</summary>
    /// <param name="connection">Where to read.</param>
    /// <param name="cursor">How far was read before.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="streams">Only streams that begin so; all when null. The same for every reading with a cursor.</param>
    public static async Task<(IReadOnlyList<Event> Events, EventCursor Next)> ReadAsync(
        NpgsqlConnection connection, EventCursor cursor, int limit, CancellationToken cancellationToken, string? streams = null)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        var until = cursor.Until ?? await connection.QuerySingleAsync<string>(new CommandDefinition(
            "select pg_current_snapshot()::text", cancellationToken: cancellationToken));
        var rows = (await connection.QueryAsync<EventLog.EventRow>(new CommandDefinition(
            cursor.Until is null ? CaughtUpSql : BehindSql, new { cursor.From, until, cursor.Position, limit, streams }, cancellationToken: cancellationToken))).AsList();
        var next = rows.Count == limit ? new EventCursor(cursor.From, until, rows[^1].Position) : new EventCursor(until, null, 0);
        return ([.. rows.Select(row => row.ToEvent())], next);
    }

    /// <summary>The highest position that a committed event has; zero without events. What is appended after has a higher one.</summary>
    public static Task<long> LastPositionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<long>(new CommandDefinition("select coalesce(max(position), 0) from common.events", cancellationToken: cancellationToken));
}
