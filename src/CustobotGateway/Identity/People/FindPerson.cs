using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>A person with the hash of the password.</summary>
internal sealed record StoredPerson(Person Person, string PasswordHash);

/// <summary>Finds accounts.</summary>
public static class FindPerson
{
    private const string Columns = "id, email, roles, created_at, disabled_at, password_hash, time_zone";

    /// <summary>The person of an address; null if there is none.</summary>
    public static async Task<Person?> ByEmailAsync(NpgsqlConnection connection, string email, CancellationToken cancellationToken) =>
        (await StoredAsync(connection, null, "email_key = @value", Person.KeyOf(email), cancellationToken))?.Person;

    /// <summary>The person of an id; null if there is none.</summary>
    public static async Task<Person?> ByIdAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken) =>
        (await StoredAsync(connection, null, "id = @value", id, cancellationToken))?.Person;

    internal static Task<StoredPerson?> StoredByEmailAsync(NpgsqlConnection connection, string email, CancellationToken cancellationToken) =>
        StoredAsync(connection, null, "email_key = @value", Person.KeyOf(email), cancellationToken);

    /// <summary>The same, locked until the transaction ends: who changes an account changes its events too.</summary>
    internal static Task<StoredPerson?> LockAsync(NpgsqlTransaction transaction, string id, CancellationToken cancellationToken) =>
        StoredAsync(transaction.Connection!, transaction, "id = @value for update", id, cancellationToken);

    /// <summary>True if the account is open, and stays so until the transaction ends: who closes it sees what the transaction gave in its name.</summary>
    internal static async Task<bool> HoldAsync(NpgsqlTransaction transaction, string id, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select id from identity.people where id = @id and disabled_at is null for share", new { id }, transaction, cancellationToken: cancellationToken)) is not null;

    private static async Task<StoredPerson?> StoredAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string condition, string value, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<(string? Id, string Email, string[] Roles, DateTime CreatedAt, DateTime? DisabledAt, string Hash, string TimeZone)>(new CommandDefinition(
            $"select {Columns} from identity.people where {condition}", new { value }, transaction, cancellationToken: cancellationToken));
        return row.Id is null ? null : new(
            new Person(row.Id, row.Email, StaffRoles.FromArray(row.Roles), new DateTimeOffset(row.CreatedAt), row.DisabledAt is { } at ? new DateTimeOffset(at) : null) { TimeZone = row.TimeZone }, row.Hash);
    }
}
