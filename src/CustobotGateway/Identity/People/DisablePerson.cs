using CustobotGateway.Common.Events;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>Closes an account or opens it again. Closing ends every session and every token of the person at once.</summary>
public sealed class DisablePerson(NpgsqlDataSource database, GrantEnding ending, TimeProvider clock)
{
    /// <summary>Closes or opens it; false if there is no such person. What is so already stays as it is.</summary>
    public async Task<bool> RunAsync(string personId, bool disable, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await FindPerson.LockAsync(transaction, personId, cancellationToken) is not { } stored)
        {
            return false;
        }
        if (disable == stored.Person.DisabledAt is not null)
        {
            return true;
        }
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(new CommandDefinition(
            "update identity.people set disabled_at = @at where id = @personId", new { at = disable ? now : (DateTimeOffset?)null, personId }, transaction, cancellationToken: cancellationToken));
        if (disable)
        {
            await EndEverything.RunAsync(transaction, ending, personId, actor, now, cancellationToken);
            await EventLog.AppendAsync(transaction, personId, actor, now, new PersonDisabled(), cancellationToken);
        }
        else
        {
            await EventLog.AppendAsync(transaction, personId, actor, now, new PersonEnabled(), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
