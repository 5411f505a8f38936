using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>How a confirmation ended.</summary>
/// <param name="Person">The new account; null if there is none.</param>
/// <param name="ReturnUrl">Where the person was on the way to.</param>
/// <param name="RetryAfter">How long to wait where there were too many tries.</param>
/// <param name="IsKnown">Whether the letter waits still, so that another password may be tried.</param>
internal sealed record ConfirmResult(Person? Person, string? ReturnUrl, TimeSpan? RetryAfter, bool IsKnown);

/// <summary>
/// People open accounts themselves. Whatever the address, the page says the same after the same work, and a letter tells the owner of the address what it came
/// to. There is no account until the address is confirmed, with the password that was chosen with it: a letter that a stranger caused opens nothing for either.
/// </summary>
internal sealed class SignUp(
    NpgsqlDataSource database, Passwords passwords, Attempts attempts, PeopleOptions options, IOutbox outbox, PublicUrl publicUrl, AuditTrail audit, TimeProvider clock)
{
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(5);

    /// <summary>Writes the letter; the time to wait where there were too many, null where it was written.</summary>
    public async Task<TimeSpan?> AskAsync(HttpContext context, string email, string password, string? returnUrl, CancellationToken cancellationToken)
    {
        var wait = await MailTries.CountAsync(attempts, options, email, Attempts.AddressOf(context), cancellationToken);
        var hash = wait is null ? await passwords.HashAsync(password, cancellationToken) : null;
        audit.Add(context, new("sign_up", null, null, hash is null ? "too_many" : null));
        if (hash is null)
        {
            return wait ?? WhenBusy;
        }
        var secret = SecretToken.Create();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            // Stored also where there is an account: the answer takes as long, and who confirms is told.
            await connection.ExecuteAsync(new CommandDefinition(
                "insert into identity.sign_ups (hash, email, password_hash, return_url, expires_at) values (@secret, @email, @hash, @returnUrl, @end)",
                new { secret = SecretHash.Of(secret).ToArray(), email, hash, returnUrl, end = clock.GetUtcNow().AddHours(options.ConfirmHours) }, cancellationToken: cancellationToken));
            var isTaken = await FindPerson.ByEmailAsync(connection, email, cancellationToken) is not null;
            await outbox.SendAsync(isTaken
                ? Letters.AlreadyThere(email, publicUrl.Base + PersonPages.LoginPath, publicUrl.Base + ResetPages.ForgotPath)
                : Letters.Confirm(email, $"{publicUrl.Base}{SignUpPages.ConfirmPath}?token={secret}", options.ConfirmHours), cancellationToken);
        }
        return null;
    }

    /// <summary>Whether a letter with that secret waits.</summary>
    public async Task<bool> WaitsAsync(string? secret, CancellationToken cancellationToken) => await FindAsync(secret, cancellationToken) is not null;

    /// <summary>Opens the account for whoever has the letter and the password.</summary>
    public async Task<ConfirmResult> ConfirmAsync(HttpContext context, string? secret, string? password, CancellationToken cancellationToken)
    {
        var result = await ConfirmAsync(secret, password ?? "", Attempts.AddressOf(context), cancellationToken);
        audit.Add(context, new("sign_up.confirm", null, result.Person?.Id,
            result.Person is not null ? null : result.RetryAfter is not null ? "too_many" : result.IsKnown ? "wrong_password" : "not_found"));
        return result;
    }

    private async Task<ConfirmResult> ConfirmAsync(string? secret, string password, string address, CancellationToken cancellationToken)
    {
        if (await FindAsync(secret, cancellationToken) is not { } waiting)
        {
            return new(null, null, null, false);
        }
        var tooMany = await attempts.CountAsync([new($"login-address\n{address}", options.TriesPerAddress)], cancellationToken)
            ?? await attempts.CountAsync([new($"confirm\n{secret}", options.TriesPerAccountAndAddress)], cancellationToken);
        if (tooMany is not null)
        {
            return new(null, null, tooMany, true);
        }
        switch (await passwords.CheckAsync(waiting.PasswordHash, password, cancellationToken))
        {
            case PasswordCheck.Busy:
                return new(null, null, WhenBusy, true);
            case PasswordCheck.Wrong:
                return new(null, null, null, true);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var taken = await connection.ExecuteAsync(new CommandDefinition(
            "delete from identity.sign_ups where hash = @hash", new { hash = SecretHash.Of(secret!).ToArray() }, transaction, cancellationToken: cancellationToken));
        var person = taken == 0 ? null : await CreatePerson.RunAsync(transaction, waiting.Email, waiting.PasswordHash, [], "sign_up", clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(person, waiting.ReturnUrl, null, false);
    }

    private async Task<Waiting?> FindAsync(string? secret, CancellationToken cancellationToken)
    {
        if (secret is null or { Length: > SecretToken.Longest })
        {
            return null;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Waiting>(new CommandDefinition(
            "select email, password_hash as passwordhash, return_url as returnurl from identity.sign_ups where hash = @hash and expires_at > @now",
            new { hash = SecretHash.Of(secret).ToArray(), now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
    }

    private sealed record Waiting(string Email, string PasswordHash, string? ReturnUrl);
}
