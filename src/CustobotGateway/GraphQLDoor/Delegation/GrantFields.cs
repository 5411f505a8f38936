using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Preferences;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Operations;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.TestMode;

namespace CustobotGateway.GraphQLDoor.Delegation;

/// <summary>What people delegated: REST's operations with REST's rules. What REST refuses is refused here in the same words.</summary>
internal static class GrantFields
{
    public static OperationFields Add(OperationFields fields) => fields
        .Described("listGrants", isMutation: false, ListGrants.RunAsync)
        .Described("getGrant", isMutation: false, GetGrant.RunAsync)
        .Described("listApprovals", isMutation: false, ListApprovals.RunAsync)
        .Described("getApproval", isMutation: false, GetApproval.RunAsync)
        .Described("pauseGrant", isMutation: true, PauseGrant.RunAsync)
        .Described("resumeGrant", isMutation: true, ResumeGrant.RunAsync)
        .Described("revokeGrant", isMutation: true, RevokeGrant.RunAsync)
        .Described("setPreferences", isMutation: true, PreferAsync)
        .Described("approvePurchase", isMutation: true, (string id, string? idempotencyKey, GrantContext grants, GrantActor actor, CancellationToken cancellationToken) =>
            DecideApproval.RunAsync(grants, actor, id, ApprovalDecision.Approve, cancellationToken, idempotencyKey))
        .Described("denyPurchase", isMutation: true, (string id, string? idempotencyKey, GrantContext grants, GrantActor actor, CancellationToken cancellationToken) =>
            DecideApproval.RunAsync(grants, actor, id, ApprovalDecision.Deny, cancellationToken, idempotencyKey))
        .Query("previewRevocation", PreviewRevocation.RunAsync)
        .Mutation("issueGrant", IssueGrant.RunAsync)
        .Mutation("issueTestGrant", IssueTestGrant.RunAsync)
        .Mutation("advanceTestClock", AdvanceTestClock.RunAsync)
        .Mutation("approveTestPurchase", (string id, string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
            DecideTestApproval.RunAsync(id, ApprovalDecision.Approve, idempotencyKey, agent, grants, cancellationToken), typeof(DecideTestApproval))
        .Mutation("denyTestPurchase", (string id, string? idempotencyKey, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
            DecideTestApproval.RunAsync(id, ApprovalDecision.Deny, idempotencyKey, agent, grants, cancellationToken), typeof(DecideTestApproval));

    public static void Bind(Resolvers resolvers) => resolvers.FieldAsync("Grant", "remaining", RemainingAsync);

    // The answer is the grant, whose field the preferences are.
    private static async Task<Outcome<GrantView>> PreferAsync(string id, BuyingPreferences preferences, string? idempotencyKey, GrantContext grants, GrantActor actor, CancellationToken cancellationToken)
    {
        var outcome = await SetPreferences.RunAsync(grants, actor, id, preferences, cancellationToken, idempotencyKey);
        return outcome.Succeeded ? await GetGrant.RunAsync(grants, actor, id, cancellationToken) : FieldPointers.Under("/preferences", outcome.Problem!);
    }

    // Of a grant that has no budget, such as one that only reads, there is none left.
    private static async ValueTask<FieldValue> RemainingAsync(ResolverContext context, object? parent, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var id = ((JsonElement)parent!).GetProperty("id").GetString()!;
        var remaining = await DatabaseReads.RunAsync(() => GetRemaining.RunAsync(request.Services.Grants, GrantActor.Of(request.Agent), id, context.CancellationToken));
        return remaining.Succeeded ? FieldValue.Json(JsonSerializer.SerializeToUtf8Bytes(remaining.Value, Json.Options)) : FieldValue.Null;
    }
}
