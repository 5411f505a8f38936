using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People.Passkeys;

/// <summary>
/// The passkeys of an account: lists, adds, renames and removes them. Whoever adds one has just signed in or gives the password, since it opens the account for
/// as long as it is there; the person is told by letter. Removing one ends the sessions that it opened.
/// </summary>
internal sealed class AccountPasskeys(
    NpgsqlDataSource database, PasskeyCeremonies ceremonies, PasskeyStates states, IOutbox outbox, PublicUrl publicUrl, AuditTrail audit, TimeProvider clock)
{
    /// <summary>How long after signing in nobody is asked for the password again.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private static readonly string[] KnownTransports = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];

    /// <summary>How adding one ended.</summary>
    internal enum Added
    {
        /// <summary>It is there.</summary>
        Done,

        /// <summary>The question that was answered had expired, was answered before, or was another session's.</summary>
        TooLate,

        /// <summary>The answer is none to what was asked.</summary>
        Refused,

        /// <summary>It is there already, with this account or another one.</summary>
        Known,

        /// <summary>The person has as many as there may be.</summary>
        TooMany,
    }

    /// <summary>Whether the person signed in so recently that the password need not be asked.</summary>
    public bool IsFresh(SignedInPerson person) => clock.GetUtcNow() - person.AuthenticatedAt < Fresh;

    /// <summary>The person's passkeys, the oldest first.</summary>
    public async Task<IReadOnlyList<Passkey>> ListAsync(string personId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Id, string Name, DateTime CreatedAt, DateTime? LastUsedAt)>(new CommandDefinition(
            "select id, name, created_at, last_used_at from identity.passkeys where person_id = @personId order by created_at, id limit @Most",
            new { personId, Passkey.Most }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Passkey(row.Id, row.Name, new DateTimeOffset(row.CreatedAt), row.LastUsedAt is { } at ? new DateTimeOffset(at) : null))];
    }

    /// <summary>What the browser is to ask the person, and what the page sends back with the answer; null where the person has as many as there may be.</summary>
    public async Task<(string Options, string State)?> AskAsync(HttpContext context, SignedInPerson person, CancellationToken cancellationToken)
    {
        if ((await ListAsync(person.PersonId, cancellationToken)).Count >= Passkey.Most)
        {
            audit.Add(context, new("passkey.add", null, person.PersonId, "too_many"));
            return null;
        }
        var (asked, state) = await ceremonies.AskForNewAsync(context, person);
        return (asked, states.Seal(PasskeyPurpose.Add, person.SessionId, state));
    }

    /// <summary>Verifies the answer and adds the passkey.</summary>
    public async Task<Added> AddAsync(HttpContext context, SignedInPerson person, string? credential, string? state, string name, CancellationToken cancellationToken)
    {
        if (credential is null || await states.TakeAsync(PasskeyPurpose.Add, person.SessionId, state, cancellationToken) is not { } asked)
        {
            return Refuse(context, person, Added.TooLate, "expired");
        }
        var verified = await ceremonies.VerifyNewAsync(context, credential, asked);
        if (!verified.Succeeded || verified.UserEntity.Id != person.PersonId)
        {
            return Refuse(context, person, Added.Refused, "wrong_passkey", PasskeyCeremonies.ReasonOf(verified.Failure));
        }
        var (id, now, made) = (Ids.New("psk", clock), clock.GetUtcNow(), verified.Passkey);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The account's row is held: two at once do not make one too many, and a closed account gets none.
        if (await FindPerson.LockAsync(transaction, person.PersonId, cancellationToken) is not { Person.DisabledAt: null } || !await IsOpenAsync(transaction, person, cancellationToken))
        {
            return Refuse(context, person, Added.TooLate, "expired");
        }
        if (await connection.QuerySingleAsync<long>(new CommandDefinition(
            "select count(*) from identity.passkeys where person_id = @PersonId", new { person.PersonId }, transaction, cancellationToken: cancellationToken)) >= Passkey.Most)
        {
            return Refuse(context, person, Added.TooMany, "too_many");
        }
        var added = await connection.ExecuteAsync(new CommandDefinition("""
            insert into identity.passkeys (id, person_id, credential_id, public_key, name, sign_count, transports, is_user_verified, is_backup_eligible, is_backed_up,
                                           attestation_object, client_data_json, created_at)
            values (@id, @PersonId, @CredentialId, @PublicKey, @name, @count, @transports, @IsUserVerified, @IsBackupEligible, @IsBackedUp, @AttestationObject, @ClientDataJson, @now)
            on conflict (credential_id) do nothing
            """,
            new
            {
                id,
                person.PersonId,
                made.CredentialId,
                made.PublicKey,
                name,
                count = (long)made.SignCount,
                // A browser may send any text as one.
                transports = made.Transports?.Intersect(KnownTransports, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray(),
                made.IsUserVerified,
                made.IsBackupEligible,
                made.IsBackedUp,
                made.AttestationObject,
                made.ClientDataJson,
                now,
            },
            transaction, cancellationToken: cancellationToken));
        if (added == 0)
        {
            return Refuse(context, person, Added.Known, "known");
        }
        await EventLog.AppendAsync(transaction, person.PersonId, person.PersonId, now, new PersonPasskeyAdded(id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        audit.Add(context, new("passkey.add", null, person.PersonId, null, new { passkey = id }));
        await outbox.SendAsync(Letters.PasskeyAdded(person.Email, name, publicUrl.Base + ResetPages.ForgotPath), cancellationToken);
        return Added.Done;
    }

    /// <summary>Gives it another name; false if the person has none of that id.</summary>
    public async Task<bool> RenameAsync(HttpContext context, SignedInPerson person, string passkeyId, string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var renamed = await connection.ExecuteAsync(new CommandDefinition(
            "update identity.passkeys set name = @name where id = @passkeyId and person_id = @PersonId", new { passkeyId, name, person.PersonId }, cancellationToken: cancellationToken)) == 1;
        audit.Add(context, new("passkey.rename", null, person.PersonId, renamed ? null : "not_found"));
        return renamed;
    }

    /// <summary>Removes it, and ends the sessions that it opened; false if the person has none of that id.</summary>
    public async Task<bool> RemoveAsync(HttpContext context, SignedInPerson person, string passkeyId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FindPerson.LockAsync(transaction, person.PersonId, cancellationToken);
        var name = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "delete from identity.passkeys where id = @passkeyId and person_id = @PersonId returning name", new { passkeyId, person.PersonId }, transaction, cancellationToken: cancellationToken));
        if (name is null)
        {
            audit.Add(context, new("passkey.remove", null, person.PersonId, "not_found"));
            return false;
        }
        await EventLog.AppendAsync(transaction, person.PersonId, person.PersonId, clock.GetUtcNow(), new PersonPasskeyRemoved(passkeyId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        audit.Add(context, new("passkey.remove", null, person.PersonId, null, new { passkey = passkeyId }));
        await outbox.SendAsync(Letters.PasskeyRemoved(person.Email, name, publicUrl.Base + ResetPages.ForgotPath), cancellationToken);
        return true;
    }

    /// <summary>Removes all of a person, in the caller's transaction, which holds the account's row.</summary>
    public static async Task RemoveAllAsync(NpgsqlTransaction transaction, string personId, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removed = await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "delete from identity.passkeys where person_id = @personId returning id", new { personId }, transaction, cancellationToken: cancellationToken));
        foreach (var passkey in removed.Order(StringComparer.Ordinal))
        {
            await EventLog.AppendAsync(transaction, personId, actor, now, new PersonPasskeyRemoved(passkey), cancellationToken);
        }
    }

    // Whoever chose another password meanwhile ended this session: it adds nothing any more.
    private static Task<bool> IsOpenAsync(NpgsqlTransaction transaction, SignedInPerson person, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<bool>(new CommandDefinition(
            "select exists (select from identity.sessions where id = @SessionId and person_id = @PersonId)", new { person.SessionId, person.PersonId }, transaction, cancellationToken: cancellationToken));

    private Added Refuse(HttpContext context, SignedInPerson person, Added result, string code, string? reason = null)
    {
        audit.Add(context, new("passkey.add", null, person.PersonId, code, reason is null ? null : new { reason }));
        return result;
    }
}
