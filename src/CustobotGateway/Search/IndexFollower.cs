using System.Diagnostics;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Common.Database;
using Npgsql;

namespace CustobotGateway.Search;

/// <summary>
/// Loads the catalogue into memory at start and follows its changes: woken by notifications, guided by database snapshots.
/// While the database is away, searches go on with what is in memory, whose age is told.
/// </summary>
internal sealed partial class IndexFollower(
    CatalogIndex index, ChangeFeed feed, AttributeRegistryStore registry, MigrateAtStart migration, TimeProvider clock, ILogger<IndexFollower> logger) : BackgroundService
{
    // Changes that come close together make one snapshot: the cost of publishing one is shared.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private IndexWriter _writer = null!;
    private CatalogLayout _layout = null!;
    private ProductDecoder _decoder = null!;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.WhenDoneAsync(stoppingToken);
            await registry.WhenLoadedAsync(stoppingToken);
            string? position = null;
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    position = position is null ? await LoadAsync(stoppingToken) : await FollowAsync(position, stoppingToken);
                }
                catch (Exception exception) when (DatabaseFailure(exception))
                {
                    LogLost(logger, exception.Message);
                    await Task.Delay(RetryPause, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    // A broken connection shows itself in several ways in the middle of a copy.
    private static bool DatabaseFailure(Exception exception) => exception is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException or InvalidDataException;

    private async Task<string?> LoadAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        Start(new CatalogLayout(registry.Current));
        var asOf = clock.GetUtcNow();
        var position = await feed.StreamAllAsync((in FeedProduct product) => _decoder.Decode(product, _writer.Documents), cancellationToken);
        if (_decoder.MetUnknownAttribute)
        {
            await registry.RefreshAsync(cancellationToken);
            return null;
        }
        _writer.Commit();
        Publish(position.Snapshot, asOf);
        LogLoaded(logger, position.Count, Stopwatch.GetElapsedTime(started).TotalSeconds, _writer.Current.MemoryBytes);
        return position.Snapshot;
    }

    private void Start(CatalogLayout layout)
    {
        (_layout, _writer, _decoder) = (layout, new IndexWriter(layout.Schema), new ProductDecoder(layout));
    }

    private async Task<string?> FollowAsync(string position, CancellationToken cancellationToken)
    {
        var asOf = clock.GetUtcNow();
        if (registry.Current.Revision != _layout.Registry.Revision && !TryExtend())
        {
            return null;
        }
        var read = await feed.ReadSinceAsync(position, Receive, cancellationToken);
        if (read.StartOver)
        {
            return null;
        }
        if (_decoder.MetUnknownAttribute)
        {
            // The registry's own follower has not seen it yet; the same changes are read again with it.
            await registry.RefreshAsync(cancellationToken);
            return TryExtend() ? position : null;
        }
        _writer.Commit();
        var changed = read.Count > 0 || _layout.Registry != index.Current!.Registry;
        Publish(changed ? read.Snapshot : index.Current!.Version, asOf);
        await feed.WaitAsync(cancellationToken);
        if (read.Count > 0)
        {
            await Task.Delay(Gather, clock, cancellationToken);
        }
        return read.Snapshot;
    }

    private void Receive(in FeedProduct product)
    {
        if (product.Withdrawn)
        {
            _writer.Remove(product.Number);
        }
        else
        {
            _decoder.Decode(product, _writer.Documents);
        }
    }

    private bool TryExtend()
    {
        var layout = new CatalogLayout(registry.Current);
        if (!layout.Extends(_layout))
        {
            return false;
        }
        _writer.Extend(layout.Schema);
        (_layout, _decoder) = (layout, new ProductDecoder(layout));
        return true;
    }

    private void Publish(string version, DateTimeOffset asOf) =>
        index.Current = new IndexedCatalog(_layout.Registry, _writer.Current, version, asOf) { Columns = _layout.Columns };

    [LoggerMessage(1, LogLevel.Information, "Loaded {Products} products into the index in {Seconds:F1} s; it holds {Bytes} bytes")]
    private static partial void LogLoaded(ILogger logger, long products, double seconds, long bytes);

    [LoggerMessage(2, LogLevel.Warning, "The index lost the database and goes on from memory: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);
}
