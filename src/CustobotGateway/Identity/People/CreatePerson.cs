using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>Makes an account.</summary>
public static class CreatePerson
{
    /// <summary>Makes it in the caller's transaction; null if the address has one already.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="email">The address; has to pass <see cref="Person.IsEmail"/>.</param>
    /// <param name="passwordHash">What <see cref="Passwords.Hash"/> made.</param>
    /// <param name="roles">The staff's roles; none for a principal.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<Person?> RunAsync(
        NpgsqlTransaction transaction, string email, string passwordHash, IReadOnlyCollection<StaffRole> roles, string actor, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(email);
        ArgumentNullException.ThrowIfNull(clock);
        var person = new Person(Ids.New("usr", clock), email, [.. roles.Distinct().Order()], clock.GetUtcNow(), null);
        var made = await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into identity.people (id, email, email_key, password_hash, roles, created_at) values (@Id, @Email, @key, @passwordHash, @names, @CreatedAt)
            on conflict (email_key) do nothing
            """,
            new { person.Id, person.Email, key = Person.KeyOf(email), passwordHash, names = StaffRoles.ToArray(roles), person.CreatedAt },
            transaction, cancellationToken: cancellationToken));
        if (made == 0)
        {
            return null;
        }
        await EventLog.AppendAsync(transaction, person.Id, actor, person.CreatedAt, new PersonCreated(person.Email, person.Roles), cancellationToken);
        return person;
    }
}
