using CustobotGateway.Common;
using CustobotGateway.Common.Events;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Webhooks.Sending;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace CustobotGateway.Webhooks;

/// <summary>A partner, an agent or the merchant says where it wants to be told of what.</summary>
public static class CreateEndpoint
{
    /// <summary>The most endpoints of one owner: a client, one grant of it, or the merchant.</summary>
    public const int MostEndpoints = 20;

    internal const int LongestUrl = 2_000;
    internal const int LongestDescription = 500;

    // One owner's endpoints are made one after another, so that a race makes no twenty-first.
    private const int OwnerLock = 0x574845;

    /// <param name="Url">The https address that is posted to, at most 2,000 characters.</param>
    /// <param name="Events">1 to 50 of <c>*</c>, families such as <c>order.*</c>, and types such as <c>return.decided</c>.</param>
    /// <param name="Description">What you call it, at most 500 characters.</param>
    public sealed record Request(string Url, IReadOnlyList<string> Events, string? Description = null);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.Url).MaximumLength(LongestUrl).Must(IsAddress).WithErrorCode("wrong_form").WithMessage("'url' is an absolute https address without user information and fragment.");
            RuleFor(request => request.Events).Must(HasForm).WithErrorCode("wrong_length").WithMessage($"'events' holds 1 to {EventFilter.MostPatterns} patterns.");
            RuleFor(request => request.Description).MaximumLength(LongestDescription);
        }

        public static bool IsAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && address.UserInfo.Length == 0 && address.Fragment.Length == 0;

        public static bool HasForm(IReadOnlyList<string> events) => events.Count is > 0 and <= EventFilter.MostPatterns && events.All(one => one is not null);
    }

    internal static void Map(RouteGroupBuilder endpoints) => endpoints
        .MapPost("/", HandleAsync).WithName("createWebhookEndpoint").CanDryRun().Validate<Request>().RequireScope(Scopes.OrdersRead)
        .WithSummary("Create a webhook endpoint")
        .WithDescription("From now on the events are posted to the address, signed as Standard Webhooks says. The answer holds the secret, this once. A client is told of its own orders, returns, cases, checkouts and payments, and under a grant of that grant's alone; the merchant of all. At most 20 endpoints.")
        .Produces<WebhookEndpoint>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<WebhookEndpoint>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, IServiceProvider services, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, writes, services.GetRequiredService<WebhookSender>(), services.GetRequiredService<WebhookSecrets>(), clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created($"/v1/webhook_endpoints/{outcome.Value.Id}", outcome.Value) : outcome.Problem!.ToHttp();
    }

    internal static Task<Outcome<WebhookEndpoint>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, WebhookSender sender, WebhookSecrets secrets, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync(new WriteAttempt(agent, "webhook_endpoints", idempotencyKey, request), async transaction =>
        {
            var owner = EndpointOwner.Of(agent);
            if (EventFilter.RefusalOf(request.Events, owner.IsMerchant) is { } unknown)
            {
                return unknown;
            }
            if (await CountAsync(transaction, owner, cancellationToken) >= MostEndpoints)
            {
                return WebhookProblems.TooManyEndpoints.With($"You have {MostEndpoints} webhook endpoints. Delete one, or let one take more kinds of events.", remedy: new Remedy("List your endpoints.", "/v1/webhook_endpoints"));
            }
            if (await sender.RefusalOfAsync(request.Url, cancellationToken) is { } refused)
            {
                return refused;
            }
            return await StoreAsync(request, owner, secrets, agent, clock.GetUtcNow(), transaction, cancellationToken);
        }, cancellationToken, WebhookEndpoint.WithoutSecret);

    private static async Task<int> CountAsync(NpgsqlTransaction transaction, EndpointOwner owner, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(@OwnerLock, hashtext(coalesce(@ClientId, '') || ' ' || coalesce(@GrantId, '')))", new { OwnerLock, owner.ClientId, owner.GrantId }, transaction, cancellationToken: cancellationToken));
        return await transaction.Connection!.QuerySingleAsync<int>(new CommandDefinition(
            "select count(*)::int from webhooks.endpoints where client_id is not distinct from @ClientId and grant_id is not distinct from @GrantId", new { owner.ClientId, owner.GrantId }, transaction, cancellationToken: cancellationToken));
    }

    private static async Task<Outcome<WebhookEndpoint>> StoreAsync(
        Request request, EndpointOwner owner, WebhookSecrets secrets, AgentPrincipal agent, DateTimeOffset now, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var (told, kept) = secrets.New();
        var id = Ids.New("whe", now);
        // Before the last position is read: an endpoint is not told of its own making.
        await EventLog.AppendAsync(transaction, id, WebhooksModule.ActorOf(agent), now, new WebhookEndpointSaved(owner.ClientId, owner.GrantId, request.Url, request.Events, false), cancellationToken);
        var row = await transaction.Connection!.QuerySingleAsync<EndpointRow>(new CommandDefinition($"""
            insert into webhooks.endpoints (id, client_id, grant_id, url, events, description, secret, since_position, created_at, is_test)
            values (@id, @ClientId, @GrantId, @Url, @events, @Description, @kept, @position, @now, @IsTest)
            returning {EndpointRow.Columns}
            """,
            new { id, owner.ClientId, owner.GrantId, owner.IsTest, request.Url, events = request.Events.ToArray(), request.Description, kept, position = await EventReader.LastPositionAsync(transaction.Connection!, cancellationToken), now },
            transaction, cancellationToken: cancellationToken));
        return row.ToEndpoint(now) with { Secret = told };
    }
}
