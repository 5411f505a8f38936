using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Storage;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>Remembers assertions and proofs, on a connection of its own or in a transaction.</summary>
public sealed class Replays : IReplays
{
    private const string Sql = "insert into identity.replays (key, purpose, expires_at) values ($1, $2, $3) on conflict do nothing";

    private readonly NpgsqlDataSource? _database;
    private readonly NpgsqlTransaction? _transaction;

    /// <summary>Each use is durable when the answer is yes.</summary>
    public Replays(NpgsqlDataSource database) => _database = database;

    /// <summary>Each use is durable with the transaction, and undone with it.</summary>
    public Replays(NpgsqlTransaction transaction) => _transaction = transaction;

    /// <inheritdoc/>
    public async ValueTask<bool> TryUseAsync(OneTimeUse use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(use);
        await using var command = _database?.CreateCommand(Sql) ?? new NpgsqlCommand(Sql, _transaction!.Connection, _transaction);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = use.Key.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = use.Purpose });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = use.Expires.UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
