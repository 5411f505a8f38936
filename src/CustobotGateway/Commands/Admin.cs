using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.People;
using Npgsql;

namespace CustobotGateway.Commands;

/// <summary><c>./gateway admin</c>: accounts from the command line, the first administrator's above all.</summary>
public static class Admin
{
    private const string Email = "--email", PasswordFromInput = "--password-stdin", Roles = "--roles";

    private const string Actor = "command line";

    // Without letters that look alike.
    private const string PasswordLetters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "admin",
        Operands = "create|password|roles|disable|enable",
        Summary = "Make an administrator's account, or change an account (admin create --email E)",
        Help = $$"""
            create     makes an account with the role of administrator, or with --roles
            password   gives an account another password; who is signed in is signed out, and the access that the person gave ends
            roles      gives an account the roles of --roles and no others
            disable    closes an account: sessions and tokens end at once; enable opens it again
            Prints {"id","email"} as JSON, and a "password" where none was given: it is made, printed this once, and stored as a hash only. Works beside a running
            gateway. Staff sign in at /staff. Roles: {{string.Join(", ", StaffRoles.Names)}}.
            """,
        Options =
        [
            new(Email, "E", "The account's email address"),
            new(PasswordFromInput, null, "Read the password from standard input, its first line"),
            new(Roles, "R,R", "Roles, separated by commas; '' for none"),
            .. Offline.Options,
        ],
        RunAsync = RunAsync,
    };

    private sealed record Account(string Id, string Email, string? Password);

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        if (words.Operands is not [("create" or "password" or "roles" or "disable" or "enable") and var act])
        {
            throw CommandException.Usage("say what to do: gateway admin create|password|roles|disable|enable --email E.");
        }
        if (!Person.IsEmail(words[Email]))
        {
            throw CommandException.Usage("name the account: --email E, an email address.");
        }
        var roles = ReadRoles(words[Roles]) ?? (act == "roles" ? throw CommandException.Usage("name the roles: --roles R,R.") : [StaffRole.Administrator]);
        var (password, made) = act is "create" or "password" ? await ReadPasswordAsync(words, cancellationToken) : ("", false);
        await using var gateway = await Offline.OpenAsync(GatewayOptions.Read(words), cancellationToken);
        var person = act == "create"
            ? await CreateAsync(gateway.Services, words[Email]!, password, roles, cancellationToken)
            : await ChangeAsync(gateway.Services, act, words[Email]!, password, roles, cancellationToken);
        System.Console.Out.WriteLine(JsonSerializer.Serialize(new Account(person.Id, person.Email, made ? password : null), Json.Options));
        return ExitCode.Done;
    }

    private static StaffRole[]? ReadRoles(string? text) => text is null
        ? null
        : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name => StaffRoles.Find(name)
            ?? throw CommandException.Usage($"--roles: a role is one of {string.Join(", ", StaffRoles.Names)}."))];

    private static async Task<(string Password, bool Made)> ReadPasswordAsync(Words words, CancellationToken cancellationToken)
    {
        if (!words.Has(PasswordFromInput))
        {
            return (RandomNumberGenerator.GetString(PasswordLetters, 20), true);
        }
        var given = await System.Console.In.ReadLineAsync(cancellationToken) ?? "";
        return Passwords.FaultOf(given) is { } fault ? throw new CommandException(fault) : (given, false);
    }

    private static async Task<Person> CreateAsync(IServiceProvider services, string email, string password, StaffRole[] roles, CancellationToken cancellationToken)
    {
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var person = await CreatePerson.RunAsync(transaction, email, services.GetRequiredService<Passwords>().Hash(password), roles, Actor,
            services.GetRequiredService<TimeProvider>(), cancellationToken)
            ?? throw new CommandException($"{email} has an account already; 'gateway admin password' gives it another password.");
        await transaction.CommitAsync(cancellationToken);
        return person;
    }

    private static async Task<Person> ChangeAsync(
        IServiceProvider services, string act, string email, string password, StaffRole[] roles, CancellationToken cancellationToken)
    {
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
        var person = await FindPerson.ByEmailAsync(connection, email, cancellationToken) ?? throw new CommandException($"nobody has an account with {email}.");
        switch (act)
        {
            case "password":
                await services.GetRequiredService<ChangePassword>().RunAsync(person.Id, password, Actor, cancellationToken);
                break;
            case "roles":
                await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
                {
                    await ChangeRoles.RunAsync(transaction, person.Id, roles, Actor, services.GetRequiredService<TimeProvider>(), cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                }
                break;
            default:
                await services.GetRequiredService<DisablePerson>().RunAsync(person.Id, act == "disable", Actor, cancellationToken);
                break;
        }
        return person;
    }
}
