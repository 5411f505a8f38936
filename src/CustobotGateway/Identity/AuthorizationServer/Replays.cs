using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Storage;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>Remembers assertions and proofs in a transaction: each use is durable with it, and undone with it.</summary>
internal sealed class Replays(NpgsqlTransaction transaction) : IReplays
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryUseAsync(OneTimeUse use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(use);
        await using var command = new NpgsqlCommand(
            "insert into identity.replays (key, purpose, expires_at) values ($1, $2, $3) on conflict do nothing", transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = use.Key.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = use.Purpose });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = use.Expires.UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
