using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Webhooks.Sending;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Webhooks;

/// <summary>What was sent is sent again: one delivery, or all dead letters since a time. It keeps its id, by which a receiver knows what it has seen.</summary>
public static class RedeliverMessages
{
    /// <summary>The most dead letters that one request sends again.</summary>
    public const int MostAtOnce = 10_000;

    /// <param name="Since">Dead letters from then on are sent again, at most 10,000 at a time, the oldest first.</param>
    public sealed record Request(DateTimeOffset Since);

    /// <summary>What is on its way again.</summary>
    /// <param name="Redelivered">How many dead letters.</param>
    /// <param name="More">Whether there are more: ask again.</param>
    public sealed record Response(int Redelivered, bool More);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.Since).Must(since => since > DateTimeOffset.UnixEpoch).WithErrorCode("out_of_range").WithMessage("'since' is a time after 1970.");
    }

    internal static void Map(RouteGroupBuilder endpoints)
    {
        endpoints.MapPost("/{id}/deliveries/{delivery}:redeliver", HandleOneAsync).WithName("redeliverWebhook").CanDryRun().RequireScope(Scopes.OrdersRead)
            .WithSummary("Send a delivery again")
            .WithDescription("Whether it arrived or not; a pending one is tried at once. It keeps its id and comes before what is pending of its subject.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
        endpoints.MapPost("/{id}/deliveries:redeliver", HandleAsync).WithName("redeliverWebhooks").CanDryRun().Validate<Request>().RequireScope(Scopes.OrdersRead)
            .WithSummary("Send dead letters again")
            .WithDescription("All dead letters since a time, the oldest first, at most 10,000 at a time; `more` says whether there are more. They keep their ids.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Ok<WebhookDelivery>, ProblemHttpResult>> HandleOneAsync(
        string id, string delivery, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, IServiceProvider services, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunOneAsync(id, delivery, idempotencyKey, agent, writes, services.GetRequiredService<DeliverySignal>(), clock, cancellationToken)).ToHttp();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, IServiceProvider services, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, writes, services.GetRequiredService<DeliverySignal>(), clock, cancellationToken)).ToHttp();

    internal static async Task<Outcome<WebhookDelivery>> RunOneAsync(
        string id, string delivery, string? idempotencyKey, AgentPrincipal agent, Writes writes, DeliverySignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<WebhookDelivery>(new WriteAttempt(agent, $"webhook_endpoints/{id}/deliveries/{delivery}:redeliver", idempotencyKey, delivery), async transaction =>
        {
            var connection = transaction.Connection!;
            if (await EndpointRow.FindAsync(connection, transaction, id, agent, cancellationToken) is not { } endpoint)
            {
                return EndpointRow.NotFound(id);
            }
            if (await ListDeliveries.FindAsync(connection, transaction, endpoint.Id, delivery, cancellationToken) is not { } found)
            {
                return ListDeliveries.NotFound(delivery);
            }
            if (!endpoint.Enabled)
            {
                return Disabled(id);
            }
            await DeliveryQueue.AddAsync(transaction, [(endpoint.Id, found.Stream)], clock.GetUtcNow(), cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                "update webhooks.deliveries set state = 'pending', attempts = 0, delivered_at = null where number = @Number and state <> 'pending'", new { found.Number }, transaction, cancellationToken: cancellationToken));
            return (await ListDeliveries.FindAsync(connection, transaction, endpoint.Id, delivery, cancellationToken))!.ToDelivery(withPayload: true);
        }, cancellationToken);
        signal.Wake();
        return outcome;
    }

    internal static async Task<Outcome<Response>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, DeliverySignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<Response>(new WriteAttempt(agent, $"webhook_endpoints/{id}/deliveries:redeliver", idempotencyKey, request), async transaction =>
        {
            var connection = transaction.Connection!;
            if (await EndpointRow.FindAsync(connection, transaction, id, agent, cancellationToken) is not { } endpoint)
            {
                return EndpointRow.NotFound(id);
            }
            if (!endpoint.Enabled)
            {
                return Disabled(id);
            }
            var dead = (await connection.QueryAsync<(long Number, string Stream)>(new CommandDefinition(
                $"select number, stream from webhooks.deliveries where endpoint_id = @Id and state = 'dead_letter' and created_at >= @Since order by number limit {MostAtOnce + 1}",
                new { endpoint.Id, request.Since }, transaction, cancellationToken: cancellationToken))).AsList();
            var chosen = dead.Take(MostAtOnce).ToList();
            await DeliveryQueue.AddAsync(transaction, chosen.Select(one => (endpoint.Id, one.Stream)), clock.GetUtcNow(), cancellationToken);
            var count = await connection.ExecuteAsync(new CommandDefinition(
                "update webhooks.deliveries set state = 'pending', attempts = 0 where number = any(@numbers) and state = 'dead_letter'",
                new { numbers = chosen.Select(one => one.Number).ToArray() }, transaction, cancellationToken: cancellationToken));
            return new Response(count, dead.Count > MostAtOnce);
        }, cancellationToken);
        signal.Wake();
        return outcome;
    }

    internal static Problem Disabled(string id) => WebhookProblems.EndpointDisabled.With("Nothing is sent to this endpoint. Enable it, then repeat the request.", remedy: new Remedy("PATCH {\"disabled\": false}.", "/v1/webhook_endpoints/" + id));
}
