using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Webhooks;

/// <summary>An endpoint gets a new secret; the old one signs beside it for a while, so that nothing is refused on either side.</summary>
public static class RotateSecret
{
    private const int DefaultOverlapSeconds = 24 * 3600;
    private const int MostOverlapSeconds = 30 * 24 * 3600;

    /// <param name="OverlapSeconds">Seconds that the old secret signs, too: 0 to 2,592,000 (30 days), 86,400 (a day) when null.</param>
    public sealed record Request(int? OverlapSeconds = null);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.OverlapSeconds).InclusiveBetween(0, MostOverlapSeconds).WithMessage($"'overlap_seconds' is 0 to {MostOverlapSeconds}.");
    }

    internal static void Map(RouteGroupBuilder endpoints) => endpoints
        .MapPost("/{id}/secret:rotate", HandleAsync).WithName("rotateWebhookSecret").CanDryRun().Validate<Request>().RequireScope(Scopes.OrdersRead)
        .WithSummary("Rotate the secret of a webhook endpoint")
        .WithDescription("The answer holds the new secret, this once. During the overlap every delivery carries a signature of each; at most two secrets live, so a rotation within an overlap ends the oldest at once. For the endpoint's owner alone.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<WebhookEndpoint>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, IServiceProvider services, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, writes, services.GetRequiredService<WebhookSecrets>(), clock, cancellationToken)).ToHttp();

    internal static Task<Outcome<WebhookEndpoint>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, WebhookSecrets secrets, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync(new WriteAttempt(agent, $"webhook_endpoints/{id}/secret:rotate", idempotencyKey, request), async Task<Outcome<WebhookEndpoint>> (transaction) =>
        {
            if (await EndpointRow.FindAsync(transaction.Connection!, transaction, id, agent, cancellationToken, EndpointOwner.Owns) is not { } row)
            {
                return EndpointRow.NotFound(id);
            }
            var now = clock.GetUtcNow();
            var until = now.AddSeconds(request.OverlapSeconds ?? DefaultOverlapSeconds);
            var (told, kept) = secrets.New();
            row = await transaction.Connection!.QuerySingleAsync<EndpointRow>(new CommandDefinition($"""
                update webhooks.endpoints set old_secret = secret, old_secret_until = @until, secret = @kept where id = @Id returning {EndpointRow.Columns}
                """, new { row.Id, until, kept }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, row.Id, WebhooksModule.ActorOf(agent), now, new WebhookSecretRotated(row.ClientId, row.GrantId, until), cancellationToken);
            return row.ToEndpoint(now) with { Secret = told };
        }, cancellationToken, WebhookEndpoint.WithoutSecret);
}
