using System.Globalization;
using CustobotGateway.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation;

/// <summary>How a purchase that waits for the person stands.</summary>
public static class GetApproval
{
    internal static void Map(RouteGroupBuilder approvals) => approvals
        .MapGet("/{id}", HandleAsync).WithName("getApproval").RequireGrantReader()
        .WithSummary("Read an approval")
        .WithDescription("The agent asks here how a purchase above its threshold stands: Retry-After says when to ask again while it is pending. Once it is approved, repeat the purchase.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Approval>, ProblemHttpResult>> HandleAsync(
        string id, HttpContext context, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(grants, GrantActor.Of(agent), id, cancellationToken);
        if (outcome is { Succeeded: true, Value.State: ApprovalState.Pending })
        {
            context.Response.Headers.RetryAfter = Approval.PollSeconds.ToString(CultureInfo.InvariantCulture);
        }
        context.Response.Headers.CacheControl = "no-store";
        return outcome.ToHttp();
    }

    /// <summary>Reads it.</summary>
    public static async Task<Outcome<Approval>> RunAsync(GrantContext grants, GrantActor actor, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        if (await ApprovalRow.FindAsync(connection, null, id, cancellationToken) is not { } row)
        {
            return grants.Note<Approval>("approval.read", actor, id, Unknown(id));
        }
        var grant = await GrantRow.AllowAsync(connection, null, row.GrantId, actor, GrantRight.Read, cancellationToken);
        return grant.Succeeded ? row.ToApproval(actor.Caller.NowBy(grants.Clock)) : grants.Note<Approval>("approval.read", actor, id, Unknown(id));
    }

    internal static Problem Unknown(string id) => CommonProblems.NotFound.With($"There is no approval {id} that you may know of.");
}
