using CustobotGateway.Common.Events;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.People.Passkeys;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>
/// Gives an account another password. Every session and every token of the person ends with it, and so does every passkey, which somebody else may have added;
/// a person who gives the present password sees the passkeys beside it, and keeps them.
/// </summary>
public sealed class ChangePassword(NpgsqlDataSource database, Passwords passwords, GrantEnding ending, TimeProvider clock)
{
    /// <summary>Changes it; false if there is no such person.</summary>
    public async Task<bool> RunAsync(string personId, string password, string actor, CancellationToken cancellationToken, bool keepsPasskeys = false)
    {
        ArgumentNullException.ThrowIfNull(password);
        var hash = passwords.Hash(password);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await RunAsync(transaction, ending, personId, hash, actor, clock, cancellationToken, keepsPasskeys))
        {
            return false;
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Changes it in the caller's transaction.</summary>
    internal static async Task<bool> RunAsync(
        NpgsqlTransaction transaction, GrantEnding ending, string personId, string hash, string actor, TimeProvider clock, CancellationToken cancellationToken, bool keepsPasskeys = false)
    {
        if (await FindPerson.LockAsync(transaction, personId, cancellationToken) is null)
        {
            return false;
        }
        var now = clock.GetUtcNow();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update identity.people set password_hash = @hash where id = @personId", new { hash, personId }, transaction, cancellationToken: cancellationToken));
        if (!keepsPasskeys)
        {
            await AccountPasskeys.RemoveAllAsync(transaction, personId, actor, now, cancellationToken);
        }
        await EndEverything.RunAsync(transaction, ending, personId, actor, now, cancellationToken);
        await EventLog.AppendAsync(transaction, personId, actor, now, new PersonPasswordChanged(), cancellationToken);
        return true;
    }
}
