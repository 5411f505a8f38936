using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Whoever made a payment token takes it back before it is used.</summary>
public static class RevokePaymentToken
{
    internal static void Map(RouteGroupBuilder tokens) => tokens
        .MapDelete("/{id}", HandleAsync).WithName("revokePaymentToken").CanDryRun().RequireScope(Scopes.PaymentsDelegate)
        .WithSummary("Take a payment token back")
        .WithDescription("It pays nothing from then on, and what was kept of the means of payment is deleted. One that has paid, or is paying just now, is refused with 409.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);

    private static async Task<Results<Ok<PaymentToken>, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, idempotencyKey, agent, writes, clock, cancellationToken)).ToHttp();

    /// <summary>Revokes the token.</summary>
    public static Task<Outcome<PaymentToken>> RunAsync(
        string id, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(clock);
        return writes.RunAsync<PaymentToken>(new WriteAttempt(agent, "payment_tokens/" + id, idempotencyKey, id), async transaction =>
        {
            var (now, known) = (agent.NowBy(clock), id.Replace("\0", "", StringComparison.Ordinal));
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<PaymentTokenRow?>(new CommandDefinition($"""
                select {PaymentTokenRow.Columns} from checkout.payment_tokens
                where id = @known and (@IsAdministrator or (client_id = @ClientId and person is not distinct from @OnBehalfOf)) and is_test = @IsTest for update
                """, new { known, agent.IsAdministrator, agent.ClientId, agent.OnBehalfOf, agent.IsTest }, transaction, cancellationToken: cancellationToken));
            if (row is null)
            {
                return CommonProblems.NotFound.With($"There is no payment token {known} of yours.");
            }
            if (row.UsedBy is not null)
            {
                return PaymentProblems.PaymentTokenUsed.With("It has paid, or is paying just now. Ask for a refund of the order instead.");
            }
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "update checkout.payment_tokens set revoked_at = coalesce(revoked_at, @now), sealed = null where id = @known", new { known, now }, transaction, cancellationToken: cancellationToken));
            return (row with { RevokedAt = row.RevokedAt ?? now.UtcDateTime }).ToToken(now);
        }, cancellationToken);
    }
}
