using System.Runtime.ExceptionServices;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CustobotGateway.Identity.People.Passkeys;

/// <summary>
/// Asks for passkeys and verifies them, by the framework's own handler. Passkeys belong to the name under which the gateway is published: a gateway that is
/// reached by the number of an address, or without TLS elsewhere than on the person's own machine, offers none, since browsers would not either.
/// </summary>
internal sealed class PasskeyCeremonies(PasskeyStore store, PublicUrl publicUrl, IServiceProvider services, ILoggerFactory loggers)
{
    /// <summary>How long a person has to answer the browser.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string Local = "localhost";

    private IPasskeyHandler<Person>? _handler;

    /// <summary>Whether people can have passkeys here.</summary>
    public bool IsOffered => Published is { } uri && IsOfferedAt(uri);

    // Not before the first request: until the gateway listens its own address may not be known.
    private IPasskeyHandler<Person> Handler => _handler ??= Make();

    private Uri? Published => Uri.TryCreate(publicUrl.Base, UriKind.Absolute, out var uri) ? uri : null;

    /// <summary>Whether passkeys work at that address.</summary>
    public static bool IsOfferedAt(Uri published) => published.HostNameType == UriHostNameType.Dns
        && (published.Scheme == Uri.UriSchemeHttps || published.Host == Local || published.Host.EndsWith("." + Local, StringComparison.Ordinal));

    /// <summary>What the browser is asked for a new passkey, and what has to be kept until it answers.</summary>
    public async Task<(string Options, string? State)> AskForNewAsync(HttpContext context, SignedInPerson person)
    {
        var made = await Handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = person.PersonId, Name = person.Email, DisplayName = person.Email }, context);
        return (made.CreationOptionsJson, made.AttestationState);
    }

    /// <summary>What the browser is asked for a passkey of anybody, and what has to be kept until it answers.</summary>
    public async Task<(string Options, string? State)> AskForAnyAsync(HttpContext context)
    {
        var made = await Handler.MakeRequestOptionsAsync(null, context);
        return (made.RequestOptionsJson, made.AssertionState);
    }

    /// <summary>Verifies a new passkey.</summary>
    public async Task<PasskeyAttestationResult> VerifyNewAsync(HttpContext context, string credential, string state)
    {
        var result = await Handler.PerformAttestationAsync(new() { HttpContext = context, CredentialJson = credential, AttestationState = state });
        ThrowOutage(result.Failure);
        return result;
    }

    /// <summary>Verifies that whoever signs in has the passkey.</summary>
    public async Task<PasskeyAssertionResult<Person>> VerifyAsync(HttpContext context, string credential, string state)
    {
        var result = await Handler.PerformAssertionAsync(new() { HttpContext = context, CredentialJson = credential, AssertionState = state });
        ThrowOutage(result.Failure);
        return result;
    }

    /// <summary>Why one was refused, for whoever investigates; never what an unforeseen failure said.</summary>
    public static string ReasonOf(PasskeyException? failure) => failure is { InnerException: null } ? failure.Message : "The answer could not be read.";

    // The handler makes a refusal of every exception. A database that does not answer is no refusal.
    private static void ThrowOutage(PasskeyException? failure)
    {
        if (failure?.InnerException is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            ExceptionDispatchInfo.Throw(failure.InnerException);
        }
    }

    private PasskeyHandler<Person> Make()
    {
        var published = Published!;
        var origin = $"{published.Scheme}://{published.IdnHost}{(published.IsDefaultPort ? "" : ":" + published.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))}";
        var people = new UserManager<Person>(
            store, Options.Create(new IdentityOptions()), new PasswordHasher<Person>(), [], [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(), services,
            loggers.CreateLogger<UserManager<Person>>());
        return new(people, Options.Create(new IdentityPasskeyOptions
        {
            AuthenticatorTimeout = Lifetime,
            ServerDomain = published.IdnHost,
            UserVerificationRequirement = "required",
            // Whoever signs in writes no address: the passkey has to know whose it is.
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            ValidateOrigin = said => ValueTask.FromResult(!said.CrossOrigin && said.Origin == origin),
        }));
    }
}
