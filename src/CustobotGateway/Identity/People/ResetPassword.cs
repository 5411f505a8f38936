using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>
/// Whoever owns the address of an account can choose another password: by a letter with a secret that is good once and not for long. Whether there is an
/// account is told by the letter alone. Choosing ends whatever stands on the account, as changing the password does.
/// </summary>
internal sealed class ResetPassword(
    NpgsqlDataSource database, Passwords passwords, Attempts attempts, PeopleOptions options, IOutbox outbox, PublicUrl publicUrl, AuditTrail audit, GrantEnding ending, TimeProvider clock)
{
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(5);

    /// <summary>How it ended: when to come again where too many were at it, or else whether the letter was good.</summary>
    internal sealed record Result(bool Done, TimeSpan? RetryAfter = null);

    /// <summary>Writes the letter; the time to wait where there were too many, null where it was written.</summary>
    public async Task<TimeSpan?> AskAsync(HttpContext context, string email, CancellationToken cancellationToken)
    {
        if (await MailTries.CountAsync(attempts, options, email, Attempts.AddressOf(context), cancellationToken) is { } wait)
        {
            audit.Add(context, new("password.forgot", null, null, "too_many"));
            return wait;
        }
        var (secret, now) = (SecretToken.Create(), clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One statement, whoever it is for: nobody's takes as long.
        var personId = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition("""
            insert into identity.password_resets (hash, person_id, expires_at)
            select @hash, id, @end from identity.people where email_key = @key and disabled_at is null returning person_id
            """,
            new { hash = SecretHash.Of(secret).ToArray(), key = Person.KeyOf(email), end = now.AddMinutes(options.ResetMinutes) }, cancellationToken: cancellationToken));
        await outbox.SendAsync(personId is not null
            ? Letters.Reset(email, $"{publicUrl.Base}{ResetPages.ResetPath}?token={secret}", options.ResetMinutes)
            : Letters.NoAccount(email, options.SignUp ? publicUrl.Base + SignUpPages.Path : null), cancellationToken);
        audit.Add(context, new("password.forgot", null, personId, personId is null ? "not_found" : null));
        return null;
    }

    /// <summary>Whether the secret of a letter is good.</summary>
    public async Task<bool> IsGoodAsync(string? secret, CancellationToken cancellationToken)
    {
        if (secret is null or { Length: > SecretToken.Longest })
        {
            return false;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "select exists (select from identity.password_resets where hash = @hash and expires_at > @now)",
            new { hash = SecretHash.Of(secret).ToArray(), now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
    }

    /// <summary>Gives the account the password, if the secret is good; it is not any more afterwards.</summary>
    public async Task<Result> RunAsync(HttpContext context, string? secret, string password, CancellationToken cancellationToken)
    {
        if (!await IsGoodAsync(secret, cancellationToken))
        {
            audit.Add(context, new("password.reset", null, null, "not_found"));
            return new(false);
        }
        if (await passwords.HashAsync(password, cancellationToken) is not { } hash)
        {
            return new(false, WhenBusy);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var personId = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "delete from identity.password_resets where hash = @hash and expires_at > @now returning person_id",
            new { hash = SecretHash.Of(secret!).ToArray(), now = clock.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        var person = personId is null ? null : (await FindPerson.LockAsync(transaction, personId, cancellationToken))?.Person;
        if (person is not { DisabledAt: null })
        {
            audit.Add(context, new("password.reset", null, personId, "not_found"));
            return new(false);
        }
        await ChangePassword.RunAsync(transaction, ending, person.Id, hash, person.Id, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        audit.Add(context, new("password.reset", null, person.Id, null));
        await outbox.SendAsync(Letters.PasswordChanged(person.Email, publicUrl.Base + ResetPages.ForgotPath), cancellationToken);
        return new(true);
    }
}
