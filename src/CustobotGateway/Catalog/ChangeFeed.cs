using System.Buffers;
using System.Globalization;
using System.Text;
using Npgsql;

namespace CustobotGateway.Catalog;

/// <summary>One product as the feed gives it. The spans are valid during the call only.</summary>
public readonly ref struct FeedProduct
{
    /// <summary>The product's number.</summary>
    public required long Number { get; init; }

    /// <summary>Whether it was withdrawn: searches must no longer find it.</summary>
    public required bool Withdrawn { get; init; }

    /// <summary>The transaction that wrote this state; grows with time, apart from transactions that overlap.</summary>
    public required ulong Transaction { get; init; }

    /// <summary>The merchant's own key, UTF-8.</summary>
    public required ReadOnlySpan<byte> ExternalId { get; init; }

    /// <summary>The canonical values: one JSON object, UTF-8.</summary>
    public required ReadOnlySpan<byte> Attributes { get; init; }
}

/// <summary>Takes a product of the feed.</summary>
public delegate void FeedProductReceiver(in FeedProduct product);

/// <summary>How far a reading of the feed came.</summary>
/// <param name="Snapshot">The database snapshot that was read; give it to the next <see cref="ChangeFeed.ReadSinceAsync"/>.</param>
/// <param name="Count">How many products were given.</param>
/// <param name="StartOver">
/// Whether the database is no longer the one that the earlier snapshot came from (restored from a backup, or another cluster):
/// nothing was given, and all products must be streamed again.
/// </param>
public sealed record FeedPosition(string Snapshot, long Count, bool StartOver = false);

/// <summary>
/// What changed in the catalogue, for those who keep it in memory. Positions are PostgreSQL snapshots: a reading gives the current
/// state of every product that a transaction wrote which the earlier snapshot did not see, each once, none left out, in whatever
/// order transactions commit. Reading the same position twice is harmless.
/// </summary>
public sealed class ChangeFeed(NpgsqlDataSource database) : IAsyncDisposable
{
    /// <summary>The channel that each committed change of products or attributes notifies.</summary>
    public const string Channel = "catalog_changes";

    /// <summary>How long <see cref="WaitAsync"/> waits at most: notifications may be lost, positions may not.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private const string Columns = "number, withdrawn_at is not null, change_xid, external_id, attributes";

    private static readonly SearchValues<char> SnapshotCharacters = SearchValues.Create("0123456789:,");

    private NpgsqlConnection? _listener;

    /// <summary>Gives every product that is not withdrawn, by number, as of one snapshot.</summary>
    public Task<FeedPosition> StreamAllAsync(FeedProductReceiver receive, CancellationToken cancellationToken) =>
        CopyAsync($"select {Columns} from catalog.products where withdrawn_at is null order by number", receive, cancellationToken);

    /// <summary>Gives the current state of each product that changed since, withdrawn ones included, in no particular order.</summary>
    public async Task<FeedPosition> ReadSinceAsync(string snapshot, FeedProductReceiver receive, CancellationToken cancellationToken)
    {
        if (!IsSnapshot(snapshot))
        {
            throw new ArgumentException("Not a snapshot of PostgreSQL.", nameof(snapshot));
        }
        // The upper bound keeps rows out that a restored backup brought with transaction ids that this cluster has not reached.
        var position = await CopyAsync($"""
            select {Columns} from catalog.products
            where change_xid >= pg_snapshot_xmin('{snapshot}') and not pg_visible_in_snapshot(change_xid, '{snapshot}')
              and change_xid < pg_snapshot_xmax(pg_current_snapshot())
            """, receive, cancellationToken);
        return Xmax(position.Snapshot) < Xmin(snapshot) ? position with { StartOver = true } : position;
    }

    /// <summary>Returns when something was committed, or after <see cref="PollInterval"/>, also while the database is away. One caller at a time.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_listener is null)
            {
                var connection = await database.OpenConnectionAsync(cancellationToken);
                _listener = connection;
                await using var listen = new NpgsqlCommand("listen " + Channel, connection);
                await listen.ExecuteNonQueryAsync(cancellationToken);
                // What was committed before the listening began is for the next reading to find.
                return;
            }
            await _listener.WaitAsync(PollInterval, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            await DisposeAsync();
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _listener, null) is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<FeedPosition> CopyAsync(string query, FeedProductReceiver receive, CancellationToken cancellationToken)
    {
        // One statement, so that the snapshot told is the snapshot read; it comes as the row of number 0.
        var copy = $"""
            copy (select 0::bigint, false, '0'::xid8, pg_current_snapshot()::text, 'null'::jsonb union all ({query}))
            to stdout (format binary)
            """;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var stream = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken);
        using var rows = new BinaryCopyReader(stream);
        await rows.ReadHeaderAsync(cancellationToken);
        string? snapshot = null;
        long count = 0;
        while (await rows.ReadRowAsync(cancellationToken))
        {
            var number = rows.Int64(0);
            if (number == 0)
            {
                snapshot = Encoding.ASCII.GetString(rows.Field(3));
                continue;
            }
            count++;
            receive(new FeedProduct
            {
                Number = number,
                Withdrawn = rows.Field(1)[0] != 0,
                Transaction = (ulong)rows.Int64(2),
                ExternalId = rows.Field(3),
                // jsonb's binary form is a version byte and the text.
                Attributes = rows.Field(4)[1..],
            });
        }
        return new FeedPosition(snapshot ?? throw new InvalidDataException("The feed named no snapshot."), count);
    }

    private static bool IsSnapshot(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAnyExcept(SnapshotCharacters) < 0 && text.AsSpan().Count(':') == 2;

    private static ulong Xmin(string snapshot) => ulong.Parse(snapshot.AsSpan(0, snapshot.IndexOf(':', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    private static ulong Xmax(string snapshot)
    {
        var rest = snapshot.AsSpan(snapshot.IndexOf(':', StringComparison.Ordinal) + 1);
        return ulong.Parse(rest[..rest.IndexOf(':')], CultureInfo.InvariantCulture);
    }
}
