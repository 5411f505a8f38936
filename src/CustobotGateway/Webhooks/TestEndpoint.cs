using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Webhooks.Sending;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Webhooks;

/// <summary>A first message, to see that the endpoint is there and verifies signatures.</summary>
public static class TestEndpoint
{
    /// <summary>The type of the message.</summary>
    public const string MessageType = "webhook.test";

    internal static void Map(RouteGroupBuilder endpoints) => endpoints
        .MapPost("/{id}:test", HandleAsync).WithName("testWebhookEndpoint").CanDryRun().RequireScope(Scopes.OrdersRead)
        .WithSummary("Test a webhook endpoint")
        .WithDescription("Sends a message of the type `webhook.test`, whatever the endpoint asked for. The answer names the delivery, whose attempts tell what came of it.")
        .Produces<WebhookDelivery>(202).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Accepted<WebhookDelivery>, ProblemHttpResult>> HandleAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, IServiceProvider services, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(id, idempotencyKey, agent, writes, services.GetRequiredService<DeliverySignal>(), clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Accepted($"/v1/webhook_endpoints/{id}/deliveries/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    internal static async Task<Outcome<WebhookDelivery>> RunAsync(
        string id, string? idempotencyKey, AgentPrincipal agent, Writes writes, DeliverySignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<WebhookDelivery>(new WriteAttempt(agent, $"webhook_endpoints/{id}:test", idempotencyKey, id), async transaction =>
        {
            var connection = transaction.Connection!;
            if (await EndpointRow.FindAsync(connection, transaction, id, agent, cancellationToken) is not { } endpoint)
            {
                return EndpointRow.NotFound(id);
            }
            if (!endpoint.Enabled)
            {
                return RedeliverMessages.Disabled(id);
            }
            var now = clock.GetUtcNow();
            // A subject of its own: it waits for nothing and holds nothing up.
            var subject = Ids.New("tst", now);
            var number = await connection.QuerySingleAsync<long>(new CommandDefinition(
                "insert into webhooks.deliveries (endpoint_id, stream, type, body, created_at) values (@Id, @subject, @MessageType, @body, @now) returning number",
                new { endpoint.Id, subject, MessageType, body = MessageBody.OfTest(MessageType, subject, now), now }, transaction, cancellationToken: cancellationToken));
            await DeliveryQueue.AddAsync(transaction, [(endpoint.Id, subject)], now, cancellationToken);
            return (await ListDeliveries.FindAsync(connection, transaction, endpoint.Id, Ids.FromNumber(DeliveryRow.Prefix, number), cancellationToken))!.ToDelivery(withPayload: true);
        }, cancellationToken);
        signal.Wake();
        return outcome;
    }
}
