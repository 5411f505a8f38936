using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.People;

/// <summary>The pages on which people look after their account: password, time zone, sessions.</summary>
internal static class AccountPages
{
    public const string PasswordPath = "/account/password";
    public const string TimeZonePath = "/account/time-zone";
    public const string SessionsPath = "/account/sessions";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(PersonPages.AccountPath, ShowAsync);
        pages.MapPost(PasswordPath, ChangePasswordAsync).LimitBody(PageForm.MaxBytes);
        pages.MapPost(TimeZonePath, ChangeTimeZoneAsync).LimitBody(PageForm.MaxBytes);
        pages.MapGet(SessionsPath, ShowSessionsAsync);
        pages.MapPost(SessionsPath, EndSessionsAsync).LimitBody(PageForm.MaxBytes);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, PersonSessions sessions, CancellationToken cancellationToken) =>
        await sessions.FindAsync(context, cancellationToken) is { } person ? Account(person) : PersonPages.ToLogin(context, PersonPages.AccountPath);

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext context, PersonSessions sessions, SignIn signIn, ChangePassword change, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, PersonPages.AccountPath);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return Account(person, PersonPages.TooOld, StatusCodes.Status400BadRequest);
        }
        // Before the current password is looked at, which costs a try.
        if (Passwords.FaultOf(form.Field("new_password")) is { } fault)
        {
            return Account(person, fault, StatusCodes.Status422UnprocessableEntity);
        }
        var result = await signIn.RunAsync(context, person.Email, form.Field("password"), cancellationToken);
        if (result.RetryAfter is { } wait)
        {
            return PersonPages.TooMany(context, wait, text => Account(person, text, StatusCodes.Status429TooManyRequests));
        }
        if (result.Person is not { } sure || sure.Id != person.PersonId)
        {
            return Account(person, "The current password is not right.", StatusCodes.Status401Unauthorized);
        }
        await change.RunAsync(sure.Id, form.Field("new_password")!, sure.Id, cancellationToken, keepsPasskeys: true);
        await sessions.OpenAsync(context, sure, cancellationToken);
        return PageForm.SeeOther(context, PersonPages.AccountPath);
    }

    private static async Task<IResult> ChangeTimeZoneAsync(HttpContext context, PersonSessions sessions, ChangeTimeZone change, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, PersonPages.AccountPath);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return Account(person, PersonPages.TooOld, StatusCodes.Status400BadRequest);
        }
        if (form.Field("time_zone") is not { } zone || !ZoneNames.Has(zone))
        {
            return Account(person, "Choose a time zone from the list.", StatusCodes.Status422UnprocessableEntity);
        }
        await change.RunAsync(person.PersonId, zone, cancellationToken);
        return PageForm.SeeOther(context, PersonPages.AccountPath);
    }

    private static async Task<IResult> ShowSessionsAsync(HttpContext context, PersonSessions sessions, CancellationToken cancellationToken) =>
        await sessions.FindAsync(context, cancellationToken) is { } person
            ? await SessionsAsync(person, sessions, null, StatusCodes.Status200OK, cancellationToken)
            : PersonPages.ToLogin(context, SessionsPath);

    private static async Task<IResult> EndSessionsAsync(HttpContext context, PersonSessions sessions, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, SessionsPath);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return await SessionsAsync(person, sessions, PersonPages.TooOld, StatusCodes.Status400BadRequest, cancellationToken);
        }
        if (form.Field("decision") == "end_others")
        {
            await sessions.EndOthersAsync(person.PersonId, person.SessionId, cancellationToken);
            audit.Add(context, new("session.end_others", null, person.PersonId, null));
            return PageForm.SeeOther(context, SessionsPath);
        }
        if (form.Field("end") is not { } session)
        {
            return await SessionsAsync(person, sessions, "Choose which session to end.", StatusCodes.Status422UnprocessableEntity, cancellationToken);
        }
        var ended = await sessions.EndOneAsync(person.PersonId, session, cancellationToken);
        audit.Add(context, new("session.end", null, person.PersonId, ended ? null : "not_found"));
        return ended || session == person.SessionId
            ? PageForm.SeeOther(context, SessionsPath)
            : await SessionsAsync(person, sessions, "That session has ended already.", StatusCodes.Status404NotFound, cancellationToken);
    }

    private static async Task<IResult> SessionsAsync(SignedInPerson person, PersonSessions sessions, string? error, int status, CancellationToken cancellationToken) =>
        new RazorComponentResult<SessionsPage>(new { Person = person, Sessions = await sessions.ListAsync(person.PersonId, cancellationToken), Error = error }) { StatusCode = status };

    /// <summary>The page of the account, perhaps with why the last try failed.</summary>
    internal static RazorComponentResult<AccountPage> Account(SignedInPerson person, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { Person = person, Error = error }) { StatusCode = status };
}
