using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout;

/// <summary>The agent gives up a purchase.</summary>
public static class CancelCheckoutSession
{
    internal static void Map(RouteGroupBuilder sessions) => sessions
        .MapPost("/{id}/cancel", HandleAsync).WithName("cancelCheckoutSession").CanDryRun().RequireScope(Scopes.Checkout)
        .WithSummary("Cancel a checkout session")
        .WithDescription("Ends it without a purchase: budget that was held for it is free, and what a person was asked about it is void. A session that is being paid, or has become an order, is refused: an order is canceled by its own operation.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<CheckoutSession>, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, idempotencyKey, agent, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Cancels the session.</summary>
    public static Task<Outcome<CheckoutSession>> RunAsync(
        string id, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<CheckoutSession>(new WriteAttempt(agent, $"checkout_sessions/{id}/cancel", idempotencyKey, id), async transaction =>
        {
            var now = agent.NowBy(clock);
            if (await SessionRow.LockAsync(transaction, id, agent, cancellationToken) is not { } row)
            {
                return CommonProblems.NotFound.With($"There is no checkout session {id} of yours.");
            }
            if (SessionRefusals.OfClosed(row.ToSession(now), now) is { } closed)
            {
                return closed;
            }
            await SessionEnding.EndAsync(transaction, id, row.GrantId, agent.ClientId ?? SessionEnding.Gateway, new CheckoutCanceled(row.ClientId ?? "", row.GrantId, "agent"), now, cancellationToken);
            return (row with { Status = "canceled" }).ToSession(now);
        }, cancellationToken);
    }
}

/// <summary>Why a session cannot be changed any more.</summary>
internal static class SessionRefusals
{
    /// <summary>The refusal of a session that is over or being paid; null for one that is open.</summary>
    public static Problem? OfClosed(CheckoutSession session, DateTimeOffset now) => session.Status switch
    {
        SessionStatus.Completed => CheckoutProblems.SessionCompleted.With($"The session has become the order {session.Order!.Id}.", remedy: new("Read the order.", $"/v1/orders/{session.Order.Id}")),
        SessionStatus.CompleteInProgress => CheckoutProblems.PaymentInProgress.With("The session is being paid. Read it again after Retry-After: it is then an order, or can be changed.", retryAfterSeconds: 2),
        SessionStatus.Canceled when now >= session.ExpiresAt => CheckoutProblems.SessionExpired.With($"The session's prices held until {session.ExpiresAt:O}. Open another session."),
        SessionStatus.Canceled => CheckoutProblems.SessionCanceled.With("The session was canceled. Open another session."),
        _ => null,
    };
}
