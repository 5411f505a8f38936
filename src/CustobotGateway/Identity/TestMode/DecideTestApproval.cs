using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Delegation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.TestMode;

/// <summary>A test client says what the person would say to a purchase that waits.</summary>
public static class DecideTestApproval
{
    internal static void Map(RouteGroupBuilder test)
    {
        test.MapPost("/approvals/{id}/approve", ApproveAsync).WithName("approveTestPurchase").CanDryRun().RequireScope(Scopes.CatalogRead)
            .WithSummary("Approve a test purchase")
            .WithDescription("For test clients, about purchases under their own grants: as if the person had approved.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
        test.MapPost("/approvals/{id}/deny", DenyAsync).WithName("denyTestPurchase").CanDryRun().RequireScope(Scopes.CatalogRead)
            .WithSummary("Refuse a test purchase")
            .WithDescription("For test clients, about purchases under their own grants: as if the person had refused.")
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Ok<Approval>, ProblemHttpResult>> ApproveAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(id, ApprovalDecision.Approve, idempotencyKey, agent, grants, cancellationToken)).ToHttp();

    private static async Task<Results<Ok<Approval>, ProblemHttpResult>> DenyAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(id, ApprovalDecision.Deny, idempotencyKey, agent, grants, cancellationToken)).ToHttp();

    /// <summary>Decides.</summary>
    public static async Task<Outcome<Approval>> RunAsync(
        string id, ApprovalDecision decision, string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return TestModeProblems.RefusalOf(agent) is { } refusal
            ? (Outcome<Approval>)refusal
            : await DecideApproval.RunAsync(grants, new GrantActor.Tester(agent), id, decision, cancellationToken, idempotencyKey);
    }
}
