using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.ResourceServer;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>
/// Ends whatever stands on a person's account: sessions, letters to choose another password, what it wanted not to be asked again, and its grants with all codes, refresh tokens and access
/// tokens that came from them. Whoever had the password may have opened any of it.
/// </summary>
internal static class EndEverything
{
    /// <summary>Ends it in the caller's transaction, which holds the account's row, so that nothing is opened meanwhile.</summary>
    public static async Task RunAsync(NpgsqlTransaction transaction, GrantEnding ending, string personId, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await PersonSessions.EndAllAsync(transaction, personId, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from identity.consents where person_id = @personId; delete from identity.password_resets where person_id = @personId", new { personId }, transaction, cancellationToken: cancellationToken));
        var grants = await connection.QueryAsync<string>(new CommandDefinition(
            "select id from identity.grants where person = @personId and revoked_at is null order by id", new { personId }, transaction, cancellationToken: cancellationToken));
        foreach (var grant in grants)
        {
            await ending.RevokeAsync(transaction, grant, actor, now, cancellationToken);
        }
        await Revocations.AddAsync(transaction, RevocationKind.Person, personId, now, cancellationToken);
    }
}
