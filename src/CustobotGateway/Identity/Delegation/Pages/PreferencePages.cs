using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using CustobotGateway.Common.Preferences;
using CustobotGateway.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>The page on which a person says what they would rather have.</summary>
internal static class PreferencePages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(GrantPages.Path + "/{id}/preferences", ShowAsync);
        pages.MapPost(GrantPages.Path + "/{id}/preferences", SaveAsync).LimitBody(PageForm.MaxBytes);
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext context, PersonSessions sessions, GrantContext grants, CancellationToken cancellationToken) =>
        await sessions.FindAsync(context, cancellationToken) is { } person
            ? await PageAsync(grants, person, id, null, [], StatusCodes.Status200OK, cancellationToken)
            : PersonPages.ToLogin(context, LocalUrl.Check(GrantPages.PreferencesOf(id)) ?? GrantPages.Path);

    private static async Task<IResult> SaveAsync(string id, HttpContext context, PersonSessions sessions, GrantContext grants, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, LocalUrl.Check(GrantPages.PreferencesOf(id)) ?? GrantPages.Path);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return await PageAsync(grants, person, id, null, [PersonPages.TooOld], StatusCodes.Status400BadRequest, cancellationToken);
        }
        var (preferences, faults) = PreferencesForm.Read(form);
        if (faults.Count > 0)
        {
            return await PageAsync(grants, person, id, preferences, faults, StatusCodes.Status422UnprocessableEntity, cancellationToken);
        }
        var outcome = await SetPreferences.RunAsync(grants, new GrantActor.Person(person.PersonId), id, preferences, cancellationToken);
        return outcome.Problem is not { } problem
            ? PageForm.SeeOther(context, GrantPages.Of(id))
            : await PageAsync(grants, person, id, preferences, problem.Errors.Count > 0 ? [.. problem.Errors.Select(error => error.Detail)] : [problem.Detail], problem.Type.Status, cancellationToken);
    }

    private static async Task<IResult> PageAsync(
        GrantContext grants, SignedInPerson person, string id, BuyingPreferences? shown, IReadOnlyList<string> faults, int status, CancellationToken cancellationToken)
    {
        var grant = await GetGrant.RunAsync(grants, new GrantActor.Person(person.PersonId), id, cancellationToken);
        return grant.Succeeded
            ? new RazorComponentResult<PreferencesPage>(new { Person = person, Grant = grant.Value, Shown = shown ?? grant.Value.Preferences, Faults = faults }) { StatusCode = status }
            : GrantPages.Unknown();
    }
}
