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

    /// <summary>Whether what money would be spent for is over.</summary>
    internal async Task<bool> IsOverAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string reservation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var module in _dependents)
        {
            if (await module.IsOpenAsync(connection, transaction, reservation, now, cancellationToken) is { } open)
            {
                return !open;
            }
        }
        return false;
    }

    /// <summary>Revokes those of the grants that more than tokens and codes live from, each with all of that; how many.</summary>
    internal async Task<int> RevokeThoseWithDependentsAsync(NpgsqlTransaction transaction, string[] grantIds, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var module in _dependents)
        {
            found.UnionWith(await module.WithDependentsAsync(transaction, grantIds, cancellationToken));
        }
        foreach (var grant in found)
        {
            await RevokeAsync(transaction, grant, actor, now, cancellationToken);
        }
        return found.Count;
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
