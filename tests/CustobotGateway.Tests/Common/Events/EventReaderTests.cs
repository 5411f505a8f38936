using CustobotGateway.Common.Events;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Common.Events;

/// <summary>Followers get every event once, in whatever order transactions commit.</summary>
public sealed class EventReaderTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private sealed record Noted(string Text) : IEventData
    {
        public static string Type => "test.noted";
    }

    [Fact]
    public async Task An_event_that_commits_after_a_later_one_is_not_missed()
    {
        var database = gateway.App.Services.GetRequiredService<NpgsqlDataSource>();
        await using var reader = await database.OpenConnectionAsync();
        var (_, start) = await EventReader.ReadAsync(reader, EventCursor.Start, 1_000, CancellationToken.None);
        await using var slow = await database.OpenConnectionAsync();
        await using var slowTransaction = await slow.BeginTransactionAsync();
        await EventLog.AppendAsync(slowTransaction, "slow", "test", DateTimeOffset.UtcNow, new Noted("first to be written"), CancellationToken.None);
        await AppendAsync(database, "quick");

        var (first, afterFirst) = await EventReader.ReadAsync(reader, start, 1_000, CancellationToken.None);
        await slowTransaction.CommitAsync();
        var (second, afterSecond) = await EventReader.ReadAsync(reader, afterFirst, 1_000, CancellationToken.None);
        var (third, _) = await EventReader.ReadAsync(reader, afterSecond, 1_000, CancellationToken.None);

        Assert.Equal(["quick"], first.Select(entry => entry.Stream));
        Assert.Equal(["slow"], second.Select(entry => entry.Stream));
        Assert.True(second[0].Position < first[0].Position);
        Assert.Empty(third);
    }

    [Fact]
    public async Task A_backlog_is_read_in_batches_while_more_arrives()
    {
        var database = gateway.App.Services.GetRequiredService<NpgsqlDataSource>();
        await using var reader = await database.OpenConnectionAsync();
        var (_, cursor) = await EventReader.ReadAsync(reader, EventCursor.Start, 1_000, CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            await AppendAsync(database, $"backlog-{i}");
        }

        var read = new List<string>();
        for (var batch = 0; batch < 6; batch++)
        {
            (var events, cursor) = await EventReader.ReadAsync(reader, cursor, 2, CancellationToken.None);
            read.AddRange(events.Select(entry => entry.Stream));
            if (batch == 0)
            {
                await AppendAsync(database, "backlog-5");
            }
        }

        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"backlog-{i}"), read);
    }

    [Fact]
    public async Task Events_are_append_only()
    {
        var database = gateway.App.Services.GetRequiredService<NpgsqlDataSource>();
        await AppendAsync(database, "lasting");
        await using var connection = await gateway.OpenDatabaseAsync();

        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("update common.events set actor = 'other' where stream = 'lasting'"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("delete from common.events where stream = 'lasting'"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("truncate common.events"));
    }

    private static async Task AppendAsync(NpgsqlDataSource database, string stream)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await EventLog.AppendAsync(transaction, stream, "test", DateTimeOffset.UtcNow, new Noted(stream), CancellationToken.None);
        await transaction.CommitAsync();
    }
}
