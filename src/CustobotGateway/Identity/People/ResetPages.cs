using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.People;

/// <summary>The pages on which people who forgot their password choose another.</summary>
internal static class ResetPages
{
    public const string ForgotPath = "/password/forgot";
    public const string ResetPath = "/password/reset";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(ForgotPath, ShowForgotAsync);
        pages.MapPost(ForgotPath, AskAsync).LimitBody(PageForm.MaxBytes);
        pages.MapGet(ResetPath, ShowResetAsync);
        pages.MapPost(ResetPath, ResetAsync).LimitBody(PageForm.MaxBytes);
    }

    private static async Task<IResult> ShowForgotAsync(HttpContext context, PersonSessions sessions, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        return Forgot(null);
    }

    private static async Task<IResult> AskAsync(HttpContext context, PersonSessions sessions, ResetPassword reset, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return Forgot(null, PersonPages.TooOld, StatusCodes.Status400BadRequest);
        }
        var email = form.Field("email")?.Trim();
        if (!Person.IsEmail(email))
        {
            return Forgot(email, "Write an email address, such as you@example.com.", StatusCodes.Status422UnprocessableEntity);
        }
        return await reset.AskAsync(context, email!, cancellationToken) is { } wait
            ? PersonPages.TooMany(context, wait, text => Forgot(email, text, StatusCodes.Status429TooManyRequests))
            : PersonPages.Message("Look into your mail", StatusCodes.Status200OK, null, $"A letter is on the way to {email}. It says how to go on.", "Nothing arrives? Look at the address again, and into the folder for spam.");
    }

    private static async Task<IResult> ShowResetAsync(HttpContext context, PersonSessions sessions, ResetPassword reset, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        var token = context.Request.Query["token"] is [{ } one] ? one : null;
        return await reset.IsGoodAsync(token, cancellationToken) ? Reset(token!) : NoLetter();
    }

    private static async Task<IResult> ResetAsync(HttpContext context, PersonSessions sessions, ResetPassword reset, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form || form.Field("token") is not { } token)
        {
            return PersonPages.Message("That did not work", StatusCodes.Status400BadRequest, null, PersonPages.TooOld);
        }
        if (Passwords.FaultOf(form.Field("new_password")) is { } fault)
        {
            return Reset(token, fault, StatusCodes.Status422UnprocessableEntity);
        }
        var result = await reset.RunAsync(context, token, form.Field("new_password")!, cancellationToken);
        if (result.RetryAfter is { } wait)
        {
            return PersonPages.TooMany(context, wait, text => Reset(token, text, StatusCodes.Status429TooManyRequests));
        }
        return result.Done
            ? PersonPages.Message("Your password is changed", StatusCodes.Status200OK, new PageLink(PersonPages.LoginPath, "Sign in"),
                "Everyone who was signed in to your account is signed out, its passkeys are removed, and the access of agents has ended. Sign in with the new password.")
            : NoLetter();
    }

    private static RazorComponentResult<MessagePage> NoLetter() => PersonPages.Message("This link is not good any more", StatusCodes.Status404NotFound, new PageLink(ForgotPath, "Ask for another letter"),
        "It was used already, or its time is over.");

    private static RazorComponentResult<ForgotPage> Forgot(string? email, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { Email = email, Error = error }) { StatusCode = status };

    private static RazorComponentResult<ResetPage> Reset(string token, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { Token = token, Error = error }) { StatusCode = status };
}
