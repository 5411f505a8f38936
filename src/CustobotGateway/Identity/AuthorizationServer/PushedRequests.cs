using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Storage;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>Pushed authorization requests, on an open connection and in its transaction if there is one.</summary>
public sealed class PushedRequests(NpgsqlConnection connection, NpgsqlTransaction? transaction = null) : IPushedRequests
{
    /// <inheritdoc/>
    public async ValueTask AddAsync(PushedRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into identity.pushed_requests (hash, client_id, parameters, expires_at) values (@hash, @ClientId, @Parameters, @ExpiresAt)",
            new { hash = request.Hash.ToArray(), request.ClientId, request.Parameters, request.ExpiresAt }, transaction, cancellationToken: cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<PushedRequest?> FindAsync(SecretHash hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hash);
        var row = await connection.QuerySingleOrDefaultAsync<(string? ClientId, byte[] Parameters, DateTime ExpiresAt)>(new CommandDefinition(
            "select client_id, parameters, expires_at from identity.pushed_requests where hash = @hash and expires_at > @now",
            new { hash = hash.ToArray(), now }, transaction, cancellationToken: cancellationToken));
        return row.ClientId is null ? null : new PushedRequest(hash, row.ClientId, row.Parameters, new DateTimeOffset(row.ExpiresAt));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryConsumeAsync(SecretHash hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from identity.pushed_requests where hash = @hash and expires_at > @now",
            new { hash = hash.ToArray(), now }, transaction, cancellationToken: cancellationToken)) == 1;
    }
}
