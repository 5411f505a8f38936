using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.People;
using Npgsql;

namespace CustobotGateway.Commands;

/// <summary><c>./gateway admin create</c>: makes an administrator's account, the first one above all.</summary>
public static class Admin
{
    private const string Email = "--email", PasswordFromInput = "--password-stdin";

    // Without letters that look alike.
    private const string PasswordLetters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "admin",
        Operands = "create",
        Summary = "Make an administrator's account (admin create --email E)",
        Help = """
            Prints {"id","email"} as JSON, and a "password" where none was given: it is made, printed this once, and stored as a hash only. Works beside a
            running gateway. The account signs in at /staff.
            """,
        Options =
        [
            new(Email, "E", "The administrator's email address"),
            new(PasswordFromInput, null, "Read the password from standard input, its first line"),
            .. Offline.Options,
        ],
        RunAsync = RunAsync,
    };

    private sealed record Created(string Id, string Email, string? Password);

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        if (words.Operands is not ["create"])
        {
            throw CommandException.Usage("what 'admin' does is create: gateway admin create --email E.");
        }
        if (!Person.IsEmail(words[Email]))
        {
            throw CommandException.Usage("name the account: --email E, an email address.");
        }
        var given = words.Has(PasswordFromInput) ? await System.Console.In.ReadLineAsync(cancellationToken) ?? "" : null;
        if (given is not null && Passwords.FaultOf(given) is { } fault)
        {
            throw new CommandException(fault);
        }
        var password = given ?? RandomNumberGenerator.GetString(PasswordLetters, 20);
        await using var gateway = await Offline.OpenAsync(GatewayOptions.Read(words), cancellationToken);
        var services = gateway.Services;
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var person = await CreatePerson.RunAsync(transaction, words[Email]!, services.GetRequiredService<Passwords>().Hash(password), [StaffRole.Administrator],
            "command line", services.GetRequiredService<TimeProvider>(), cancellationToken)
            ?? throw new CommandException($"{words[Email]} has an account already.");
        await transaction.CommitAsync(cancellationToken);
        System.Console.Out.WriteLine(JsonSerializer.Serialize(new Created(person.Id, person.Email, given is null ? password : null), Json.Options));
        return ExitCode.Done;
    }
}
