using CustobotGateway.Common;
using CustobotGateway.Identity;

namespace CustobotGateway.Checkout;

/// <summary>Notes in the audit trail what the attempt to buy came to, whichever door it came through.</summary>
internal static class PurchaseAudit
{
    public static void Note(AuditTrail audit, HttpContext context, AgentPrincipal agent, string session, Outcome<CompleteCheckoutSession.Completion> outcome) =>
        audit.Add(context, new AuditEntry("purchase", agent.ClientId, agent.OnBehalfOf, outcome.Problem?.Type.Code,
            new { agent.GrantId, session, reason = outcome.Problem?.Detail, approval = outcome.Succeeded ? outcome.Value.Waiting?.Id : null }));
}
