using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Webhooks.Sending;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Webhooks;

/// <summary>An endpoint's owner, or the merchant, changes where to or what of, disables it, enables it again, or deletes it.</summary>
public static class ChangeEndpoint
{
    /// <param name="Url">Another address; null leaves it.</param>
    /// <param name="Events">Other events, all of them; null leaves them.</param>
    /// <param name="Description">Another description; null leaves it.</param>
    /// <param name="Disabled">True stops deliveries: what is pending goes to the dead letters, and what happens meanwhile is not told. False begins anew.</param>
    public sealed record Request(string? Url = null, IReadOnlyList<string>? Events = null, string? Description = null, bool? Disabled = null);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request).Must(request => request != new Request()).OverridePropertyName("").WithErrorCode("required").WithMessage("Say what is to change: 'url', 'events', 'description' or 'disabled'.");
            RuleFor(request => request.Url!).MaximumLength(CreateEndpoint.LongestUrl).Must(CreateEndpoint.Validator.IsAddress).When(request => request.Url is not null)
                .WithErrorCode("wrong_form").WithMessage("'url' is an absolute https address without user information and fragment.");
            RuleFor(request => request.Events!).Must(CreateEndpoint.Validator.HasForm).When(request => request.Events is not null)
                .WithErrorCode("wrong_length").WithMessage($"'events' holds 1 to {EventFilter.MostPatterns} patterns.");
            RuleFor(request => request.Description).MaximumLength(CreateEndpoint.LongestDescription);
        }
    }

    /// <summary>That an endpoint is deleted.</summary>
    /// <param name="Id">Which it was.</param>
    internal sealed record Deleted(string Id);

    internal static void Map(RouteGroupBuilder endpoints)
    {
        endpoints.MapPatch("/{id}", HandleAsync).WithName("changeWebhookEndpoint").CanDryRun().Validate<Request>().RequireScope(Scopes.OrdersRead)
            .WithSummary("Change a webhook endpoint")
            .WithDescription("Another address, other events, another description; `disabled` stops deliveries and begins them anew. What is left out stays.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
        endpoints.MapDelete("/{id}", HandleDeleteAsync).WithName("deleteWebhookEndpoint").CanDryRun().RequireScope(Scopes.OrdersRead)
            .WithSummary("Delete a webhook endpoint").WithDescription("With its log and all that is pending.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Ok<WebhookEndpoint>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, IServiceProvider services, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, writes, services.GetRequiredService<WebhookSender>(), clock, cancellationToken)).ToHttp();

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleDeleteAsync(
        string id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        await DeleteAsync(id, idempotencyKey, agent, writes, clock, cancellationToken) is { Succeeded: false } refused ? refused.Problem!.ToHttp() : TypedResults.NoContent();

    internal static Task<Outcome<WebhookEndpoint>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, WebhookSender sender, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync<WebhookEndpoint>(new WriteAttempt(agent, "webhook_endpoints/" + id, idempotencyKey, request), async transaction =>
        {
            // The name is resolved before the row is locked: deliveries want the row, too.
            if (request.Url is not null && await EndpointRow.FindAsync(transaction.Connection!, null, id, agent, cancellationToken) is not null
                && await sender.RefusalOfAsync(request.Url, cancellationToken) is { } refused)
            {
                return refused;
            }
            if (await EndpointRow.FindAsync(transaction.Connection!, transaction, id, agent, cancellationToken) is not { } row)
            {
                return EndpointRow.NotFound(id);
            }
            if (request.Events is not null && EventFilter.RefusalOf(request.Events, row.ClientId is null) is { } unknown)
            {
                return unknown;
            }
            var now = clock.GetUtcNow();
            if (request.Disabled == true && row.Enabled)
            {
                await DisableEndpoint.StopAsync(transaction, row.Id, DisabledReason.Asked, cancellationToken);
            }
            row = await transaction.Connection!.QuerySingleAsync<EndpointRow>(new CommandDefinition($"""
                update webhooks.endpoints set url = coalesce(@Url, url), events = coalesce(@events, events), description = coalesce(@Description, description)
                    {(request.Disabled == false ? ", enabled = true, disabled_reason = null, failing_since = null" : "")}
                where id = @Id returning {EndpointRow.Columns}
                """, new { row.Id, request.Url, events = request.Events?.ToArray(), request.Description }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, row.Id, WebhooksModule.ActorOf(agent), now, new WebhookEndpointSaved(row.ClientId, row.GrantId, row.Url, row.Events, !row.Enabled), cancellationToken);
            return row.ToEndpoint(now);
        }, cancellationToken);

    internal static Task<Outcome<Deleted>> DeleteAsync(
        string id, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync<Deleted>(new WriteAttempt(agent, $"webhook_endpoints/{id}:delete", idempotencyKey, id), async transaction =>
        {
            if (await EndpointRow.FindAsync(transaction.Connection!, transaction, id, agent, cancellationToken, locked: EndpointRow.ForDeletion) is not { } row)
            {
                return EndpointRow.NotFound(id);
            }
            await DeliveryQueue.LockAllAsync(transaction, row.Id, cancellationToken);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("delete from webhooks.endpoints where id = @Id", new { row.Id }, transaction, cancellationToken: cancellationToken));
            await EventLog.AppendAsync(transaction, row.Id, WebhooksModule.ActorOf(agent), clock.GetUtcNow(), new WebhookEndpointDeleted(row.ClientId, row.GrantId), cancellationToken);
            return new Deleted(row.Id);
        }, cancellationToken);
}
