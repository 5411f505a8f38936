using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using CustobotGateway.Identity.TrustedAgents;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>The merchant does not believe an agent's signatures any more.</summary>
public static class RemoveAgent
{
    internal static void Map(RouteGroupBuilder agents) => agents
        .MapDelete("/{id}", HandleAsync).WithName("removeAgent").CanDryRun().RequireAdministrator()
        .WithSummary("Stop trusting an agent's signatures")
        .WithDescription("Its requests are answered as those of a stranger, on every gateway within a second.")
        .ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TrustedAgentStore store, AuditTrail trail, CancellationToken cancellationToken) =>
        await RunAsync(id, idempotencyKey, agent, writes, store, trail, cancellationToken) is { Succeeded: false } refused ? refused.Problem!.ToHttp() : TypedResults.NoContent();

    /// <summary>Takes the agent away.</summary>
    public static async Task<Outcome<AgentView>> RunAsync(
        string id, string? idempotencyKey, AgentPrincipal agent, Writes writes, TrustedAgentStore store, AuditTrail trail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(trail);
        var outcome = await writes.RunAsync<AgentView>(new WriteAttempt(agent, "bot-detection/agents/" + id, idempotencyKey, id), async transaction =>
            !id.Contains('\0', StringComparison.Ordinal) && await store.RemoveAsync(transaction, id, agent.ClientId ?? "administrator", cancellationToken) is { } removed
                ? AgentView.Of(removed)
                : CommonProblems.NotFound.With($"There is no trusted agent '{id}'.", remedy: new Remedy("List the agents.", "/v1/bot-detection/agents")), cancellationToken);
        if (outcome.Succeeded)
        {
            trail.Add(new AuditEntry("trusted_agent.remove", agent.ClientId, agent.OnBehalfOf, null, new { id, outcome.Value.Agent }));
            await store.WhenChangedAsync(cancellationToken);
        }
        return outcome;
    }
}
