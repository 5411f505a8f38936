using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>The pages on which a person sees what agents may do and do, and ends it.</summary>
internal static class GrantPages
{
    public const string Path = "/grants";
    public const int ActionsShown = 12;

    private const int GrantsShown = 12;
    private const int PurchasesShown = 12;

    public static string Of(string id) => $"{Path}/{id}";

    public static string PreferencesOf(string id) => $"{Path}/{id}/preferences";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, ListAsync);
        pages.MapGet(Path + "/{id}", ShowAsync);
        pages.MapPost(Path + "/{id}", DecideAsync).LimitBody(PageForm.MaxBytes);
        PreferencePages.Map(pages);
    }

    /// <summary>A grant's budgets, a mandate each.</summary>
    public static IReadOnlyList<GetRemaining.MandateBudget> BudgetsOf(GetRemaining.Budget budget) => budget.Mandates
        ?? [new("", budget.Currency, budget.Total, budget.Spent, budget.Held, budget.Remaining, budget.PerOrder, budget.PerItem, budget.Period, budget.Orders, budget.ApprovalAbove)];

    /// <summary>What a person is told of a grant that is none of theirs, or none at all.</summary>
    public static RazorComponentResult<MessagePage> Unknown() => PersonPages.Message("There is nothing here", StatusCodes.Status404NotFound, new PageLink(Path, "Access given"),
        "You gave no access that this address would belong to.");

    private static async Task<IResult> ListAsync(
        HttpContext context, PersonSessions sessions, GrantContext grants, CancellationToken cancellationToken, string? status = null, string? after = null)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, Path);
        }
        GrantStatus? wanted = Enum.TryParse<GrantStatus>(status, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;
        var actor = new GrantActor.Person(person.PersonId);
        var outcome = await ListGrants.RunAsync(grants, actor, new(wanted, null, after, GrantsShown), cancellationToken);
        if (!outcome.Succeeded)
        {
            return Unknown();
        }
        var shown = new List<(GrantView, GetRemaining.Budget?)>();
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        foreach (var grant in outcome.Value.Grants)
        {
            shown.Add((grant, await GetRemaining.ReadAsync(connection, grant.Id, grants.Clock.GetUtcNow(), cancellationToken)));
        }
        return new RazorComponentResult<GrantListPage>(new
        {
            Person = person,
            Grants = (IReadOnlyList<(GrantView Grant, GetRemaining.Budget? Budget)>)shown,
            Status = wanted is null ? null : status!.ToLowerInvariant(),
            outcome.Value.Page.Next,
        });
    }

    private static async Task<IResult> ShowAsync(
        string id, HttpContext context, PersonSessions sessions, GrantContext grants, IEnumerable<IGrantPurchases> purchases, CancellationToken cancellationToken, string? before = null) =>
        await sessions.FindAsync(context, cancellationToken) is { } person
            ? await PageAsync(grants, purchases, person, id, int.TryParse(before, out var version) && version > 0 ? version : null, null, StatusCodes.Status200OK, cancellationToken)
            : PersonPages.ToLogin(context, LocalUrl.Check(Of(id)) ?? Path);

    private static async Task<IResult> DecideAsync(
        string id, HttpContext context, PersonSessions sessions, GrantContext grants, IEnumerable<IGrantPurchases> purchases, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, LocalUrl.Check(Of(id)) ?? Path);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return await PageAsync(grants, purchases, person, id, null, PersonPages.TooOld, StatusCodes.Status400BadRequest, cancellationToken);
        }
        var actor = new GrantActor.Person(person.PersonId);
        var problem = form.Field("decision") switch
        {
            "pause" => (await PauseGrant.RunAsync(grants, actor, id, cancellationToken)).Problem,
            "resume" => (await ResumeGrant.RunAsync(grants, actor, id, cancellationToken)).Problem,
            "revoke" => (await RevokeGrant.RunAsync(grants, actor, id, cancellationToken)).Problem,
            _ => CommonProblems.InvalidRequest.With("Choose one of the buttons."),
        };
        return problem is null
            ? PageForm.SeeOther(context, Of(id))
            : await PageAsync(grants, purchases, person, id, null, problem.Detail, problem.Type.Status, cancellationToken);
    }

    private static async Task<IResult> PageAsync(
        GrantContext grants, IEnumerable<IGrantPurchases> purchases, SignedInPerson person, string id, int? before, string? error, int status, CancellationToken cancellationToken)
    {
        var actor = new GrantActor.Person(person.PersonId);
        var grant = await GetGrant.RunAsync(grants, actor, id, cancellationToken);
        if (!grant.Succeeded)
        {
            return Unknown();
        }
        // Each asks for what it may; a grant that is there is not lost between two of them, and who sees it sees it all.
        var actions = await ListGrantActions.RunAsync(grants, actor, id, ActionsShown, cancellationToken, before);
        var waiting = await ListApprovals.RunAsync(grants, actor, new(ApprovalState.Pending, id), cancellationToken);
        var ends = await PreviewRevocation.RunAsync(grants, actor, id, cancellationToken);
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        var bought = new List<GrantPurchase>();
        foreach (var known in purchases)
        {
            bought.AddRange(await known.LatestAsync(connection, id, PurchasesShown, cancellationToken));
        }
        return new RazorComponentResult<GrantPage>(new
        {
            Purchases = (IReadOnlyList<GrantPurchase>)bought,
            Person = person,
            Grant = grant.Value,
            Budget = await GetRemaining.ReadAsync(connection, id, grants.Clock.GetUtcNow(), cancellationToken),
            Actions = actions.Succeeded ? actions.Value : [],
            Waiting = waiting.Succeeded ? waiting.Value.Approvals : [],
            Ends = ends.Succeeded ? ends.Value.Ends : [],
            Error = error,
        })
        { StatusCode = status };
    }
}
