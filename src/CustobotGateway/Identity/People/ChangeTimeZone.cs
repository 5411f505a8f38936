using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>Lets a person live by another clock. Grants that there are keep the one that they were given with.</summary>
internal sealed class ChangeTimeZone(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Changes it to one of <see cref="ZoneNames.All"/>; what is so already stays as it is.</summary>
    public async Task RunAsync(string personId, string timeZone, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await FindPerson.LockAsync(transaction, personId, cancellationToken) is not { } stored || stored.Person.TimeZone == timeZone)
        {
            return;
        }
        await connection.ExecuteAsync(new CommandDefinition(
            "update identity.people set time_zone = @timeZone where id = @personId", new { timeZone, personId }, transaction, cancellationToken: cancellationToken));
        await EventLog.AppendAsync(transaction, personId, personId, clock.GetUtcNow(), new PersonTimeZoneChanged(timeZone), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
