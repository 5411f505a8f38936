using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.People;

/// <summary>The pages on which people open an account.</summary>
internal static class SignUpPages
{
    public const string Path = "/signup";
    public const string ConfirmPath = "/signup/confirm";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, AskAsync).LimitBody(PageForm.MaxBytes);
        pages.MapGet(ConfirmPath, ShowConfirmAsync);
        pages.MapPost(ConfirmPath, ConfirmAsync).LimitBody(PageForm.MaxBytes);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, PersonSessions sessions, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        return Page(LocalUrl.Check(context.Request.Query["return_url"]), null);
    }

    private static async Task<IResult> AskAsync(HttpContext context, PersonSessions sessions, SignUp signUp, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return Page(null, null, PersonPages.TooOld, StatusCodes.Status400BadRequest);
        }
        var (email, password, returnUrl) = (form.Field("email")?.Trim(), form.Field("password"), LocalUrl.Check(form.Field("return_url")));
        var fault = Person.IsEmail(email) ? Passwords.FaultOf(password) : "Write an email address, such as you@example.com.";
        if (fault is not null)
        {
            return Page(returnUrl, email, fault, StatusCodes.Status422UnprocessableEntity);
        }
        return await signUp.AskAsync(context, email!, password!, returnUrl, cancellationToken) is { } wait
            ? PersonPages.TooMany(context, wait, text => Page(returnUrl, email, text, StatusCodes.Status429TooManyRequests))
            : PersonPages.Message("Look into your mail", StatusCodes.Status200OK, null, $"A letter is on the way to {email}. It says how to go on.", "Nothing arrives? Look at the address again, and into the folder for spam.");
    }

    private static async Task<IResult> ShowConfirmAsync(HttpContext context, PersonSessions sessions, SignUp signUp, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        var token = context.Request.Query["token"] is [{ } one] ? one : null;
        // Loading the page confirms nothing: programs that look into mail load every link.
        return await signUp.WaitsAsync(token, cancellationToken) ? Confirm(token!) : NoLetter();
    }

    private static async Task<IResult> ConfirmAsync(HttpContext context, PersonSessions sessions, SignUp signUp, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form || form.Field("token") is not { } token)
        {
            return PersonPages.Message("That did not work", StatusCodes.Status400BadRequest, null, PersonPages.TooOld);
        }
        var result = await signUp.ConfirmAsync(context, token, form.Field("password"), cancellationToken);
        if (result.RetryAfter is { } wait)
        {
            return PersonPages.TooMany(context, wait, text => Confirm(token, text, StatusCodes.Status429TooManyRequests));
        }
        if (result.Person is not { } person)
        {
            return result.IsKnown ? Confirm(token, "That is not the password that was chosen for this account.", StatusCodes.Status401Unauthorized) : NoLetter();
        }
        await sessions.OpenAsync(context, person, cancellationToken);
        return PageForm.SeeOther(context, LocalUrl.Check(result.ReturnUrl) ?? PersonPages.AccountPath);
    }

    private static RazorComponentResult<MessagePage> NoLetter() => PersonPages.Message("This link is not good any more", StatusCodes.Status404NotFound, new PageLink(PersonPages.LoginPath, "Sign in"),
        "It was used already, its time is over, or a later letter took its place. If you have an account, sign in; else sign up again.");

    private static RazorComponentResult<SignUpPage> Page(string? returnUrl, string? email, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { ReturnUrl = returnUrl, Email = email, Error = error }) { StatusCode = status };

    private static RazorComponentResult<ConfirmPage> Confirm(string token, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { Token = token, Error = error }) { StatusCode = status };
}
