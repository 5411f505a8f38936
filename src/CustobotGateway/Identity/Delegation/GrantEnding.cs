using CustobotGateway.Common.Events;
using CustobotGateway.Identity.ResourceServer;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Ends grants, by whichever way: everything that lives from one, in whichever module, ends in the same transaction.</summary>
public sealed class GrantEnding(IEnumerable<IGrantDependents> dependents)
{
    private readonly IGrantDependents[] _dependents = [.. dependents.OrderBy(module => module.LockOrder)];

    /// <summary>What would end with the grant now.</summary>
    public async Task<IReadOnlyList<GrantDependent>> ListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string grantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var all = new List<GrantDependent>();
        foreach (var module in _dependents)
        {
            all.AddRange(await module.ListAsync(connection, transaction, grantId, now, cancellationToken));
        }
        return all;
    }

    /// <summary>
    /// Revokes the grant with all that came from it, in the caller's transaction; what ended, or null if it was revoked before, or is none. Access tokens are
    /// refused everywhere within a second of the commit.
    /// </summary>
    public async Task<IReadOnlyList<GrantDependent>?> RevokeAsync(NpgsqlTransaction transaction, string grantId, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var connection = transaction.Connection!;
        foreach (var module in _dependents)
        {
            await module.LockAsync(transaction, grantId, cancellationToken);
        }
        // Its own statement before the others: they then see what was made by transactions that this one had to wait for.
        if (await connection.ExecuteAsync(new CommandDefinition(
            "update identity.grants set revoked_at = @now where id = @grantId and revoked_at is null", new { grantId, now }, transaction, cancellationToken: cancellationToken)) == 0)
        {
            return null;
        }
        var ends = await ListAsync(connection, transaction, grantId, now, cancellationToken);
        foreach (var module in _dependents)
        {
            await module.EndAsync(transaction, grantId, actor, now, cancellationToken);
        }
        await Revocations.AddAsync(transaction, RevocationKind.Grant, grantId, now, cancellationToken);
        await EventLog.AppendAsync(transaction, grantId, actor, now, new GrantRevoked(ends), cancellationToken);
        return ends;
    }
}
