using System.Text;
using CustobotGateway.Catalog;
using CustobotGateway.Common.Database;
using Dapper;
using Npgsql;

namespace CustobotGateway.Tests.Catalog;

public sealed class ChangeFeedTests : IAsyncLifetime
{
    private readonly string _name = "feed_" + Guid.NewGuid().ToString("n");
    private NpgsqlDataSource _server = null!;
    private NpgsqlDataSource _database = null!;

    [Fact]
    public async Task Stream_gives_every_live_product_in_number_order()
    {
        await InsertAsync("b", """{"name": "Ñandú", "width": 2.50}""");
        await InsertAsync("a", "{}");
        await InsertAsync("gone", "{}");
        await ExecuteAsync("update catalog.products set withdrawn_at = now() where external_id = 'gone'");
        await using var feed = new ChangeFeed(_database);

        var seen = new List<string>();
        var position = await feed.StreamAllAsync((in product) => seen.Add(Describe(product)), default);

        Assert.Equal(["1 b {\"name\": \"Ñandú\", \"width\": 2.50}", "2 a {}"], seen);
        Assert.Equal(2, position.Count);
    }

    [Fact]
    public async Task Row_of_a_transaction_that_commits_late_is_not_lost()
    {
        await using var feed = new ChangeFeed(_database);
        await using var slow = await _database.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await slow.ExecuteAsync(Insert, new { key = "early", json = "{}" }, transaction);
        await InsertAsync("late", "{}");

        var start = await feed.StreamAllAsync(Ignore, default);
        var none = await ReadAsync(feed, start.Snapshot);
        await transaction.CommitAsync();
        var after = await ReadAsync(feed, start.Snapshot);

        Assert.Equal(1, start.Count);
        Assert.Empty(none.Rows);
        Assert.Equal(["early"], after.Rows);
        Assert.Empty((await ReadAsync(feed, after.Position.Snapshot)).Rows);
    }

    [Fact]
    public async Task Withdrawn_product_comes_as_withdrawn()
    {
        await using var feed = new ChangeFeed(_database);
        await InsertAsync("a", "{}");
        var start = await feed.StreamAllAsync(Ignore, default);

        await ExecuteAsync("update catalog.products set withdrawn_at = now(), change_xid = pg_current_xact_id()");
        var withdrawn = new List<bool>();
        await feed.ReadSinceAsync(start.Snapshot, (in product) => withdrawn.Add(product.Withdrawn), default);

        Assert.Equal([true], withdrawn);
    }

    [Fact]
    public async Task Value_larger_than_the_buffer_arrives_whole()
    {
        var text = new string('x', 3_000_000);
        await InsertAsync("big", $$"""{"name": "{{text}}"}""");
        await InsertAsync("small", "{}");
        await using var feed = new ChangeFeed(_database);

        var lengths = new List<int>();
        await feed.StreamAllAsync((in product) => lengths.Add(product.Attributes.Length), default);

        Assert.Equal([text.Length + """{"name": ""}""".Length, 2], lengths);
    }

    [Fact]
    public async Task Snapshot_from_the_future_of_another_cluster_says_start_over()
    {
        await using var feed = new ChangeFeed(_database);

        var position = await feed.ReadSinceAsync("999999999999:999999999999:", Ignore, default);

        Assert.True(position.StartOver);
    }

    [Fact]
    public async Task Notification_ends_the_wait_and_a_lost_connection_does_not_fail_it()
    {
        await using var feed = new ChangeFeed(_database);
        await feed.WaitAsync(default);

        var waiting = feed.WaitAsync(default);
        await ExecuteAsync("notify catalog_changes");
        await waiting;
        await ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        await feed.WaitAsync(default);
        await feed.WaitAsync(default);
        await InsertAsync("a", "{}");

        Assert.Equal(1, (await feed.StreamAllAsync(Ignore, default)).Count);
    }

    public async Task InitializeAsync()
    {
        var server = Environment.GetEnvironmentVariable("CUSTOBOT_TEST_POSTGRES")
            ?? throw new InvalidOperationException("CUSTOBOT_TEST_POSTGRES is not set: run ./test.");
        _server = NpgsqlDataSource.Create(server);
        await using (var connection = await _server.OpenConnectionAsync())
        {
            await connection.ExecuteAsync($"create database {_name}");
        }
        _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = _name }.ConnectionString);
        await Migrations.ApplyAsync(_database, default);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await using (var connection = await _server.OpenConnectionAsync())
        {
            await connection.ExecuteAsync($"drop database {_name} with (force)");
        }
        await _server.DisposeAsync();
    }

    private const string Insert =
        "insert into catalog.products (external_id, attributes, provenance, content_hash) values (@key, @json::jsonb, '{}', '')";

    private static void Ignore(in FeedProduct product)
    {
    }

    private static string Describe(in FeedProduct product) =>
        $"{product.Number} {Encoding.UTF8.GetString(product.ExternalId)} {Encoding.UTF8.GetString(product.Attributes)}";

    private static async Task<(FeedPosition Position, List<string> Rows)> ReadAsync(ChangeFeed feed, string snapshot)
    {
        var rows = new List<string>();
        var position = await feed.ReadSinceAsync(snapshot, (in product) => rows.Add(Encoding.UTF8.GetString(product.ExternalId)), default);
        return (position, rows);
    }

    private Task InsertAsync(string key, string json) => ExecuteAsync(Insert, new { key, json });

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
