using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>The pages on which a person decides purchases above a threshold.</summary>
internal static class ApprovalPages
{
    public const string Path = "/approvals";

    private const int EarlierShown = 24;
    private const int WaitingShown = 100;

    public static string Of(string id) => $"{Path}/{id}";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, ListAsync);
        pages.MapGet(Path + "/{id}", ShowAsync);
        pages.MapPost(Path + "/{id}", DecideAsync).LimitBody(PageForm.MaxBytes);
    }

    private static async Task<IResult> ListAsync(HttpContext context, PersonSessions sessions, GrantContext grants, CancellationToken cancellationToken, string? after = null)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, Path);
        }
        var actor = new GrantActor.Person(person.PersonId);
        var waiting = await ListApprovals.RunAsync(grants, actor, new(ApprovalState.Pending, Size: WaitingShown), cancellationToken);
        var all = await ListApprovals.RunAsync(grants, actor, new(After: after, Size: EarlierShown), cancellationToken);
        return waiting.Succeeded && all.Succeeded
            ? new RazorComponentResult<ApprovalListPage>(new
            {
                Person = person,
                Waiting = after is null ? waiting.Value.Approvals : [],
                Earlier = (IReadOnlyList<Approval>)[.. all.Value.Approvals.Where(approval => approval.State != ApprovalState.Pending)],
                all.Value.Page.Next,
            })
            : Unknown();
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext context, PersonSessions sessions, GrantContext grants, CancellationToken cancellationToken) =>
        await sessions.FindAsync(context, cancellationToken) is { } person
            ? await PageAsync(grants, person, id, null, StatusCodes.Status200OK, cancellationToken)
            : PersonPages.ToLogin(context, LocalUrl.Check(Of(id)) ?? Path);

    private static async Task<IResult> DecideAsync(string id, HttpContext context, PersonSessions sessions, GrantContext grants, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, LocalUrl.Check(Of(id)) ?? Path);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return await PageAsync(grants, person, id, PersonPages.TooOld, StatusCodes.Status400BadRequest, cancellationToken);
        }
        ApprovalDecision? decision = form.Field("decision") switch { "approve" => ApprovalDecision.Approve, "deny" => ApprovalDecision.Deny, _ => null };
        if (decision is not { } decided)
        {
            return await PageAsync(grants, person, id, "Choose to agree or to refuse.", StatusCodes.Status422UnprocessableEntity, cancellationToken);
        }
        var outcome = await DecideApproval.RunAsync(grants, new GrantActor.Person(person.PersonId), id, decided, cancellationToken);
        return outcome.Problem is not { } problem
            ? PageForm.SeeOther(context, Of(id))
            : await PageAsync(grants, person, id, problem.Detail, problem.Type.Status, cancellationToken);
    }

    private static async Task<IResult> PageAsync(GrantContext grants, SignedInPerson person, string id, string? error, int status, CancellationToken cancellationToken)
    {
        var actor = new GrantActor.Person(person.PersonId);
        var approval = await GetApproval.RunAsync(grants, actor, id, cancellationToken);
        if (!approval.Succeeded)
        {
            return Unknown();
        }
        var grant = await GetGrant.RunAsync(grants, actor, approval.Value.GrantId, cancellationToken);
        return grant.Succeeded
            ? new RazorComponentResult<ApprovalPage>(new { Person = person, Approval = approval.Value, Grant = grant.Value, Error = error }) { StatusCode = status }
            : Unknown();
    }

    private static RazorComponentResult<MessagePage> Unknown() => PersonPages.Message("There is nothing here", StatusCodes.Status404NotFound, new PageLink(Path, "Purchases that wait"),
        "No purchase that belongs to this address waits or waited for you.");
}
