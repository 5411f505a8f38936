using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.Delegation;

/// <summary>A grant that was paused goes on as it was.</summary>
public static class ResumeGrant
{
    internal static void Map(RouteGroupBuilder grants) => grants
        .MapPost("/{id}/resume", HandleAsync).WithName("resumeGrant").CanDryRun().RequireGrantManager()
        .WithSummary("Resume a paused grant")
        .WithDescription("The agent may bargain and buy again, within what is left. Resuming a grant that is not paused changes nothing.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<GrantView>, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, cancellationToken, idempotencyKey)).ToHttp();

    /// <summary>Resumes it; the grant as it stands then.</summary>
    public static Task<Outcome<GrantView>> RunAsync(GrantContext grants, GrantActor actor, string id, CancellationToken cancellationToken, string? idempotencyKey = null) =>
        PauseGrant.SetAsync(grants, actor, id, pause: false, idempotencyKey, cancellationToken);
}
