using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>Gives a person the roles that are listed, and no others.</summary>
public static class ChangeRoles
{
    /// <summary>Changes them in the caller's transaction; false if there is no such person. What is so already stays as it is.</summary>
    public static async Task<bool> RunAsync(
        NpgsqlTransaction transaction, string personId, IReadOnlyCollection<StaffRole> roles, string actor, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(clock);
        if (await FindPerson.LockAsync(transaction, personId, cancellationToken) is not { } stored)
        {
            return false;
        }
        StaffRole[] wanted = [.. roles.Distinct().Order()];
        if (!stored.Person.Roles.Order().SequenceEqual(wanted))
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "update identity.people set roles = @names where id = @personId", new { names = StaffRoles.ToArray(wanted), personId }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, personId, actor, clock.GetUtcNow(), new PersonRolesChanged(wanted), cancellationToken);
        }
        return true;
    }
}
