using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>How a sign-in ended.</summary>
/// <param name="Person">Who it is; null if it was refused.</param>
/// <param name="RetryAfter">How long to wait where there were too many tries; null otherwise.</param>
public sealed record SignInResult(Person? Person, TimeSpan? RetryAfter);

/// <summary>
/// Checks an address and a password. An unknown address, a wrong password and a disabled account get the same answer after the same work, so that nobody
/// learns who has an account; tries are limited by account and address, by account, and by address, whether or not the account exists.
/// </summary>
public sealed class SignIn(NpgsqlDataSource database, Passwords passwords, Attempts attempts, PeopleOptions options, AuditTrail audit)
{
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(5);

    /// <summary>Checks what a person wrote into a form, and writes down how it ended.</summary>
    public async Task<SignInResult> RunAsync(HttpContext context, string? email, string? password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var result = await CheckAsync(email ?? "", password ?? "", Attempts.AddressOf(context), cancellationToken);
        // Never the address of a refused one: people type their password into the wrong field.
        audit.Add(context, new("login", null, result.Person?.Id, result.Person is not null ? null : result.RetryAfter is null ? "wrong_password" : "too_many"));
        return result;
    }

    private async Task<SignInResult> CheckAsync(string email, string password, string address, CancellationToken cancellationToken)
    {
        // What can be no address is counted like one: it takes the same way.
        var key = email.Length <= Person.LongestEmail ? Person.KeyOf(email) : "";
        var both = new AttemptLimit($"login\n{key}\n{address}", options.TriesPerAccountAndAddress);
        var (account, from) = (new AttemptLimit($"login-account\n{key}", options.TriesPerAccount), AttemptLimit.LoginsFrom(address, options));
        // The address by itself and first: who has used it up can make no more rows for accounts that it invents.
        if (await attempts.CountAsync([from], cancellationToken) is { } tooMany)
        {
            return new(null, tooMany);
        }
        if (await attempts.CountAsync([both, account], cancellationToken) is { } wait)
        {
            return new(null, wait);
        }
        StoredPerson? stored;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            stored = await FindPerson.StoredByEmailAsync(connection, key, cancellationToken);
        }
        var isOpen = stored is { Person.DisabledAt: null };
        var check = await passwords.CheckAsync(isOpen ? stored!.PasswordHash : null, password, cancellationToken);
        if (check == PasswordCheck.Busy)
        {
            return new(null, WhenBusy);
        }
        if (check == PasswordCheck.Wrong)
        {
            return new(null, null);
        }
        await attempts.ForgiveAsync(both, [account, from], cancellationToken);
        if (check == PasswordCheck.RightButWeak)
        {
            await RenewAsync(stored!, password, cancellationToken);
        }
        return new(stored!.Person, null);
    }

    // Only if it is still the same: a change of the password in the meantime is not undone.
    private async Task RenewAsync(StoredPerson stored, string password, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update identity.people set password_hash = @hash where id = @Id and password_hash = @PasswordHash",
            new { hash = passwords.Hash(password), stored.Person.Id, stored.PasswordHash }, cancellationToken: cancellationToken));
    }
}
