using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using Npgsql;

namespace CustobotGateway.Checkout.Cases;

/// <summary>A write on one case: who may is asked, the case's row is held, and a closed one is refused.</summary>
internal static class CaseWrite
{
    /// <summary>Runs it.</summary>
    public static Task<Outcome<Case>> RunAsync(
        string id, string step, object request, string? idempotencyKey, AgentPrincipal agent, OrderContext orders, Func<NpgsqlTransaction, StoredCase, Task<Outcome<Case>>> write,
        CancellationToken cancellationToken) =>
        orders.Writes.RunAsync<Case>(new WriteAttempt(agent, $"cases/{id}/{step}", idempotencyKey, request), async transaction =>
            await StoredCase.FindAsync(transaction.Connection!, transaction, id, OrderAccess.VoiceOf(agent), forUpdate: true, cancellationToken) is not { } stored ? GetCase.Unknown(id)
            : stored.Case.State == CaseState.Closed ? OrderProblems.CaseClosed.With("The case is closed.", remedy: new("Open another case.", $"/v1/orders/{stored.Case.OrderId}/cases"))
            : await write(transaction, stored), cancellationToken);
}
