using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The agent has to wait: what it reads it still may, what costs money it may not, until the grant is resumed.</summary>
public static class PauseGrant
{
    internal static void Map(RouteGroupBuilder grants) => grants
        .MapPost("/{id}/pause", HandleAsync).WithName("pauseGrant").CanDryRun().RequireGrantManager()
        .WithSummary("Pause a grant")
        .WithDescription("From the answer on, the agent is refused bargaining and buying with grant_paused; its tokens stay good for reading. Pausing again changes nothing.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<GrantView>, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, cancellationToken, idempotencyKey)).ToHttp();

    /// <summary>Pauses it; the grant as it stands then.</summary>
    public static Task<Outcome<GrantView>> RunAsync(GrantContext grants, GrantActor actor, string id, CancellationToken cancellationToken, string? idempotencyKey = null) =>
        SetAsync(grants, actor, id, pause: true, idempotencyKey, cancellationToken);

    internal static async Task<Outcome<GrantView>> SetAsync(
        GrantContext grants, GrantActor actor, string id, bool pause, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        return grants.Note(pause ? "grant.pause" : "grant.resume", actor, id, await grants.Writes.RunAsync<GrantView>(
            new WriteAttempt(actor.Caller, $"grants/{id}/{(pause ? "pause" : "resume")}", idempotencyKey, id), transaction => SetAsync(grants, transaction, actor, id, pause, cancellationToken), cancellationToken));
    }

    private static async Task<Outcome<GrantView>> SetAsync(
        GrantContext grants, NpgsqlTransaction transaction, GrantActor actor, string id, bool pause, CancellationToken cancellationToken)
    {
        // The lock that spending takes: an order that holds it is paid first, one that comes later meets the pause.
        var grant = await GrantRow.LockAsync(transaction, id, actor, GrantRight.Steer, cancellationToken);
        if (!grant.Succeeded)
        {
            return grant.Problem!;
        }
        var now = actor.Caller.NowBy(grants.Clock);
        switch (grant.Value.StatusAt(now))
        {
            case GrantStatus.Revoked or GrantStatus.Expired:
                return IdentityProblems.GrantEnded.With($"The grant is {ListGrants.WireName(grant.Value.StatusAt(now))}; only a grant that lives can be paused or resumed.");
            case var status when status == GrantStatus.Paused == pause:
                return grant.Value.ToView(now);
        }
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update identity.grants set paused_at = @at where id = @id", new { id, at = pause ? now : (DateTimeOffset?)null }, transaction, cancellationToken: cancellationToken));
        await (pause
            ? EventLog.AppendAsync(transaction, id, actor.Name, now, new GrantPaused(), cancellationToken)
            : EventLog.AppendAsync(transaction, id, actor.Name, now, new GrantResumed(), cancellationToken));
        return (await GrantRow.FindAsync(transaction.Connection!, transaction, id, actor, cancellationToken))!.ToView(now);
    }
}

/// <summary>A grant was paused; its agent may read and neither bargain nor buy.</summary>
public sealed record GrantPaused : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.paused";
}

/// <summary>A grant that was paused goes on.</summary>
public sealed record GrantResumed : IEventData
{
    /// <inheritdoc/>
    public static string Type => "grant.resumed";
}
