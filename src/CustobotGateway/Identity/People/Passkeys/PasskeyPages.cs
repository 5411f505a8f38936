using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using CustobotGateway.OAuth.Tokens;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CustobotGateway.Identity.People.Passkeys;

/// <summary>
/// Where the pages' script fetches what it asks the browser for, and where its forms send the answer. Only the asking needs script: what comes of it is a page again.
/// </summary>
internal static class PasskeyPages
{
    public const string LoginPath = "/login/passkey";
    public const string LoginOptionsPath = LoginPath + "/options";
    public const string AccountPath = "/account/passkeys";
    public const string AccountOptionsPath = AccountPath + "/options";
    public const string ChangePath = AccountPath + "/change";

    private const string NotRight = "That passkey did not work. Try it again, or sign in with your password.";
    private const string TooLate = "That took too long, or was answered before. Please try it again.";
    private const string NotSignedIn = "You are not signed in any more. Please load the page again.";
    private const string Full = "You have as many passkeys as an account can have. Remove one first.";
    private const string Nameless = "Give it a name of at most 60 characters.";

    private static readonly byte[] Script = ReadScript();

    /// <summary>The script's address. It holds the script's hash, so that a browser never runs an old one with a new page.</summary>
    public static string ScriptPath { get; } = $"/passkeys.{Convert.ToHexStringLower(SHA256.HashData(Script))[..16]}.js";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(ScriptPath, SendScript);
        pages.MapPost(LoginOptionsPath, AskToSignInAsync).LimitBody(PageForm.MaxBytes);
        pages.MapPost(LoginPath, SignInAsync).LimitBody(PageForm.MaxBytes);
        pages.MapPost(AccountOptionsPath, AskToAddAsync).LimitBody(PageForm.MaxBytes);
        pages.MapPost(AccountPath, AddAsync).LimitBody(PageForm.MaxBytes);
        pages.MapPost(ChangePath, ChangeAsync).LimitBody(PageForm.MaxBytes);
    }

    private static FileContentHttpResult SendScript(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(Script, "text/javascript; charset=utf-8");
    }

    private static async Task<IResult> AskToSignInAsync(HttpContext context, PersonSessions sessions, PasskeySignIn signIn, PasskeyCeremonies ceremonies, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        if (!ceremonies.IsOffered)
        {
            return Say(StatusCodes.Status404NotFound, NotRight);
        }
        return await PageForm.ReadAsync(context, cancellationToken) is null
            ? Say(StatusCodes.Status400BadRequest, PersonPages.TooOld)
            : Ask(await signIn.AskAsync(context, BrowserOf(context)));
    }

    private static async Task<IResult> SignInAsync(HttpContext context, PersonSessions sessions, PasskeySignIn signIn, PasskeyCeremonies ceremonies, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        if (!ceremonies.IsOffered)
        {
            return PersonPages.Login(null, error: NotRight, status: StatusCodes.Status404NotFound);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return PersonPages.Login(null, error: PersonPages.TooOld, status: StatusCodes.Status400BadRequest);
        }
        var (returnUrl, forClient, leadsTo) = PersonPages.Onward(context, form);
        var result = await signIn.RunAsync(context, BrowserOf(context), form.Field("credential"), form.Field("state"), cancellationToken);
        if (result.RetryAfter is { } wait)
        {
            return PersonPages.TooMany(context, wait, text => PersonPages.Login(returnUrl, forClient, leadsTo, error: text, status: StatusCodes.Status429TooManyRequests));
        }
        return result.Person is null
            ? PersonPages.Login(returnUrl, forClient, leadsTo, error: result.WasTooLate ? TooLate : NotRight, status: result.WasTooLate ? StatusCodes.Status400BadRequest : StatusCodes.Status401Unauthorized)
            : PageForm.SeeOther(context, returnUrl ?? PersonPages.AccountPath);
    }

    private static async Task<IResult> AskToAddAsync(
        HttpContext context, PersonSessions sessions, SignIn signIn, AccountPasskeys passkeys, PasskeyCeremonies ceremonies, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return Say(StatusCodes.Status401Unauthorized, NotSignedIn);
        }
        if (!ceremonies.IsOffered)
        {
            return Say(StatusCodes.Status404NotFound, "There are no passkeys at this address.");
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return Say(StatusCodes.Status400BadRequest, PersonPages.TooOld);
        }
        if (form.Field("name") is { } name && Passkey.NameOf(name) is null)
        {
            return Say(StatusCodes.Status422UnprocessableEntity, Nameless);
        }
        if (!passkeys.IsFresh(person))
        {
            var result = await signIn.RunAsync(context, person.Email, form.Field("password"), cancellationToken);
            if (result.RetryAfter is { } wait)
            {
                return PersonPages.TooMany(context, wait, text => Say(StatusCodes.Status429TooManyRequests, text));
            }
            if (result.Person?.Id != person.PersonId)
            {
                audit.Add(context, new("passkey.add", null, person.PersonId, "wrong_password"));
                return Say(StatusCodes.Status401Unauthorized, "The current password is not right.");
            }
        }
        return await passkeys.AskAsync(context, person, cancellationToken) is { } asked ? Ask(asked) : Say(StatusCodes.Status409Conflict, Full);
    }

    private static async Task<IResult> AddAsync(HttpContext context, PersonSessions sessions, AccountPasskeys passkeys, PasskeyCeremonies ceremonies, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, PersonPages.AccountPath);
        }
        if (!ceremonies.IsOffered)
        {
            return AccountPages.Account(person, "There are no passkeys at this address.", StatusCodes.Status404NotFound);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return AccountPages.Account(person, PersonPages.TooOld, StatusCodes.Status400BadRequest);
        }
        // Without a name it is called after the browser that made it.
        var name = form.Field("name") is { } given ? Passkey.NameOf(given) : OpenSession.BrowserOf(context.Request.Headers.UserAgent.ToString());
        if (name is null)
        {
            return AccountPages.Account(person, Nameless, StatusCodes.Status422UnprocessableEntity);
        }
        return await passkeys.AddAsync(context, person, form.Field("credential"), form.Field("state"), name, cancellationToken) switch
        {
            AccountPasskeys.Added.Done => PageForm.SeeOther(context, PersonPages.AccountPath),
            AccountPasskeys.Added.TooLate => AccountPages.Account(person, TooLate, StatusCodes.Status400BadRequest),
            AccountPasskeys.Added.Known => AccountPages.Account(person, "That passkey is in use already.", StatusCodes.Status409Conflict),
            AccountPasskeys.Added.TooMany => AccountPages.Account(person, Full, StatusCodes.Status409Conflict),
            _ => AccountPages.Account(person, "That passkey could not be added. Please try it again.", StatusCodes.Status422UnprocessableEntity),
        };
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, PersonSessions sessions, AccountPasskeys passkeys, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, PersonPages.AccountPath);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return AccountPages.Account(person, PersonPages.TooOld, StatusCodes.Status400BadRequest);
        }
        var (passkey, decision) = (form.Field("passkey"), form.Field("decision"));
        if (passkey is null || decision is not ("rename" or "remove"))
        {
            return AccountPages.Account(person, "Choose a passkey, and to rename or to remove it.", StatusCodes.Status422UnprocessableEntity);
        }
        if (decision == "rename" && Passkey.NameOf(form.Field("name")) is null)
        {
            return AccountPages.Account(person, Nameless, StatusCodes.Status422UnprocessableEntity);
        }
        var done = decision == "remove"
            ? await passkeys.RemoveAsync(context, person, passkey, cancellationToken)
            : await passkeys.RenameAsync(context, person, passkey, Passkey.NameOf(form.Field("name"))!, cancellationToken);
        return done
            ? PageForm.SeeOther(context, PersonPages.AccountPath)
            : AccountPages.Account(person, "That passkey is not there any more.", StatusCodes.Status404NotFound);
    }

    // The browser is known by the cookie of its form tokens, which was checked with the form just before.
    private static string BrowserOf(HttpContext context) =>
        Convert.ToHexStringLower(SecretHash.Of(context.Request.Cookies[context.RequestServices.GetRequiredService<IOptions<AntiforgeryOptions>>().Value.Cookie.Name!] ?? "").Bytes);

    private static JsonHttpResult<Asked> Ask((string Options, string State) asked) => TypedResults.Json(new Asked(JsonElement.Parse(asked.Options), asked.State));

    private static JsonHttpResult<Said> Say(int status, string message) => TypedResults.Json(new Said(message), statusCode: status);

    private static byte[] ReadScript()
    {
        using var stream = typeof(PasskeyPages).Assembly.GetManifestResourceStream("passkeys.js")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private sealed record Asked(JsonElement Options, string State);

    private sealed record Said(string Message);
}
