using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Delegation;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout;

/// <summary>Where a checkout session stands.</summary>
public static class GetCheckoutSession
{
    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapGet("/{id}", HandleAsync).WithName("getCheckoutSession").RequireScope(Scopes.Checkout)
        .WithSummary("Read a checkout session")
        .WithDescription("A session of the grant that asks. One that waits for the person's approval is ready_for_complete as soon as it was given.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<CheckoutSession>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, agent, database, clock, cancellationToken)).ToHttp();

    /// <summary>Reads the session.</summary>
    public static async Task<Outcome<CheckoutSession>> RunAsync(
        string id, AgentPrincipal agent, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(clock);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = agent.NowBy(clock);
        if (await SessionRow.FindAsync(connection, id, agent, cancellationToken) is not { } row)
        {
            return CommonProblems.NotFound.With($"There is no checkout session {id} of yours.");
        }
        if (row.ToSession(now).Status != SessionStatus.RequiresEscalation || row.EscalationOf()?.ApprovalId is not { } approvalId)
        {
            return row.ToSession(now);
        }
        // What the person has said since is told here: nothing writes it into the session before it is completed.
        return await Approvals.StateOfAsync(connection, approvalId, now, cancellationToken) switch
        {
            ApprovalState.Approved => (row with { Status = "ready_for_complete" }).ToSession(now),
            ApprovalState.Denied => Refused(row.ToSession(now), approvalId),
            _ => row.ToSession(now),
        };
    }

    private static CheckoutSession Refused(CheckoutSession session, string approvalId) => session with
    {
        Messages =
        [
            new(MessageType.Error, "approval_denied", "The person refused this purchase.", null, MessageSeverity.Recoverable,
                new Remedy("Change what is bought and ask again, or cancel the session.", "/v1/approvals/" + approvalId)),
            .. session.Messages.Where(message => message.Code != Escalation.ApprovalRequired),
        ],
        ContinueUrl = null,
    };
}
