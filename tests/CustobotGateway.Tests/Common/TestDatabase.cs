using Npgsql;

namespace CustobotGateway.Tests.Common;

/// <summary>A fresh, empty database on the server that <c>CUSTOBOT_TEST_POSTGRES</c> names; dropped when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private TestDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;
    }

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>Creates one.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var server = Environment.GetEnvironmentVariable("CUSTOBOT_TEST_POSTGRES")
            ?? throw new InvalidOperationException("CUSTOBOT_TEST_POSTGRES is not set: run ./test, which starts a PostgreSQL and sets it.");
        var database = new TestDatabase(server, "test_" + Guid.NewGuid().ToString("n"));
        await ExecuteAsync(server, $"create database {database._name}");
        return database;
    }

    /// <summary>Drops it, open connections included.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }
        await ExecuteAsync(_server, $"drop database if exists {_name} with (force)");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
