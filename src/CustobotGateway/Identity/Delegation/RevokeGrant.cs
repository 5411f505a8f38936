using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The delegation ends; its tokens are refused from the commit on, by every gateway on the database within a second.</summary>
public static class RevokeGrant
{
    internal static void Map(RouteGroupBuilder grants) => grants
        .MapDelete("/{id}", HandleAsync).WithName("revokeGrant").CanDryRun().RequireGrantManager()
        .WithSummary("Revoke a grant")
        .WithDescription("Ends a grant at once, on every gateway, with every token, approval, hold, open negotiation, quote and checkout session that lives from it; GET /v1/grants/{id}/revocation names them before and afterwards. Revoking it again changes nothing and is answered the same.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        await RunAsync(grants, GrantActor.Of(agent), id, cancellationToken, idempotencyKey) is { Succeeded: false } refused ? refused.Problem!.ToHttp() : TypedResults.NoContent();

    /// <summary>Revokes the grant; what ended with it when it was first revoked.</summary>
    public static async Task<Outcome<RevocationPreview>> RunAsync(GrantContext grants, GrantActor actor, string id, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        return grants.Note("grant.revoke", actor, id, await grants.Writes.RunAsync<RevocationPreview>(
            new WriteAttempt(actor.Caller, $"grants/{id}", idempotencyKey, id), transaction => RevokeAsync(grants, transaction, actor, id, cancellationToken), cancellationToken));
    }

    private static async Task<Outcome<RevocationPreview>> RevokeAsync(
        GrantContext grants, NpgsqlTransaction transaction, GrantActor actor, string id, CancellationToken cancellationToken)
    {
        // Whose it is never changes: no lock is needed to ask, and the revocation takes its locks in an order of its own.
        var grant = await GrantRow.AllowAsync(transaction.Connection!, transaction, id, actor, GrantRight.Steer, cancellationToken);
        if (!grant.Succeeded)
        {
            return grant.Problem!;
        }
        var now = actor.Caller.NowBy(grants.Clock);
        return await grants.Ending.RevokeAsync(transaction, id, actor.Name, now, cancellationToken) is { } ends
            ? new RevocationPreview(id, GrantStatus.Revoked, now, ends)
            : await PreviewRevocation.ReadAsync(grants, transaction.Connection!, transaction, id, actor, cancellationToken);
    }
}
