using Dapper;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace CustobotGateway.Identity.People.Passkeys;

/// <summary>
/// What the framework reads while it verifies a passkey. It writes nothing through this: adding and using one are each one transaction together with what
/// follows from it, see <see cref="AccountPasskeys"/> and <see cref="PersonSessions"/>.
/// </summary>
internal sealed class PasskeyStore(NpgsqlDataSource database) : IUserPasskeyStore<Person>
{
    private const string ReadsOnly = "Accounts and passkeys are changed by their own operations.";

    /// <summary>The person of an id; null also for a disabled account, so that it is refused like an unknown one.</summary>
    public async Task<Person?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        // What a browser sends may be anything; a zero is none of a text.
        if (userId.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindPerson.ByIdAsync(connection, userId, cancellationToken) is { DisabledAt: null } person ? person : null;
    }

    /// <inheritdoc/>
    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Person user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return [.. await ReadAsync("person_id = @Id", new { user.Id }, cancellationToken)];
    }

    /// <inheritdoc/>
    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return (await ReadAsync("person_id = @Id and credential_id = @credentialId", new { user.Id, credentialId }, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Whose passkey it is; null if it is nobody's. A disabled account keeps its own.</summary>
    public async Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var id = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select person_id from identity.passkeys where credential_id = @credentialId", new { credentialId }, cancellationToken: cancellationToken));
        return id is null ? null : await FindPerson.ByIdAsync(connection, id, cancellationToken);
    }

    public Task<string> GetUserIdAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task<string?> GetNormalizedUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(Person.KeyOf(user.Email));

    public async Task<Person?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindPerson.ByEmailAsync(connection, normalizedUserName, cancellationToken);
    }

    public Task AddOrUpdatePasskeyAsync(Person user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException(ReadsOnly);

    public Task RemovePasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException(ReadsOnly);

    public Task SetUserNameAsync(Person user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException(ReadsOnly);

    public Task SetNormalizedUserNameAsync(Person user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException(ReadsOnly);

    public Task<IdentityResult> CreateAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException(ReadsOnly);

    public Task<IdentityResult> UpdateAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException(ReadsOnly);

    public Task<IdentityResult> DeleteAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException(ReadsOnly);

    public void Dispose()
    {
        // The data source is the host's.
    }

    private async Task<IEnumerable<UserPasskeyInfo>> ReadAsync(string condition, object values, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"""
            select credential_id as CredentialId, public_key as PublicKey, name, created_at as CreatedAt, sign_count as SignCount, transports, is_user_verified as IsUserVerified,
                   is_backup_eligible as IsBackupEligible, is_backed_up as IsBackedUp, attestation_object as AttestationObject, client_data_json as ClientDataJson
            from identity.passkeys where {condition} order by created_at, id limit {Passkey.Most}
            """, values, cancellationToken: cancellationToken));
        return rows.Select(row => new UserPasskeyInfo(
            row.CredentialId, row.PublicKey, new DateTimeOffset(row.CreatedAt), (uint)row.SignCount, row.Transports, row.IsUserVerified, row.IsBackupEligible, row.IsBackedUp,
            row.AttestationObject, row.ClientDataJson)
        { Name = row.Name });
    }

    // Dapper fills it by column name.
    private sealed class Row
    {
        public byte[] CredentialId { get; init; } = [];
        public byte[] PublicKey { get; init; } = [];
        public string Name { get; init; } = "";
        public DateTime CreatedAt { get; init; }
        public long SignCount { get; init; }
        public string[]? Transports { get; init; }
        public bool IsUserVerified { get; init; }
        public bool IsBackupEligible { get; init; }
        public bool IsBackedUp { get; init; }
        public byte[] AttestationObject { get; init; } = [];
        public byte[] ClientDataJson { get; init; } = [];
    }
}
