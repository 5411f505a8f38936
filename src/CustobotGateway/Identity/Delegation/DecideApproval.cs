using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What a person says to an offer.</summary>
public enum ApprovalDecision
{
    /// <summary>Buy it.</summary>
    Approve,

    /// <summary>Do not buy it.</summary>
    Deny,
}

/// <summary>The person agrees to a purchase or refuses it, once.</summary>
public static class DecideApproval
{
    internal static void Map(RouteGroupBuilder approvals)
    {
        approvals.MapPost("/{id}/approve", ApproveAsync).WithName("approvePurchase").CanDryRun().RequireScope(Scopes.GrantsManage)
            .WithSummary("Approve a purchase that waits")
            .WithDescription("For the person who delegated, through a client with the scope grants:manage: never for the agent itself. The approval is good for exactly the offer that it shows, once, until it expires. A second decision is refused with 409.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
        approvals.MapPost("/{id}/deny", DenyAsync).WithName("denyPurchase").CanDryRun().RequireScope(Scopes.GrantsManage)
            .WithSummary("Refuse a purchase that waits")
            .WithDescription("For the person who delegated, like approving. The agent is refused this very offer from then on; another offer waits for another decision.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Ok<Approval>, ProblemHttpResult>> ApproveAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, ApprovalDecision.Approve, cancellationToken, idempotencyKey)).ToHttp();

    private static async Task<Results<Ok<Approval>, ProblemHttpResult>> DenyAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, ApprovalDecision.Deny, cancellationToken, idempotencyKey)).ToHttp();

    /// <summary>Decides; the approval as it stands then.</summary>
    public static async Task<Outcome<Approval>> RunAsync(
        GrantContext grants, GrantActor actor, string id, ApprovalDecision decision, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        var attempt = new WriteAttempt(actor.Caller, "approvals/" + id, idempotencyKey, new { decision });
        return grants.Note("approval.decide", actor, id, await grants.Writes.RunAsync<Approval>(attempt,
            transaction => DecideAsync(grants, transaction, actor, id, decision, cancellationToken), cancellationToken));
    }

    private static async Task<Outcome<Approval>> DecideAsync(
        GrantContext grants, NpgsqlTransaction transaction, GrantActor actor, string id, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        // Which grant it belongs to never changes. The grant is locked first, as a purchase does, and the approval read under that lock.
        if (await ApprovalRow.FindAsync(transaction.Connection!, transaction, id, cancellationToken) is not { } found)
        {
            return GetApproval.Unknown(id);
        }
        var grant = await GrantRow.LockAsync(transaction, found.GrantId, actor, GrantRight.Decide, cancellationToken);
        if (grant.Problem is { } refusal)
        {
            return refusal.Type == CommonProblems.NotFound ? GetApproval.Unknown(id) : refusal;
        }
        var now = actor.Caller.NowBy(grants.Clock);
        var approval = (await ApprovalRow.FindAsync(transaction.Connection!, transaction, id, cancellationToken))!.ToApproval(now);
        if (RefusalOf(approval) is { } closed)
        {
            return closed;
        }
        if (grant.Value.StatusAt(now) is GrantStatus.Revoked or GrantStatus.Expired)
        {
            return IdentityProblems.ApprovalVoid.With("The grant has ended; nothing more is bought under it.");
        }
        if (await grants.Ending.IsOverAsync(transaction.Connection!, transaction, approval.Reservation, now, cancellationToken))
        {
            return IdentityProblems.ApprovalVoid.With("The session has ended; nothing of it is bought any more. The agent opens another and asks again.");
        }
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update identity.approvals set state = @state, decided_at = @now, decided_by = @by where id = @id",
            new { id, state = decision == ApprovalDecision.Approve ? "approved" : "denied", now, by = actor.Name }, transaction, cancellationToken: cancellationToken));
        await (decision == ApprovalDecision.Approve
            ? EventLog.AppendAsync(transaction, approval.GrantId, actor.Name, now, new ApprovalApproved(id, approval.Reservation, approval.Total, approval.OfferHash), cancellationToken)
            : EventLog.AppendAsync(transaction, approval.GrantId, actor.Name, now, new ApprovalDenied(id, approval.Reservation, approval.Total, approval.OfferHash), cancellationToken));
        return (await ApprovalRow.FindAsync(transaction.Connection!, transaction, id, cancellationToken))!.ToApproval(now);
    }

    private static Problem? RefusalOf(Approval approval) => approval.State switch
    {
        ApprovalState.Pending => null,
        ApprovalState.Void => IdentityProblems.ApprovalVoid.With(approval.VoidedFor switch
        {
            "offer_changed" => "The agent changed the offer since; the new one waits for a decision of its own.",
            "grant_revoked" => "The grant was revoked; nothing more is bought under it.",
            _ => "The session has ended; nothing of it is bought any more.",
        }),
        ApprovalState.Expired => IdentityProblems.ApprovalExpired.With($"It could be decided until {approval.ExpiresAt:O}. The agent asks again by repeating the purchase."),
        var state => IdentityProblems.ApprovalDecided.With($"It is {state.ToString().ToLowerInvariant()} since {approval.DecidedAt:O}. A decision is made once."),
    };
}
